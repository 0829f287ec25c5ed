import ExactText
import Transformers
import Language
import Results
import Scripting

/// Which nodes the arguments of `sweep` ask for.
struct SweepArguments {
  let call: InterventionArguments

  private var arguments: Arguments { call.arguments }
  private var model: LoadedModel { call.model }
  private var bench: Bench { call.bench }

  /// What is asked for; some of it becomes nodes only with the sentences.
  enum Choice {
    case nodes(SweepTargets)
    /// Every sentence must have their positions.
    case named([Node])
    case positions(layers: [Int])
    /// All edges of some layers, and how they are cut.
    case attention(layers: [Int], AttentionCut.Mode)
    case namedEdges([AttentionEdgeSet], AttentionCut.Mode)
  }

  /// Everything that can be wrong without the sentences is found here.
  func choice() throws -> Choice {
    let kind = SweepTargets.Kind(rawValue: arguments.string("kind") ?? "") ?? .heads
    try refuseOthers(kind)
    if kind != .attentionEdges, arguments.string("by") == "mask" {
      throw SweepFault.maskOfNodes.located(arguments.span(of: "by"))
    }
    switch kind {
    case .heads: return try some(.heads(layers: layers(), model.configuration))
    case .mlps: return try some(.feedForwards(layers: layers()))
    case .layers: return try some(.outputs(layers: layers()))
    case .neurons: return try some(.neurons(layer: layer(), model.configuration))
    case .queries: return try some(.queries(layers: layers(), model.configuration))
    case .keys: return try some(.keys(layers: layers(), model.configuration))
    case .values: return try some(.values(layers: layers(), model.configuration))
    case .nodes: return .named(try nodes())
    case .positions: return .positions(layers: try layers())
    case .edges:
      guard ["counterfactual", "baseline"].contains(arguments.string("by") ?? "") else {
        throw SweepFault.edgesBy.located(arguments.span(of: "by"))
      }
      return .nodes(.edges(try EdgeSpace(model.configuration)))
    case .attentionEdges: return try attention()
    }
  }

  private func some(_ targets: SweepTargets) throws -> Choice {
    guard !targets.targets.isEmpty else {
      throw SweepFault.noTargets("there is nothing to sweep over").located(arguments.span)
    }
    return .nodes(targets)
  }

  func targets(_ choice: Choice, _ task: MeasuredTask) throws -> SweepTargets {
    let texts = task.texts(of: 0..<task.count)
    switch choice {
    case .nodes(let targets): return targets
    case .named(let nodes): return .nodes(try check(nodes, texts, task))
    case .positions(let layers): return try positions(layers, texts, task)
    case .attention(let layers, let mode):
      let c = model.configuration
      let all = AttentionEdgeSet(
        groups: [.init(layers: layers, heads: Array(0..<c.heads), readers: .all, reads: .all)],
        configuration: c, length: nil)
      return try attention([all], mode, texts, task, option: "on")
    case .namedEdges(let sets, let mode): return try attention(sets, mode, texts, task, option: "edges")
    }
  }

  private func attention() throws -> Choice {
    let by = arguments.string("by") ?? "zero"
    guard let mode = AttentionCut.Mode(rawValue: by) else {
      throw SweepFault.cutBy(by).located(arguments.span(of: "by"))
    }
    if !arguments.isComputed("by") {
      try arguments.refuse("per", "seed", "direction", because: "a cut edge takes no values")
    }
    guard arguments["edges"] != nil else { return .attention(layers: try layers(), mode) }
    try arguments.refuse("layers", because: "edges= says which")
    let sets = arguments.all("edges").flatMap { edgeSets($0.value) }
    guard !sets.isEmpty, sets.allSatisfy({ $0.fits(model.configuration) }) else {
      throw SweepFault.noTargets("edges= takes attention edges of this model, e.g. edges=L3H*@7<-2")
        .located(arguments.span(of: "edges"))
    }
    return .namedEdges(sets, mode)
  }

  private func edgeSets(_ value: Value) -> [AttentionEdgeSet] {
    switch value {
    case .object(let set as AttentionEdgeSet): [set]
    case .list(let elements): elements.flatMap(edgeSets)
    default: []
    }
  }

  /// Those of texts of one length, or with positions that every text has; without those that are all that a reader reads, where
  /// they are masked.
  private func attention(
    _ sets: [AttentionEdgeSet], _ mode: AttentionCut.Mode, _ texts: [EncodedText], _ task: MeasuredTask,
    option: String
  ) throws -> SweepTargets {
    let lengths = texts.map(\.count)
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    if sets.contains(where: \.hasAllPositions), shortest != longest {
      throw InterventionFault.unequalLengths(
        for: .positions, task: task.task.name, shortest: shortest, longest: longest
      ).located(arguments.span(of: option))
    }
    if let set = sets.first(where: { ($0.largestPosition ?? 0) >= shortest }) {
      throw InterventionFault.rowTooShort(task: task.task.name, node: set.name, shortest: shortest)
        .located(arguments.span(of: option))
    }
    let blocks = model.configuration.blocks
    var seen: Set<AttentionEdge> = []
    let edges = try sets.flatMap { try $0.edges(length: shortest) }.filter { edge in
      seen.insert(edge).inserted
        && (mode == .zero || blocks.mask(edge.layer).keys(of: edge.reader, length: shortest).count > 1)
    }
    guard !edges.isEmpty else {
      throw SweepFault.noTargets("there is nothing to sweep over").located(arguments.span)
    }
    return try .attention(edges, texts: texts)
  }

  private func refuseOthers(_ kind: SweepTargets.Kind) throws {
    let others: [(option: String, isTaken: Bool, reason: String)] = [
      (
        "layers", ![.neurons, .nodes, .edges].contains(kind), "the kind `\(kind.rawValue)` says which nodes"
      ),
      ("layer", kind == .neurons, "it is for neurons"),
      ("nodes", kind == .nodes, "it is for the kind `nodes`"),
      ("edges", kind == .attentionEdges, "it is for the kind `attention_edges`"),
    ]
    for (option, isTaken, reason) in others where !isTaken {
      try arguments.refuse(option, because: reason)
    }
  }

  private func layers() throws -> [Int] {
    let count = model.configuration.layers
    guard let argument = arguments["layers"] else { return Array(0..<count) }
    let numbers = try bench.layerNumbers(argument)
    for number in numbers { try check(number, argument.span) }
    return Set(numbers).sorted()
  }

  private func layer() throws -> Int {
    guard let layer = arguments.integer("layer") else {
      throw SweepFault.noTargets("neurons are taken a layer at a time: add layer=N").located(arguments.span)
    }
    try check(layer, arguments.span(of: "layer"))
    return layer
  }

  private func check(_ layer: Int, _ span: Span) throws {
    do { try PlaceBounds(model.configuration).check(.layer, layer) } catch {
      throw error.named(of: model).located(span)
    }
  }

  /// The nodes asked for, each once.
  private func nodes() throws -> [Node] {
    guard arguments["nodes"] != nil else {
      throw SweepFault.noTargets("the kind `nodes` needs nodes, e.g. nodes=L0-1H*").located(arguments.span)
    }
    return try call.nodes()
  }

  private func check(_ nodes: [Node], _ texts: [EncodedText], _ task: MeasuredTask) throws -> [Node] {
    let shortest = texts.map(\.count).min() ?? 0
    if let node = nodes.first(where: { ($0.position ?? 0) >= shortest }) {
      throw InterventionFault.rowTooShort(task: task.task.name, node: node.name, shortest: shortest)
        .located(arguments.span(of: "nodes"))
    }
    return nodes
  }

  private func positions(_ layers: [Int], _ texts: [EncodedText], _ task: MeasuredTask) throws -> SweepTargets
  {
    let lengths = texts.map(\.count)
    let (shortest, longest) = (lengths.min() ?? 0, lengths.max() ?? 0)
    guard shortest == longest else {
      throw InterventionFault.unequalLengths(
        for: .positions, task: task.task.name, shortest: shortest, longest: longest
      ).located(arguments.span(of: "on"))
    }
    let targets = SweepTargets.positions(
      layers: layers, embeddings: arguments["layers"] == nil, texts: texts)
    guard !targets.targets.isEmpty else {
      throw SweepFault.noTargets("there is nothing to sweep over").located(arguments.span)
    }
    return targets
  }
}

extension Bench {
  /// A number, a range or a list of them; a range is bounded before it is spread.
  fileprivate func layerNumbers(_ argument: Arguments.Bound) throws -> [Int] {
    switch argument.value {
    case .list(let elements): return try elements.map { try session.wholeNumber($0, at: argument.span) }
    case .range(let range):
      let model = try requireModel()
      for number in range.count == 0 ? [] : [range.lower, range.upper - 1] {
        do { try PlaceBounds(model.configuration).check(.layer, number) } catch {
          throw error.named(of: model).located(argument.span)
        }
      }
      return Array(range.lower..<range.upper)
    default: return [try session.wholeNumber(argument.value, at: argument.span)]
    }
  }
}

extension SweepArguments.Choice {
  /// How attention edges are cut; nil of other kinds.
  var cut: AttentionCut.Mode? {
    switch self {
    case .attention(_, let mode), .namedEdges(_, let mode): mode
    case .nodes, .named, .positions: nil
    }
  }
}
