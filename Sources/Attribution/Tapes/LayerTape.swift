import CKernels
import Encoders
import Tensors

/// What a layer's derivatives need, for all rows of a block of points.
///
/// All tokens of a layer have an output, but for the last layer, of which only the targets are read: there is one
/// *output* for each row then.
final class LayerTape {
  /// Of the block that has filled the tape, or is about to.
  var layout: PathLayout
  let isLast: Bool
  private let hidden: Int
  private let headSize: Int

  /// q (outputs, d); k and v (tokens, d); with biases, rows the strides apart.
  let query: MutableFloats
  let key: MutableFloats
  let value: MutableFloats
  let queryStride: Int
  let keyStride: Int
  /// P: (A, queries, n) for each row.
  let pattern: MutableFloats
  /// z: (outputs, d)
  let context: MutableFloats
  /// Of the first layer norm: normalized values (outputs, d) and scales (outputs).
  let midNormalized: MutableFloats
  let midScale: MutableFloats
  /// f' of the feed-forward block: (outputs, I).
  let slopes: MutableFloats
  /// Of the second layer norm.
  let outNormalized: MutableFloats
  let outScale: MutableFloats

  /// dQ/dz: (outputs, d).
  let contextGradient: MutableFloats
  /// dQ/dscores / sqrt(dh): shaped as `pattern`.
  let scoreGradient: MutableFloats
  /// What a token's input gets of the gradient by way of its own skip connection and query. In the last layer:
  /// (rows, d), of the skip connection alone; else (tokens, d).
  let ownGradient: MutableFloats
  /// Context vectors and skip connections that are replaced; nil when none is.
  var closed: ClosedParts?

  /// - Parameter memory: ``size(_:_:isLast:)`` floats, which must outlive the tape
  init(_ layout: PathLayout, _ layer: EncoderLayer, isLast: Bool, at memory: MutableFloats) {
    (self.layout, self.isLast) = (layout, isLast)
    (hidden, headSize) = (layer.hidden, layer.attention.headSize)
    let parts = Self.sizes(layout, layer, isLast: isLast).reduce(into: [memory]) { parts, size in
      parts.append(parts[parts.count - 1] + size)
    }
    query = parts[0]
    key = isLast ? parts[1] : query + hidden
    value = key + hidden
    (queryStride, keyStride) = isLast ? (hidden, 2 * hidden) : (3 * hidden, 3 * hidden)
    pattern = parts[2]
    context = parts[3]
    midNormalized = parts[4]
    midScale = parts[5]
    slopes = parts[6]
    outNormalized = parts[7]
    outScale = parts[8]
    contextGradient = parts[9]
    scoreGradient = parts[10]
    ownGradient = parts[11]
  }

  private static func sizes(_ layout: PathLayout, _ layer: EncoderLayer, isLast: Bool) -> [Int] {
    let (d, tokens) = (layer.hidden, layout.tokens)
    let outputs = isLast ? layout.rows : tokens
    let squares = isLast ? layout.heads * tokens : layout.squares
    let sizes = [
      isLast ? outputs * d : 3 * tokens * d, isLast ? 2 * tokens * d : 0, squares, outputs * d, outputs * d,
      outputs, outputs * layer.intermediate, outputs * d, outputs, outputs * d, squares, outputs * d,
    ]
    // Whole vectors, so that every part is aligned as the whole is.
    return sizes.map { ($0 + 15) / 16 * 16 }
  }

  /// Floats of a tape.
  static func size(_ layout: PathLayout, _ layer: EncoderLayer, isLast: Bool) -> Int {
    sizes(layout, layer, isLast: isLast).reduce(0, +)
  }

  var outputs: Int { isLast ? layout.rows : layout.tokens }

  /// The output of a token; in the last layer `position` must be the target.
  func output(_ sentence: Int, _ point: Int, _ position: Int) -> Int {
    guard isLast else { return layout.token(sentence, point, position) }
    assert(position == layout.sentences[sentence].target, "only the target has an output")
    return layout.row(sentence, point)
  }

  /// The output of each token that has one; nil when they are the same.
  var outputsOfTokens: [Int: Int]? {
    guard isLast else { return nil }
    return Dictionary(uniqueKeysWithValues: zip(layout.targetTokens.map(Int.init), 0..<outputs))
  }

  /// The query of a token among those of its row.
  func queryIndex(_ position: Int) -> Int { isLast ? 0 : position }

  /// The first output of a row.
  func firstOutput(_ sentence: Int, _ point: Int) -> Int {
    isLast ? layout.row(sentence, point) : layout.token(sentence, point, 0)
  }

  /// Where the probabilities of a row begin.
  func square(_ sentence: Int, _ point: Int) -> Int {
    isLast ? layout.heads * layout.token(sentence, point, 0) : layout.square(sentence, point)
  }

  func attention(_ sentence: Int, _ point: Int) -> ck_attention_tape {
    let keys = layout.sentences[sentence].length
    let token = layout.token(sentence, point, 0)
    return ck_attention_tape(
      queries: isLast ? 1 : keys, keys: keys, heads: layout.heads, head_size: headSize,
      query: query + firstOutput(sentence, point) * queryStride, key: key + token * keyStride,
      value: value + token * keyStride, query_stride: queryStride, key_stride: keyStride,
      pattern: pattern + square(sentence, point), scale: 1 / Float(headSize).squareRoot())
  }

  /// Scratch memory that suffices for each row.
  func scratch(sources: Int = 0) -> Int {
    let n = layout.longest
    var shape = ck_attention_tape(
      queries: n, keys: n, heads: layout.heads, head_size: headSize, query: query, key: key, value: value,
      query_stride: 0, key_stride: 0, pattern: pattern, scale: 1)
    return ck_attention_tape_scratch(&shape, sources)
  }
}
