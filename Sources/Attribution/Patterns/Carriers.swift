import CKernels
import Transformers
import Tensors

/// A tangent that lives on one token of a layer's input.
struct Carrier: Equatable {
  let sentence: Int
  let position: Int
}

/// How the tangents of carriers reach one token of the layer's output.
struct Move {
  let sentence: Int
  let position: Int
  /// Which carriers lead there.
  let sources: [Int]
}

/// The tangents of many words in one block: carrier c at point k is row c K + k.
final class CarrierTangents {
  let block: PointBlock
  private(set) var carriers: [Carrier] = []
  private let streams = [Buffer(), Buffer()]
  private var current = 0
  /// (rows, d): tangents of what the projection reads, and (rows, 2 G dh) of keys and values, of the layer that is noted.
  private let entered = Buffer()
  private let projected = Buffer()
  private var projectedLayer: Int?
  /// (moves K, A dh): tangents of z.
  private let contexts = Buffer()
  /// For each carrier, its row among the tangents of queries.
  private let queries = Buffer()
  /// (moves K, d): tangents that wait for a choice, while other blocks go on.
  let keptMid = Buffer()

  init(_ block: PointBlock) { self.block = block }

  private var layout: PathLayout { block.layout }
  private var points: Int { layout.points }
  private var hidden: Int { block.hidden }
  private var queryWidth: Int { block.model.configuration.queryWidth }
  private var keyWidth: Int { block.model.configuration.keyWidth }

  var rows: Int { carriers.count * points }

  /// (rows, d)
  var tangents: MutableFloats { streams[current].floats(rows * hidden) }

  /// The tangents dh^0/dalpha of single words.
  func start(_ words: [Carrier]) throws {
    carriers = words
    projectedLayer = nil
    try block.inputTangents(
      words.flatMap { word in
        (0..<points).map { (layout.token(word.sentence, $0, word.position), word.sentence, word.position) }
      }, into: tangents)
  }

  /// What ``contextTangents(_:_:_:)`` returned last, for one move of each carrier.
  var latestContexts: MutableFloats { contexts.floats(rows * queryWidth) }

  /// An index for each row, from the sentence, point and position of its carrier.
  func indices(_ index: (_ sentence: Int, _ point: Int, _ position: Int) -> Int) -> [Int32] {
    carriers.flatMap { carrier in
      (0..<points).map { Int32(index(carrier.sentence, $0, carrier.position)) }
    }
  }

  /// The token of each row.
  private var tokens: [Int32] { indices { s, k, p in layout.token(s, k, p) } }

  /// Tangents of what the projection of a layer reads, (rows, d), and of keys and values, (rows, 2 G dh); computed once for
  /// each layer.
  func project(_ layer: Int) throws -> (entered: Floats, keys: MutableFloats) {
    let result = projected.floats(rows * 2 * keyWidth)
    let derivatives = block.derivatives(layer)
    guard projectedLayer != layer else {
      let isNormed = derivatives.block.norms.beforeAttention != nil
      return (isNormed ? Floats(entered.floats(rows * hidden)) : Floats(tangents), result)
    }
    projectedLayer = layer
    let (tape, tokens) = (try block.tape(layer), tokens)
    let input = derivatives.inputTangent(tangents, tape, tokens: tokens, rows: rows, into: entered)
    let branch = derivatives.branch
    try branch.projection.multiply(
      input, rows: rows, part: branch.keysAndValues, into: result, check: block.check)
    derivatives.turnTangents(
      ofKeys: derivatives.keyRows(result, stride: 2 * keyWidth, rows: rows), tape, tokens: tokens)
    return (input, result)
  }

  /// Tangents of z at the places that the moves lead to, (moves K, A dh).
  func contextTangents(_ layer: Int, _ tape: BlockTape, _ moves: [Move]) throws -> MutableFloats {
    let count = moves.count * points * queryWidth
    let result = contexts.floats(count)
    result.update(repeating: 0, count: count)
    let (entered, keys) = try project(layer)
    let (places, queryTangents) = try projectQueries(layer, tape, moves, entered)
    Workers.split(moves.count * points, minimum: 8) { part in
      for unit in part {
        let (move, k) = (moves[unit / points], unit % points)
        var row = tape.attention(move.sentence, k)
        let context = tape.context + tape.output(move.sentence, k, move.position) * queryWidth
        for source in move.sources {
          let key = keys + (source * points + k) * 2 * keyWidth
          ck_attention_edge_tangent(
            &row, context, carriers[source].position, tape.queryIndex(move.position), key, key + keyWidth,
            result + unit * queryWidth)
        }
      }
    }
    addQueryTangents(tape, moves, places, queryTangents, to: result)
    return result
  }

  /// Adds what reaches z by way of the queries of the carriers that stay where they are.
  private func addQueryTangents(
    _ tape: BlockTape, _ moves: [Move], _ places: [Int], _ queryTangents: Floats, to result: MutableFloats
  ) {
    var staying: [[(move: Int, source: Int)]] = layout.sentences.map { _ in [] }
    for (m, move) in moves.enumerated() {
      for source in move.sources where carriers[source].position == move.position {
        staying[move.sentence].append((m, source))
      }
    }
    let most = staying.map(\.count).max() ?? 0
    guard most > 0 else { return }
    layout.forEachRow(scratch: tape.scratch(sources: most)) { s, k, scratch in
      guard !staying[s].isEmpty else { return }
      var row = tape.attention(s, k)
      let queries = staying[s].map { move, source in
        ck_moving_query(
          query: tape.queryIndex(carriers[source].position), tangent_row: places[source] * points + k,
          context_row: move * points + k)
      }
      ck_attention_query_tangents(&row, queries, queries.count, queryTangents, result, scratch)
    }
  }

  /// Tangents of queries, of those carriers that stay where they are; and for each carrier its place among them.
  private func projectQueries(
    _ layer: Int, _ tape: BlockTape, _ moves: [Move], _ entered: Floats
  ) throws -> ([Int], MutableFloats) {
    var places = [Int](repeating: -1, count: carriers.count)
    var staying: [Int] = []
    for move in moves {
      for source in move.sources where carriers[source].position == move.position && places[source] < 0 {
        places[source] = staying.count
        staying.append(source)
      }
    }
    let (count, size) = (staying.count * points, points * hidden)
    let gathered = block.workspace.gathered.floats(count * hidden)
    for (place, source) in staying.enumerated() {
      (gathered + place * size).update(from: entered + source * size, count: size)
    }
    let result = queries.floats(count * queryWidth)
    let derivatives = block.derivatives(layer)
    try derivatives.branch.projection.multiply(
      gathered, rows: count, part: derivatives.branch.queries, into: result, check: block.check)
    let own = staying.map { carriers[$0] }
    func rows(_ index: (Carrier, Int) -> Int) -> [Int32] {
      own.flatMap { carrier in (0..<points).map { Int32(index(carrier, $0)) } }
    }
    derivatives.turnTangents(
      ofQueries: derivatives.queryRows(result, stride: queryWidth, rows: count), tape,
      tokens: rows { layout.token($0.sentence, $1, $0.position) },
      outputs: rows { tape.output($0.sentence, $1, $0.position) })
    return (places, result)
  }

  /// Replaces the carriers by the ends of the moves, given the tangents of z there (moves K, A dh), of which those of
  /// replaced heads become 0.
  ///
  /// - Parameter skips: whether a carrier that stays also flows through the skip connection, for each move
  func advance(
    _ layer: Int, _ tape: BlockTape, _ moves: [Move], contexts: MutableFloats, skips: (Int) -> Bool
  ) throws {
    let branches = try branchTangents(layer, tape, moves, contexts: contexts, skips: skips)
    join(branches, layer, tape, moves)
  }

  /// The same up to the sum of the feed-forward branch and its skip connection: tangents of both, (moves K, d).
  func branchTangents(
    _ layer: Int, _ tape: BlockTape, _ moves: [Move], contexts: MutableFloats, skips: (Int) -> Bool
  ) throws -> BlockDerivatives.Branches {
    var skipRows: [Int32] = []
    for (m, move) in moves.enumerated() {
      let staying = skips(m) ? move.sources.first { carriers[$0].position == move.position } : nil
      skipRows += (0..<points).map { k in staying.map { Int32($0 * points + k) } ?? -1 }
    }
    return try block.derivatives(layer).branchTangents(
      context: contexts, skip: tangents, skipRows: skipRows, tape, at: tapeRows(tape, moves),
      rows: moves.count * points)
  }

  /// Replaces the carriers by the ends of the moves, given the tangents of the branches there.
  func join(
    _ branches: BlockDerivatives.Branches, _ layer: Int, _ tape: BlockTape, _ moves: [Move]
  ) {
    let rows = moves.count * points
    replace(by: moves) {
      block.derivatives(layer).join(branches, tape, at: tapeRows(tape, moves), rows: rows, into: $0)
    }
  }

  /// Goes on with the ends of the moves, whose tangents `write` gives, (moves K, d).
  func replace(by moves: [Move], _ write: (MutableFloats) -> Void) {
    write(streams[1 - current].floats(moves.count * points * hidden))
    carriers = moves.map { Carrier(sentence: $0.sentence, position: $0.position) }
    projectedLayer = nil
    current = 1 - current
  }

  func tapeRows(_ tape: BlockTape, _ moves: [Move]) -> [Int32] {
    moves.flatMap { move in
      (0..<points).map { Int32(tape.output(move.sentence, $0, move.position)) }
    }
  }
}
