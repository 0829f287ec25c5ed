import Attribution
import ExactText
import Language
import Results
import Transformers

/// Attention edges that carry nothing, and what of a pattern is cut beside them.
struct CutEdges: Sendable {
  let sets: [AttentionEdgeSet]
  let mode: AttentionCut.Mode
  /// Skip connections of patterns, which are replaced by zero.
  var skips: [Node] = []

  /// - Throws: ``InterventionFault`` for a position that the text does not have.
  func interventions(length: Int, _ fault: (_ edge: String) -> any Error) throws -> Interventions {
    for set in sets {
      guard let largest = set.largestPosition, largest >= length else { continue }
      throw fault(set.name)
    }
    for node in skips where (node.position ?? 0) >= length { throw fault(node.name) }
    let edges = try sets.flatMap { try $0.edges(length: length) }
    return Interventions(
      skips.map { Replacement(node: $0, value: .zero) }, cuts: edges.map { AttentionCut($0, by: mode) })
  }

  var names: [String] { sets.map(\.name) + skips.map(\.name) }
}

/// What `ablate` cuts, among its arguments.
struct CutArguments {
  private let call: InterventionArguments

  init(_ call: InterventionArguments) { self.call = call }

  private var model: LoadedModel { call.model }
  private var all: [Arguments.Bound] { call.arguments.all("nodes") }

  /// nil where nodes are replaced.
  func cuts() throws -> CutEdges? {
    let (edges, patterns) = (all.flatMap { edgeSets($0.value) }, all.flatMap { Self.words($0.value) })
    guard !edges.isEmpty || !patterns.isEmpty else {
      try call.arguments.refuse("skips", because: "only patterns have skip steps")
      if call.arguments.string("by") == "mask" {
        throw CutFault.maskedNodes.located(call.arguments.span(of: "by"))
      }
      return nil
    }
    for argument in all where edgeSets(argument.value).isEmpty && Self.words(argument.value).isEmpty {
      throw CutFault.mixedWithNodes.located(argument.span)
    }
    let by = call.arguments.string("by") ?? "zero"
    guard let mode = AttentionCut.Mode(rawValue: by) else {
      throw CutFault.noCut(by: by).located(call.arguments.span(of: "by"))
    }
    if !call.arguments.isComputed("by") {
      try call.arguments.refuse("on", "rows", "per", "seed", because: "a cut edge takes no values")
    }
    if patterns.isEmpty { try call.arguments.refuse("skips", because: "only patterns have skip steps") }
    for set in edges where !set.fits(model.configuration) {
      throw NodeFault.staleNode(set.name).located(call.arguments.span(of: "nodes"))
    }
    return try cuts(edges, patterns, mode)
  }

  private func cuts(
    _ edges: [AttentionEdgeSet], _ patterns: [WordPattern], _ mode: AttentionCut.Mode
  ) throws -> CutEdges {
    let cutsSkips = call.arguments.flag("skips")
    let span = call.arguments.span(of: "nodes")
    var (steps, skips): ([AttentionEdge], [Node]) = ([], [])
    for word in patterns {
      guard let route = word.route else { throw CutFault.noHeads.located(span) }
      guard route.fits(model.configuration) else {
        throw InterventionFault.patternsOfOtherModel(
          layers: model.configuration.layers, heads: model.configuration.heads
        ).located(span)
      }
      steps += route.edges
      if cutsSkips { skips += route.skips }
    }
    guard patterns.isEmpty || !steps.isEmpty || !skips.isEmpty else { throw CutFault.onlySkips.located(span) }
    var (seen, taken): (Set<Node>, Set<AttentionEdge>) = ([], [])
    steps = steps.filter { taken.insert($0).inserted }
    let own = AttentionEdgeSet(steps, configuration: model.configuration, length: nil)
    return CutEdges(
      sets: edges + (steps.isEmpty ? [] : [own]), mode: mode, skips: skips.filter { seen.insert($0).inserted }
    )
  }

  private func edgeSets(_ value: Value) -> [AttentionEdgeSet] {
    switch value {
    case .object(let object): (object as? AttentionEdgeSet).map { [$0] } ?? []
    case .list(let elements): elements.flatMap(edgeSets)
    default: []
    }
  }

  private static func words(_ value: Value) -> [WordPattern] {
    switch value {
    case .record: WordPattern(saved: value).map { [$0] } ?? []
    case .object(let set as PatternSet): set.sentences.flatMap(\.patterns.words)
    case .list(let elements): elements.flatMap(words)
    default: []
    }
  }
}
