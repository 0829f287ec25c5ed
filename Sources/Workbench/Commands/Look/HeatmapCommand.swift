import Transformers
import Language
import Results
import Tensors

struct HeatmapCommand: BenchCommand {
  let name = "heatmap"
  let group = CommandGroup.look
  let summary = "draw a matrix as coloured cells; a head draws its attention"
  let discussion = """
    `heatmap L2H3` shows the attention probabilities of head 3 of layer 2 for the current text: a row for each
    query token, a column for each key token. Any tensor with two dimensions can be drawn; a vector is one row.
    A dimension as long as the text gets its tokens as labels. A sweep, scores, a lens, contributions and a trace are drawn as
    what they are over.
    """
  let parameters: [Parameter] = [
    .required(
      "tensor", .drawable, "a head, a tensor of two dimensions, a sweep, scores, a lens, contributions or a trace"),
    .option(
      "of", .word(SweepResult.Measure.allCases.map(\.rawValue)), "what of a sweep is drawn; default delta_qoi"
    ),
  ]
  let example = #"""
    load "demo"
    text "paris [MASK] the capital of france ."
    heatmap L2H3
    heatmap L2.pattern[3]
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let argument = arguments["tensor"] else { return .null }
    if case .object(let object) = argument.value, let sweep = object as? SweepResult {
      let measure = arguments.string("of").flatMap(SweepResult.Measure.init(rawValue:)) ?? .meanDifference
      return .figure(.heatmap(sweep.heatmap(of: measure)))
    }
    if case .object(let object) = argument.value, let result = object as? DrawnResult {
      try arguments.refuse("of", because: "only a sweep has several measures")
      return .figure(.heatmap(result.heatmap))
    }
    if let of = arguments["of"] {
      throw CallFault.ignoredOption("of", reason: "only a sweep has several measures").located(of.span)
    }
    if let node = singleNode(argument.value), let layer = node.layer, case .head(let head) = node.component {
      let rows = try bench.session.locating(argument.span) {
        try bench.checkStill(node)
        let pattern = try bench.activation(Site(.pattern, layer: layer))[head]
        return node.position.map { pattern[$0].reshaped([1, pattern.shape[1]]) } ?? pattern
      }
      return try figure(rows, title: node.name, isAttention: true, query: node.position, bench)
    }
    let tensor = try bench.tensor(argument, verb: name)
    let matrix = tensor.rank == 1 ? tensor.reshaped([1, tensor.count]) : tensor
    guard matrix.rank == 2, matrix.count > 0 else {
      throw NodeFault.notAMatrix(name: argument.span.text, shape: tensor.shape).located(argument.span)
    }
    return try figure(matrix, title: argument.span.text, isAttention: false, query: nil, bench)
  }

  private func singleNode(_ value: Value) -> Node? {
    guard case .object(let object) = value, let set = object as? NodeSet, set.nodes.count == 1 else {
      return nil
    }
    return set.nodes[0]
  }

  private func figure(
    _ matrix: Tensor, title: String, isAttention: Bool, query: Int?, _ bench: Bench
  ) throws -> Value {
    let tokens = try currentTokens(bench)
    func labels(_ count: Int) -> [String] {
      count == tokens.count ? tokens : (0..<count).map(String.init)
    }
    let rows = query.map { [tokens[$0]] } ?? labels(matrix.shape[0])
    return .figure(
      .heatmap(
        Heatmap(
          title: title, rowAxis: isAttention ? "query" : "row", columnAxis: isAttention ? "key" : "column",
          rowLabels: rows, columnLabels: labels(matrix.shape[1]), values: matrix)))
  }

  private func currentTokens(_ bench: Bench) throws -> [String] {
    guard bench.state.text != nil, let model = bench.model else { return [] }
    return try bench.currentText(model).encoding.tokens
  }
}
