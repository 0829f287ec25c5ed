import CKernels
import Encoders
import Tensors

/// Gradients along fixed embedding-level patterns, from the target back.
///
/// What flows along a pattern from row l on depends on the pattern's nodes from there on only, so words whose patterns
/// end alike share the work: there is one chain for each distinct ending.
struct ChainPlan {
  /// A distinct ending of patterns: the node of row l+1 and what follows it.
  struct Ending: Hashable {
    let sentence: Int
    let position: Int
    /// Index among the endings of the next layer.
    let next: Int
  }

  /// For each layer l, endings that begin at row l+1.
  private(set) var endings: [[Ending]]
  /// For each layer and word, its ending.
  private(set) var ofWord: [[Int]]

  /// - Parameter nodes: positions of rows 0 ... L for each word
  init(words: [Carrier], nodes: [[Int]], layers: Int) {
    endings = Array(repeating: [], count: layers)
    ofWord = Array(repeating: [], count: layers)
    for layer in (0..<layers).reversed() {
      var places: [Ending: Int] = [:]
      for word in words.indices {
        let next = layer == layers - 1 ? -1 : ofWord[layer + 1][word]
        let ending = Ending(sentence: words[word].sentence, position: nodes[word][layer + 1], next: next)
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
  /// For each layer: dQ/dz and dQ/d(skip connection), (endings K, d).
  private var contexts: [Storage?]
  private var skips: [Storage?]

  private var points: Int { block.layout.points }
  private var hidden: Int { block.hidden }

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
    var gradient = try start(last)
    for layer in (0..<last).reversed() {
      let (tape, rows) = (try block.tape(layer), plan.endings[layer].count * points)
      let (skip, context) = allocate(layer)
      let outputs = plan.endings[layer].flatMap { ending in
        (0..<points).map { Int32(tape.output(ending.sentence, $0, ending.position)) }
      }
      try block.derivatives(layer).tokenGradient(
        gradient.base, tape, at: outputs, rows: rows, skip: skip, context: context)
      if layer > 0 { gradient = try transpose(layer, to: plan.endings[layer - 1], tape) }
      advance()
    }
  }

  private func allocate(_ layer: Int) -> (skip: MutableFloats, context: MutableFloats) {
    let size = plan.endings[layer].count * points * hidden
    let (skip, context) = (Storage(uninitializedCount: size), Storage(uninitializedCount: size))
    (skips[layer], contexts[layer]) = (skip, context)
    return (skip.base, context.base)
  }

  /// The last layer's gradients at the targets are those of the full reverse pass.
  private func start(_ last: Int) throws -> Storage {
    let tape = try block.tape(last, gradients: true)
    let (skip, context) = allocate(last)
    for (e, ending) in plan.endings[last].enumerated() {
      let (row, count) = (block.layout.row(ending.sentence, 0) * hidden, points * hidden)
      (skip + e * count).update(from: tape.ownGradient + row, count: count)
      (context + e * count).update(from: tape.contextGradient + row, count: count)
    }
    guard last > 0 else { return Storage(uninitializedCount: 0) }
    return try transpose(last, to: plan.endings[last - 1], tape)
  }

  /// The gradient at the nodes of row `layer` that come before this layer's, (endings K, d).
  private func transpose(_ layer: Int, to earlier: [ChainPlan.Ending], _ tape: LayerTape) throws -> Storage {
    let (count, d) = (earlier.count * points, hidden)
    let result = Storage(uninitializedCount: count * d)
    let projections = block.workspace.projections.floats(count * 3 * d)
    let staying = earlier.indices.filter {
      earlier[$0].position == plan.endings[layer][earlier[$0].next].position
    }
    let places = Dictionary(uniqueKeysWithValues: zip(staying, staying.indices))
    let queries = projections + count * 2 * d
    Workers.split(count, minimum: 8) { part in
      for unit in part {
        let (e, k) = (unit / points, unit % points)
        let query = places[e].map { queries + ($0 * points + k) * d }
        edgeGradient(layer, earlier[e], k, tape, query: query, key: projections + unit * 2 * d)
      }
    }
    let derivatives = block.derivatives(layer)
    try derivatives.multiplyPlain(
      projections, stride: 2 * d, rows: count, part: d..<3 * d, into: result.base, accumulating: false)
    try addOwn(layer, earlier, staying, queries, to: result)
    return result
  }

  private func edgeGradient(
    _ layer: Int, _ ending: ChainPlan.Ending, _ point: Int, _ tape: LayerTape, query: MutableFloats?,
    key: MutableFloats
  ) {
    let to = plan.endings[layer][ending.next].position
    var row = tape.attention(ending.sentence, point)
    ck_attention_edge_gradient(
      &row, tape.context + tape.output(ending.sentence, point, to) * hidden, ending.position,
      tape.queryIndex(to),
      context(layer) + (ending.next * points + point) * hidden, query, key, key + hidden)
  }

  /// Where the pattern stays at its position, the gradient through the query and the skip connection.
  private func addOwn(
    _ layer: Int, _ earlier: [ChainPlan.Ending], _ staying: [Int], _ queries: Floats, to result: Storage
  ) throws {
    let (size, d) = (points * hidden, hidden)
    let own = block.workspace.gathered.floats(staying.count * size)
    for (place, e) in staying.enumerated() {
      (own + place * size).update(from: skip(layer) + earlier[e].next * size, count: size)
    }
    try block.derivatives(layer).multiplyPlain(
      queries, stride: d, rows: staying.count * points, part: 0..<d, into: own, accumulating: true)
    let rows = staying.flatMap { e in (0..<points).map { Int32(e * points + $0) } }
    addRows(own, to: result.base, at: rows, width: d)
  }
}
