import CKernels
import Encoders
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
  /// (rows, 2d): tangents of keys and values, of the layer that is noted.
  private let projected = Buffer()
  private var projectedLayer: Int?
  /// (moves K, d): tangents of z.
  private let contexts = Buffer()
  /// For each carrier, its row among the tangents of queries.
  private let queries = Buffer()

  init(_ block: PointBlock) { self.block = block }

  private var layout: PathLayout { block.layout }
  private var points: Int { layout.points }
  private var hidden: Int { block.hidden }

  var rows: Int { carriers.count * points }

  /// (rows, d)
  var tangents: MutableFloats { streams[current].floats(rows * hidden) }

  /// The tangents dh^0/dalpha of single words.
  func start(_ words: [Carrier]) {
    carriers = words
    projectedLayer = nil
    let t = tangents
    for (c, word) in words.enumerated() {
      let delta = block.delta.base + (layout.start(word.sentence) + word.position) * hidden
      for k in 0..<points { (t + (c * points + k) * hidden).update(from: delta, count: hidden) }
    }
    block.model.embeddings.norm.tangent(
      t, tapeRows: indices { s, k, p in layout.token(s, k, p) }, rows: rows,
      normalized: block.inputNormalized.base, scale: block.inputScale.base, into: t)
  }

  /// What ``contextTangents(_:_:_:)`` returned last, for one move of each carrier.
  var latestContexts: MutableFloats { contexts.floats(rows * hidden) }

  /// An index for each row, from the sentence, point and position of its carrier.
  func indices(_ index: (_ sentence: Int, _ point: Int, _ position: Int) -> Int) -> [Int32] {
    carriers.flatMap { carrier in
      (0..<points).map { Int32(index(carrier.sentence, $0, carrier.position)) }
    }
  }

  /// Tangents of keys and values at a layer, (rows, 2d); computed once for each layer.
  func project(_ layer: Int) throws -> MutableFloats {
    let result = projected.floats(rows * 2 * hidden)
    if projectedLayer == layer { return result }
    projectedLayer = layer
    try block.model.layers[layer].qkv.multiply(
      tangents, rows: rows, part: hidden..<3 * hidden, into: result, check: block.check)
    return result
  }

  /// Tangents of z at the places that the moves lead to, (moves K, d).
  func contextTangents(_ layer: Int, _ tape: LayerTape, _ moves: [Move]) throws -> MutableFloats {
    let count = moves.count * points * hidden
    let result = contexts.floats(count)
    result.update(repeating: 0, count: count)
    let (places, queryTangents) = try projectQueries(layer, moves)
    let keys = try project(layer)
    Workers.split(moves.count * points, minimum: 8) { part in
      for unit in part {
        let (move, k) = (moves[unit / points], unit % points)
        var row = tape.attention(move.sentence, k)
        let context = tape.context + tape.output(move.sentence, k, move.position) * hidden
        for source in move.sources {
          let key = keys + (source * points + k) * 2 * hidden
          ck_attention_edge_tangent(
            &row, context, carriers[source].position, tape.queryIndex(move.position), key, key + hidden,
            result + unit * hidden)
        }
      }
    }
    addQueryTangents(tape, moves, places, queryTangents, to: result)
    return result
  }

  /// Adds what reaches z by way of the queries of the carriers that stay where they are.
  private func addQueryTangents(
    _ tape: LayerTape, _ moves: [Move], _ places: [Int], _ queryTangents: Floats, to result: MutableFloats
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
  private func projectQueries(_ layer: Int, _ moves: [Move]) throws -> ([Int], MutableFloats) {
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
      (gathered + place * size).update(from: tangents + source * size, count: size)
    }
    let result = queries.floats(count * hidden)
    try block.model.layers[layer].qkv.multiply(
      gathered, rows: count, part: 0..<hidden, into: result, check: block.check)
    return (places, result)
  }

  /// Replaces the carriers by the ends of the moves, given the tangents of z there (moves K, d), of which those of
  /// replaced heads become 0.
  ///
  /// - Parameter skips: whether a carrier that stays also flows through the skip connection, for each move
  func advance(
    _ layer: Int, _ tape: LayerTape, _ moves: [Move], contexts: MutableFloats, skips: (Int) -> Bool
  ) throws {
    let next = moves.map { Carrier(sentence: $0.sentence, position: $0.position) }
    var skipRows: [Int32] = []
    for (m, move) in moves.enumerated() {
      let staying = skips(m) ? move.sources.first { carriers[$0].position == move.position } : nil
      skipRows += (0..<points).map { k in staying.map { Int32($0 * points + k) } ?? -1 }
    }
    let target = streams[1 - current].floats(moves.count * points * hidden)
    let tapeRows = moves.flatMap { move in
      (0..<points).map { Int32(tape.output(move.sentence, $0, move.position)) }
    }
    try block.derivatives(layer).tokenTangent(
      context: contexts, skip: tangents, skipRows: skipRows, tape, at: tapeRows, rows: moves.count * points,
      into: target)
    carriers = next
    projectedLayer = nil
    current = 1 - current
  }
}
