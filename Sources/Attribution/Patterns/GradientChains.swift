import CKernels
import Transformers
import Tensors

/// Gradients along fixed patterns, from the target back.
///
/// What flows along a pattern from row l on depends on the pattern's nodes from there on only, so words whose patterns
/// end alike share the work: there is one chain for each distinct ending.
struct ChainPlan {
  /// A distinct ending of patterns: the node of row l+1, how the pattern enters it, and what follows it.
  struct Ending: Hashable {
    let sentence: Int
    let position: Int
    /// The head, or -1 for the skip connection; nil where all are open.
    let choice: Int?
    /// Index among the endings of the next layer.
    let next: Int
  }

  /// For each layer l, endings that begin at row l+1.
  private(set) var endings: [[Ending]]
  /// For each layer and word, its ending.
  private(set) var ofWord: [[Int]]

  /// - Parameters:
  ///   - nodes: positions of rows 0 ... L for each word
  ///   - choices: of each layer for each word; nil where all heads and skip connections are open
  init(words: [Carrier], nodes: [[Int]], choices: [[Int]]? = nil, layers: Int) {
    endings = Array(repeating: [], count: layers)
    ofWord = Array(repeating: [], count: layers)
    for layer in (0..<layers).reversed() {
      var places: [Ending: Int] = [:]
      for word in words.indices {
        let next = layer == layers - 1 ? -1 : ofWord[layer + 1][word]
        let ending = Ending(
          sentence: words[word].sentence, position: nodes[word][layer + 1], choice: choices?[word][layer],
          next: next)
        let place = places[ending, default: endings[layer].count]
        if place == endings[layer].count { endings[layer].append(ending) }
        places[ending] = place
        ofWord[layer].append(place)
      }
    }
  }
}

/// The gradients of a ``ChainPlan`` in one block: ending e at point k is row e K + k.
final class GradientChains {
  let plan: ChainPlan
  private let block: PointBlock
  /// For each layer: dQ/dz (endings K, A dh), dQ/d(skip connection) and dQ/dh (endings K, d), of which only what the
  /// endings' choices open is not 0.
  private var contexts: [Storage?]
  private var skips: [Storage?]
  private var nodes: [Storage?]

  private var points: Int { block.layout.points }
  private var hidden: Int { block.hidden }
  private var queryWidth: Int { block.model.configuration.queryWidth }

  init(_ plan: ChainPlan, _ block: PointBlock) {
    (self.plan, self.block) = (plan, block)
    contexts = Array(repeating: nil, count: plan.endings.count)
    (skips, nodes) = (contexts, contexts)
  }

  func context(_ layer: Int) -> Floats { pointer(contexts[layer]) }
  func skip(_ layer: Int) -> Floats { pointer(skips[layer]) }
  /// dQ/dh of the layer's output.
  func node(_ layer: Int) -> Floats { pointer(nodes[layer]) }

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
    nodes[last] = targetGradients(last)
    for layer in (0...last).reversed() {
      let tape = try block.tape(layer)
      let (skip, context) = allocate(layer)
      try block.derivatives(layer).tokenGradient(
        node(layer), tape, at: outputs(layer, tape), rows: plan.endings[layer].count * points, skip: skip,
        context: context)
      close(layer, skip: skip, context: context)
      if layer > 0 { nodes[layer - 1] = try transpose(layer, to: plan.endings[layer - 1], tape) }
      advance()
    }
  }

  /// The row of the tape of each row.
  func outputs(_ layer: Int, _ tape: BlockTape) -> [Int32] {
    plan.endings[layer].flatMap { ending in
      (0..<points).map { Int32(tape.output(ending.sentence, $0, ending.position)) }
    }
  }

  private func targetGradients(_ last: Int) -> Storage {
    let size = points * hidden
    let result = Storage(uninitializedCount: plan.endings[last].count * size)
    for (e, ending) in plan.endings[last].enumerated() {
      let row = block.layout.row(ending.sentence, 0) * hidden
      (result.base + e * size).update(from: block.targetGradient.base + row, count: size)
    }
    return result
  }

  private func allocate(_ layer: Int) -> (skip: MutableFloats, context: MutableFloats) {
    let rows = plan.endings[layer].count * points
    let (skip, context) = (
      Storage(uninitializedCount: rows * hidden), Storage(uninitializedCount: rows * queryWidth)
    )
    (skips[layer], contexts[layer]) = (skip, context)
    return (skip.base, context.base)
  }

  /// Sets to 0 what an ending's choice closes.
  private func close(_ layer: Int, skip: MutableFloats, context: MutableFloats) {
    let size = block.model.configuration.headSize
    for (e, ending) in plan.endings[layer].enumerated() {
      guard let choice = ending.choice else { continue }
      if choice >= 0 { (skip + e * points * hidden).update(repeating: 0, count: points * hidden) }
      for row in e * points..<(e + 1) * points {
        for head in 0..<block.layout.heads where head != choice {
          (context + row * queryWidth + head * size).update(repeating: 0, count: size)
        }
      }
    }
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
    let tokens = tokens(of: earlier)
    derivatives.turnGradients(
      ofKeys: derivatives.keyRows(projections, stride: 2 * keyWidth, rows: count), tape, tokens: tokens)
    try branch.projection.multiplyTransposed(
      projections, rows: count, part: branch.keysAndValues, into: result.base, check: block.check)
    try addQueries(layer, earlier, staying, queries, tape, to: result)
    derivatives.inputGradient(result.base, added: nil, tape, tokens: tokens, rows: count)
    addSkips(layer, earlier, staying, to: result)
    return result
  }

  private func tokens(of endings: [ChainPlan.Ending]) -> [Int32] {
    endings.flatMap { ending in
      (0..<points).map { Int32(block.layout.token(ending.sentence, $0, ending.position)) }
    }
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
      tokens: tokens(of: endings),
      outputs: endings.flatMap { ending in
        (0..<points).map { Int32(tape.output(ending.sentence, $0, ending.position)) }
      })
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
