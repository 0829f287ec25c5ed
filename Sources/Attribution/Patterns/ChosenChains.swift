import CKernels
import Tensors
import Transformers

/// The gradients of a ``ChainPlan`` with choices in one block, feed-forward branches and their skip connections open: ending e at
/// point k is row e K + k.
///
/// What is not chosen is not computed: a skip connection takes no products of the attention branch, a head its own columns of
/// them. In parallel blocks the endings that are entered by a head pass neither the feed-forward branch nor the skip connection
/// beside it.
final class ChosenChains {
  let plan: ChainPlan
  private let block: PointBlock
  /// For each layer the gradient of what the feed-forward branch reads, by way of the branch and of the skip connection beside
  /// it: (endings K, d), of a parallel block for the endings that are entered by its skip connection, which come first.
  private var feedForwards: [Storage?]
  private var skips: [Storage?]

  private var layout: PathLayout { block.layout }
  private var points: Int { block.layout.points }
  private var hidden: Int { block.hidden }
  private var headSize: Int { block.model.configuration.headSize }

  init(_ plan: ChainPlan, _ block: PointBlock) {
    (self.plan, self.block) = (plan, block)
    feedForwards = Array(repeating: nil, count: plan.endings.count)
    skips = feedForwards
  }

  func feedForward(_ layer: Int) -> Floats { pointer(feedForwards[layer]) }
  func skip(_ layer: Int) -> Floats { pointer(skips[layer]) }

  private func pointer(_ storage: Storage?) -> Floats {
    guard let storage else { preconditionFailure("the chain has not been run") }
    return Floats(storage.base)
  }

  /// The row of a word's ending at each point.
  func rows(_ layer: Int, word: Int) -> [Int32] {
    let ending = plan.ofWord[layer][word]
    return (0..<points).map { Int32(ending * points + $0) }
  }

  func run() throws {
    let last = plan.endings.count - 1
    // dQ/dh of the layer's output.
    var nodes = plan.targetGradients(block)
    for layer in (0...last).reversed() {
      let tape = try block.tape(layer)
      let sums = try sumGradients(layer, nodes, tape)
      if layer > 0 { nodes = try transpose(layer, sums, tape) }
    }
  }

  /// The gradient of what the attention branch and its skip connection add up to, (endings K, d).
  private func sumGradients(_ layer: Int, _ nodes: Storage, _ tape: BlockTape) throws -> Storage {
    defer { withExtendedLifetime(nodes) {} }
    let (endings, derivatives, d) = (plan.endings[layer], block.derivatives(layer), hidden)
    let outputs = plan.outputs(endings, tape)
    let rows = outputs.count
    let isParallel = derivatives.block.isParallel
    let choosing = isParallel ? endings.prefix { $0.choice ?? -1 < 0 }.count * points : rows
    let inner = derivatives.sumGradient(nodes.base, tape, at: outputs, rows: rows)
    let (feedForward, skip) = (
      Storage(uninitializedCount: choosing * d), Storage(uninitializedCount: choosing * d)
    )
    try derivatives.branchGradients(
      inner, tape, at: Array(outputs.prefix(choosing)), feedForward: feedForward.base, skip: skip.base)
    (feedForwards[layer], skips[layer]) = (feedForward, skip)
    let sums = Storage(uninitializedCount: rows * d)
    addRows(
      feedForward.base, residual: skip.base, residualRows: nil, rows: choosing, width: d, into: sums.base)
    (sums.base + choosing * d).update(from: inner + choosing * d, count: (rows - choosing) * d)
    if let norm = derivatives.block.norms.attentionSum, let own = tape.norms.attentionSum {
      norm.gradient(sums.base, tapeRows: outputs, rows: rows, own, into: sums.base)
    }
    return sums
  }

  /// The gradient at the nodes of row `layer` that come before this layer's, (endings K, d).
  private func transpose(_ layer: Int, _ sums: Storage, _ tape: BlockTape) throws -> Storage {
    defer { withExtendedLifetime(sums) {} }
    let earlier = plan.endings[layer - 1]
    let result = Storage(uninitializedCount: earlier.count * points * hidden)
    let groups = Dictionary(grouping: earlier.indices) { plan.endings[layer][earlier[$0].next].choice ?? -1 }
    for (choice, own) in groups.sorted(by: { $0.key < $1.key }) {
      if choice < 0 {
        addSkips(layer, own, sums, tape, to: result)
      } else {
        try addHead(choice, layer, own, sums, tape, to: result)
      }
    }
    return result
  }

  private func addSkips(
    _ layer: Int, _ own: [Int], _ sums: Storage, _ tape: BlockTape, to result: Storage
  ) {
    let (earlier, later, size) = (plan.endings[layer - 1], plan.endings[layer], points * hidden)
    for e in own {
      let (next, target) = (earlier[e].next, result.base + e * size)
      // Only where nothing flows does a pattern move by a skip connection.
      guard earlier[e].position == later[next].position else {
        target.update(repeating: 0, count: size)
        continue
      }
      target.update(from: sums.base + next * size, count: size)
      tape.closed?.closeSkips(
        target, at: plan.outputs(CollectionOfOne(later[next]), tape), rows: points, width: hidden)
    }
  }

  /// Back through one head, for the endings that go on through it.
  private func addHead(
    _ head: Int, _ layer: Int, _ own: [Int], _ sums: Storage, _ tape: BlockTape, to result: Storage
  ) throws {
    let (derivatives, d) = (block.derivatives(layer), hidden)
    let (parts, projection) = (derivatives.branch.parts(of: head), derivatives.branch.projection)
    let endings = own.map { plan.endings[layer - 1][$0] }
    let (rows, tokens) = (endings.count * points, plan.tokens(endings, layout))
    let edges = try edgeGradients(head, layer, endings, sums, tape)
    let gradient = block.workspace.own.floats(rows * d)
    derivatives.turnGradients(ofKeys: edges.key, values: edges.value, of: head, tape, tokens: tokens)
    try projection.multiplyTransposed(
      edges.key, rows: rows, part: parts.key, into: gradient, check: block.check)
    try projection.multiplyTransposed(
      edges.value, rows: rows, part: parts.value, into: gradient, accumulating: true, check: block.check)
    if !edges.staying.isEmpty {
      let staying = edges.staying.map { endings[$0] }
      derivatives.turnGradients(
        ofQueries: edges.query, of: head, tape, tokens: plan.tokens(staying, layout),
        outputs: plan.outputs(staying, tape))
      let byQuery = block.workspace.gathered.floats(staying.count * points * d)
      try projection.multiplyTransposed(
        edges.query, rows: staying.count * points, part: parts.query, into: byQuery, check: block.check)
      let targets = edges.staying.flatMap { e in (0..<points).map { Int32(e * points + $0) } }
      addRows(byQuery, to: gradient, at: targets, width: d)
    }
    derivatives.inputGradient(gradient, added: nil, tape, tokens: tokens, rows: rows)
    for (place, e) in own.enumerated() {
      let size = points * d
      (result.base + e * size).update(from: gradient + place * size, count: size)
    }
  }

  /// Gradients of one head's key, value and query at endings, (endings K, dh): queries of those alone that stay where they are.
  private struct EdgeGradients {
    let key: MutableFloats
    let value: MutableFloats
    let query: MutableFloats
    let staying: [Int]
  }

  private func edgeGradients(
    _ head: Int, _ layer: Int, _ endings: [ChainPlan.Ending], _ sums: Storage, _ tape: BlockTape
  ) throws -> EdgeGradients {
    let (derivatives, later, size) = (block.derivatives(layer), plan.endings[layer], headSize)
    // Endings are ordered by their choices.
    let entered = later.indices.filter { later[$0].choice == head }
    let first = entered.first ?? 0
    let (rows, laterRows) = (endings.count * points, entered.count * points)
    let memory = block.workspace.projections.floats((3 * rows + laterRows) * size)
    let (key, value, query) = (memory, memory + rows * size, memory + 2 * rows * size)
    let contexts = memory + 3 * rows * size
    try derivatives.contextGradient(
      sums.base + first * points * hidden, of: head, tape, at: plan.outputs(entered.map { later[$0] }, tape),
      into: contexts)
    let staying = endings.indices.filter { endings[$0].position == later[endings[$0].next].position }
    let places = Dictionary(uniqueKeysWithValues: zip(staying, staying.indices))
    let column = head * size
    Workers.split(rows, minimum: 8) { part in
      for unit in part {
        let (ending, k) = (endings[unit / points], unit % points)
        let to = later[ending.next].position
        var row = tape.attention(ending.sentence, k, head: head)
        let output = tape.output(ending.sentence, k, to)
        ck_attention_edge_gradient(
          &row, tape.context + output * derivatives.queryWidth + column, ending.position, tape.queryIndex(to),
          contexts + ((ending.next - first) * points + k) * size,
          places[unit / points].map { query + ($0 * points + k) * size }, key + unit * size,
          value + unit * size)
      }
    }
    return EdgeGradients(key: key, value: value, query: query, staying: staying)
  }
}
