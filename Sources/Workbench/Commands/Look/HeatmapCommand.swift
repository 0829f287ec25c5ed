import ExactText
import Faults
import Language
import Rendering
import Results
import Tensors
import Transformers

struct HeatmapCommand: BenchCommand {
  let name = "heatmap"
  let group = CommandGroup.look
  let summary =
    "draw a matrix as coloured cells, or the attention of heads; as HTML a page to look into all heads"
  let discussion = """
    `heatmap L2H3` shows the attention probabilities of head 3 of layer 2 for the current text: a row for each
    query token, a column for each key token. `heatmap L2.pattern` shows all heads of the layer side by side, `heatmap L*.pattern`
    or `L0-3H*` those of several layers. With a file the drawing is saved: `heatmap L*.pattern "heads.html"` is an interactive page on
    which you point at a token and see what each head reads from it, choose layers and heads, and with patterns=P see the paths of
    patterns of the same text beside them. The page needs no network.

    Any tensor of two dimensions can be drawn; of three it is one map for each index of the first, a vector is one row.
    A dimension as long as the text gets its tokens as labels. A sweep, scores, a lens, a flow, contributions and a trace are drawn as
    what they are over; of neurons, or others of which there are hundreds in one row, how many have which value, and the strongest.
    """
  let parameters: [Parameter] = [
    .required(
      "tensor", .drawable,
      "heads, a tensor of two or three dimensions, a sweep, scores, a lens, a flow, contributions or a trace"),
    .optional("file", .path, "an .svg or .html file; left out: the drawing is the result"),
    .option(
      "of", .word(SweepResult.Measure.allCases.map(\.rawValue)), "what of a sweep is drawn; default delta_qoi"
    ),
    .option("patterns", .any, "of several heads: patterns of the current text, for the page"),
  ]
  let example = #"""
    load "demo"
    text "paris [MASK] the capital of france ."
    heatmap L2H3
    heatmap L2.pattern[3]
    heatmap L2.pattern
    heatmap L*.pattern "heads.html"
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let argument = arguments["tensor"] else { return .null }
    let figure = try figure(of: argument, arguments, bench)
    guard let path = arguments.string("file") else { return .figure(figure) }
    try FileFormats.save(.figure(figure), name: name, to: path)
    bench.session.note("saved \(path)")
    return .null
  }

  private func figure(
    of argument: Arguments.Bound, _ arguments: Arguments, _ bench: Bench
  ) throws -> Figure {
    if case .object(let object as SweepResult) = argument.value {
      try refusePatterns(arguments)
      let measure = arguments.string("of").flatMap(SweepResult.Measure.init(rawValue:)) ?? .meanDifference
      return try object.figure(of: measure)
    }
    try arguments.refuse("of", because: "only a sweep has several measures")
    let heads = heads(argument.value)
    if heads.count > 1 { return .heatmaps(try attention(heads, argument, arguments, bench)) }
    try refusePatterns(arguments)
    if case .object(let object as DrawnResult) = argument.value { return try object.figure }
    if let node = heads.first ?? readingHead(argument.value) { return try attention(node, argument, bench) }
    return try figure(of: bench.tensor(argument, verb: name), argument, bench)
  }

  private func refusePatterns(_ arguments: Arguments) throws {
    try arguments.refuse("patterns", because: "patterns stand beside the attention of several heads")
  }

  // MARK: Attention

  /// All nodes, where they are heads at all positions; else none.
  private func heads(_ value: Value) -> [Node] {
    guard case .object(let set as NodeSet) = value else { return [] }
    return set.nodes.allSatisfy { $0.head != nil && $0.position == nil } ? set.nodes : []
  }

  /// A head at one position.
  private func readingHead(_ value: Value) -> Node? {
    guard case .object(let set as NodeSet) = value, set.nodes.count == 1, set.nodes[0].head != nil else {
      return nil
    }
    return set.nodes[0]
  }

  private func attention(_ node: Node, _ argument: Arguments.Bound, _ bench: Bench) throws -> Figure {
    guard let head = node.head else { preconditionFailure("\(node.name) is no head") }
    let rows = try bench.session.locating(argument.span) {
      try bench.checkStill(node)
      let pattern = try bench.activation(Site(.pattern, layer: head.layer))[head.number]
      return node.position.map { pattern[$0].reshaped([1, pattern.shape[1]]) } ?? pattern
    }
    let tokens = try currentTokens(bench)
    return .heatmap(
      Heatmap(
        title: node.name, rowAxis: "query", columnAxis: "key",
        rowLabels: node.position.map { [tokens[$0]] } ?? tokens, columnLabels: tokens, values: rows))
  }

  private func attention(
    _ nodes: [Node], _ argument: Arguments.Bound, _ arguments: Arguments, _ bench: Bench
  ) throws -> HeatmapGrid {
    let heads = nodes.compactMap(\.head)
    let patterns = try bench.session.locating(argument.span) {
      try nodes.forEach(bench.checkStill)
      return try bench.patterns(ofLayers: Set(heads.map(\.layer)).sorted(), at: argument.span)
    }
    let text = try bench.currentText(bench.requireModel())
    let size = text.count * text.count
    let values = try Tensor(shape: [heads.count, text.count, text.count]) { (target) throws in
      for (index, head) in heads.enumerated() {
        guard let pattern = patterns[head.layer] else {
          preconditionFailure("layer \(head.layer) was not read")
        }
        try bench.session.checkInterruption()
        pattern.withUnsafeBufferPointer { source in
          for cell in 0..<size { target[index * size + cell] = source[head.number * size + cell] }
        }
      }
    }
    let attention = HeatmapGrid.Attention(
      heads: heads, focus: try? text.target(position: nil), patterns: try plot(arguments, text))
    return HeatmapGrid(
      title: "attention \(argument.span.text)", attention: attention, tokens: text.encoding.tokens,
      values: values, hint: Self.hint(heads[0], argument.span.text))
  }

  private static func hint(_ head: HeatmapGrid.Head, _ text: String) -> String {
    "`heatmap \(head.name)` draws one head, `heatmap \(text) \"heads.html\"` makes a page to look into them"
  }

  /// The patterns that stand beside the attention.
  private func plot(_ arguments: Arguments, _ text: EncodedText) throws -> PatternPlot? {
    guard let argument = arguments["patterns"] else { return nil }
    guard case .object(let set as PatternSet) = argument.value else {
      throw ValueFault.wrongType(
        expected: "patterns", found: argument.value.typeName, what: "`patterns`"
      ).located(argument.span)
    }
    guard set.sentences.count == 1, set.sentences[0].tokens == text.encoding.tokens else {
      throw PatternFault.otherText.located(argument.span)
    }
    return try PatternDrawing(set, threshold: PatternDrawing.standardThreshold).plot
  }

  // MARK: Other tensors

  /// More maps side by side nobody looks at.
  private static let mostMaps = 1024

  private func figure(of tensor: Tensor, _ argument: Arguments.Bound, _ bench: Bench) throws -> Figure {
    let (title, shape) = (argument.span.text, tensor.shape)
    guard 1...3 ~= tensor.rank, tensor.count > 0, tensor.rank < 3 || shape[0] <= Self.mostMaps else {
      throw NodeFault.notAMatrix(name: title, shape: shape).located(argument.span)
    }
    let tokens = try currentTokens(bench)
    func axis(_ dimension: Int, _ name: String) -> (name: String, labels: [String]) {
      let count = dimension < 0 ? 1 : shape[dimension]
      return count == tokens.count ? ("position", tokens) : (name, (0..<count).map(String.init))
    }
    let (rows, columns) = (axis(tensor.rank - 2, "row"), axis(tensor.rank - 1, "column"))
    guard tensor.rank == 3 else {
      return .heatmap(
        Heatmap(
          title: title, rowAxis: rows.name, columnAxis: columns.name, rowLabels: rows.labels,
          columnLabels: columns.labels, values: tensor.reshaped([rows.labels.count, columns.labels.count])))
    }
    return .heatmaps(
      HeatmapGrid(
        title: title, panelLabels: (0..<shape[0]).map { "[\($0)]" }, rowAxis: rows.name,
        columnAxis: columns.name,
        rowLabels: rows.labels, columnLabels: columns.labels, values: tensor,
        hint: "`heatmap \(title)[0]` draws one of them"))
  }

  private func currentTokens(_ bench: Bench) throws -> [String] {
    guard bench.state.text != nil, let model = bench.model else { return [] }
    return try bench.currentText(model).encoding.tokens
  }
}

extension Node {
  /// Of a head's context.
  fileprivate var head: HeatmapGrid.Head? {
    guard let layer, case .head(let number) = component else { return nil }
    return HeatmapGrid.Head(layer: layer, number: number)
  }
}
