import CKernels
import Transformers
import Tensors

/// The gradients of a ``ChainPlan`` without choices in one block: ending e at point k is row e K + k.
final class GradientChains {
  let plan: ChainPlan
  private let block: PointBlock
  /// For each layer: dQ/dz (endings K, A dh) and dQ/d(skip connection) (endings K, d).
  private var contexts: [Storage?]
  private var skips: [Storage?]

  private var points: Int { block.layout.points }
  private var hidden: Int { block.hidden }
  private var queryWidth: Int { block.model.configuration.queryWidth }

  init(_ plan: ChainPlan, _ block: PointBlock) {
    (self.plan, self.block) = (plan, block)
    contexts = Array(repeating: nil, count: plan.endings.count)
    skips = contexts
  }

  func context(_ layer: Int) -> Floats { pointer(contexts[layer]) }
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

  func run(advance: () -> Void) throws {
    let last = plan.endings.count - 1
    // dQ/dh of the layer's output.
    var nodes = plan.targetGradients(block)
    for layer in (0...last).reversed() {
      let tape = try block.tape(layer)
      let (skip, context) = allocate(layer)
      try block.derivatives(layer).tokenGradient(
        nodes.base, tape, at: plan.outputs(plan.endings[layer], tape),
        rows: plan.endings[layer].count * points, skip: skip, context: context)
      withExtendedLifetime(nodes) {}
      if layer > 0 { nodes = try transpose(layer, to: plan.endings[layer - 1], tape) }
      advance()
    }
  }

  private func allocate(_ layer: Int) -> (skip: MutableFloats, context: MutableFloats) {
    let rows = plan.endings[layer].count * points
    let (skip, context) = (
      Storage(uninitializedCount: rows * hidden), Storage(uninitializedCount: rows * queryWidth)
    )
    (skips[layer], contexts[layer]) = (skip, context)
    return (skip.base, context.base)
  }

  /// The gradient at the nodes of row `layer` that come before this layer's, (endings K, d).
  private func transpose(_ layer: Int, to earlier: [ChainPlan.Ending], _ tape: BlockTape) throws -> Storage {
    let (count, derivatives) = (earlier.count * points, block.derivatives(layer))
    let (branch, keyWidth) = (derivatives.branch, derivatives.keyWidth)
    let result = Storage(uninitializedCount: count * hidden)
    let projections = block.workspace.projections.floats(count * (2 * keyWidth + queryWidth))
    let staying = earlier.indices.filter {
      earlier[$0].position == plan.endings[layer][earlier[$0].next].position
    }
    let places = Dictionary(uniqueKeysWithValues: zip(staying, staying.indices))
    let queries = projections + count * 2 * keyWidth
    Workers.split(count, minimum: 8) { part in
      for unit in part {
        let (e, k) = (unit / points, unit % points)
        let query = places[e].map { queries + ($0 * points + k) * queryWidth }
        edgeGradient(
          layer, earlier[e], k, tape, query: query, key: projections + unit * 2 * keyWidth,
          keyWidth: keyWidth)
      }
    }
    let tokens = plan.tokens(earlier, block.layout)
    derivatives.turnGradients(
      ofKeys: derivatives.keyRows(projections, stride: 2 * keyWidth, rows: count), tape, tokens: tokens)
    try branch.projection.multiplyTransposed(
      projections, rows: count, part: branch.keysAndValues, into: result.base, check: block.check)
    try addQueries(layer, earlier, staying, queries, tape, to: result)
    derivatives.inputGradient(result.base, added: nil, tape, tokens: tokens, rows: count)
    addSkips(layer, earlier, staying, to: result)
    return result
  }

  private func edgeGradient(
    _ layer: Int, _ ending: ChainPlan.Ending, _ point: Int, _ tape: BlockTape, query: MutableFloats?,
    key: MutableFloats, keyWidth: Int
  ) {
    let to = plan.endings[layer][ending.next].position
    var row = tape.attention(ending.sentence, point)
    ck_attention_edge_gradient(
      &row, tape.context + tape.output(ending.sentence, point, to) * queryWidth, ending.position,
      tape.queryIndex(to), context(layer) + (ending.next * points + point) * queryWidth, query, key,
      key + keyWidth)
  }

  /// Where the pattern stays at its position, the gradient through the query.
  private func addQueries(
    _ layer: Int, _ earlier: [ChainPlan.Ending], _ staying: [Int], _ queries: MutableFloats,
    _ tape: BlockTape, to result: Storage
  ) throws {
    guard !staying.isEmpty else { return }
    let (rows, derivatives) = (staying.count * points, block.derivatives(layer))
    let endings = staying.map { earlier[$0] }
    derivatives.turnGradients(
      ofQueries: derivatives.queryRows(queries, stride: queryWidth, rows: rows), tape,
      tokens: plan.tokens(endings, block.layout), outputs: plan.outputs(endings, tape))
    let own = block.workspace.gathered.floats(rows * hidden)
    try derivatives.branch.projection.multiplyTransposed(
      queries, rows: rows, part: derivatives.branch.queries, into: own, check: block.check)
    addRows(own, to: result.base, at: targets(staying), width: hidden)
  }

  /// The same through the skip connection.
  private func addSkips(
    _ layer: Int, _ earlier: [ChainPlan.Ending], _ staying: [Int], to result: Storage
  ) {
    let size = points * hidden
    for e in staying {
      let source = skip(layer) + earlier[e].next * size
      for i in 0..<size { result.base[e * size + i] += source[i] }
    }
  }

  private func targets(_ staying: [Int]) -> [Int32] {
    staying.flatMap { e in (0..<points).map { Int32(e * points + $0) } }
  }
}
