import CKernels
import Tensors
import Transformers

/// What a layer's derivatives need, for all rows of a block of points.
///
/// All tokens of a layer have an output, but for the last layer, of which only the targets are read: there is one
/// *output* for each row then.
final class BlockTape {
  /// Of the block that has filled the tape, or is about to.
  var layout: PathLayout
  let isLast: Bool
  private let heads: Attention

  /// q (outputs, A dh); k and v (tokens, G dh); as they meet, rows the strides apart.
  let query: MutableFloats
  let key: MutableFloats
  let value: MutableFloats
  let queryStride: Int
  let keyStride: Int
  /// P: (A, queries, n) for each row.
  let pattern: MutableFloats
  /// The slopes of the cap on scores, shaped as P; nil where there is no cap.
  let scoreSlopes: MutableFloats?
  /// z: (outputs, A dh)
  let context: MutableFloats
  /// f' of the feed-forward branch: (outputs, I), with a gate (outputs, 2I).
  let slopes: MutableFloats

  /// dQ/dz: (outputs, A dh).
  let contextGradient: MutableFloats
  /// dQ/dscores times the scale, before the cap: shaped as `pattern`.
  let scoreGradient: MutableFloats
  /// What a token's input gets of the gradient by way of its own skip connection and query. In the last layer:
  /// (rows, d), of the skip connection alone; else (tokens, d).
  let ownGradient: MutableFloats
  /// Of each norm that the block has: of all tokens before attention and for keys, else of outputs.
  let norms: NormTapes
  /// What is replaced; nil when nothing is.
  var closed: ClosedParts?

  struct NormTapes {
    var beforeAttention: NormTape?
    var afterAttention: NormTape?
    var attentionSum: NormTape?
    var beforeFeedForward: NormTape?
    var afterFeedForward: NormTape?
    var feedForwardSum: NormTape?
    var queries: NormTape?
    var keys: NormTape?
  }

  /// Floats of all parts.
  private let size: Int

  /// - Parameter memory: ``size(_:_:isLast:)`` floats, which must outlive the tape; nil to ask for that size alone
  init(_ layout: PathLayout, _ block: Block, isLast: Bool, at memory: MutableFloats?) {
    (self.layout, self.isLast, heads) = (layout, isLast, block.attention.heads)
    var parts = Parts(at: memory)
    let sizes = Sizes(layout, block, isLast: isLast)
    let (queryWidth, keyWidth) = (heads.queryWidth, heads.keyWidth)
    if isLast {
      query = parts.take(sizes.outputs * queryWidth)
      key = parts.take(layout.tokens * 2 * keyWidth)
      (queryStride, keyStride) = (queryWidth, 2 * keyWidth)
    } else {
      let width = queryWidth + 2 * keyWidth
      query = parts.take(layout.tokens * width)
      key = query + queryWidth
      (queryStride, keyStride) = (width, width)
    }
    value = key + keyWidth
    pattern = parts.take(sizes.squares)
    scoreSlopes = heads.cap > 0 ? parts.take(sizes.squares) : nil
    context = parts.take(sizes.outputs * queryWidth)
    slopes = parts.take(sizes.outputs * block.feedForward.up.outputs)
    contextGradient = parts.take(sizes.outputs * queryWidth)
    scoreGradient = parts.take(sizes.squares)
    ownGradient = parts.take(sizes.outputs * block.hidden)
    norms = parts.norms(block, sizes)
    size = parts.size
  }

  private struct Sizes {
    let tokens: Int
    let outputs: Int
    let squares: Int

    init(_ layout: PathLayout, _ block: Block, isLast: Bool) {
      tokens = layout.tokens
      outputs = isLast ? layout.rows : layout.tokens
      squares = isLast ? layout.heads * layout.tokens : layout.squares
    }
  }

  /// Parts of a memory, or their sizes alone.
  private struct Parts {
    private let start: MutableFloats?
    private(set) var size = 0

    init(at start: MutableFloats?) { self.start = start }

    mutating func take(_ count: Int) -> MutableFloats {
      // Whole vectors, so that every part is aligned as the whole is. Nobody uses the addresses of a sum of sizes.
      defer { size += (count + 15) / 16 * 16 }
      return start.map { $0 + size } ?? Self.nowhere
    }

    private nonisolated(unsafe) static let nowhere = MutableFloats.allocate(capacity: 1)

    private mutating func norm(_ norm: Norm?, rows: Int, parts: Int = 1) -> NormTape? {
      guard let norm else { return nil }
      return NormTape(normalized: take(rows * parts * norm.width), scale: take(rows * parts))
    }

    mutating func norms(_ block: Block, _ sizes: Sizes) -> NormTapes {
      let (norms, branch, outputs) = (block.norms, block.attention, sizes.outputs)
      return NormTapes(
        beforeAttention: norm(norms.beforeAttention, rows: sizes.tokens),
        afterAttention: norm(norms.afterAttention, rows: outputs),
        attentionSum: norm(norms.attentionSum, rows: outputs),
        beforeFeedForward: norm(norms.beforeFeedForward, rows: outputs),
        afterFeedForward: norm(norms.afterFeedForward, rows: outputs),
        feedForwardSum: norm(norms.feedForwardSum, rows: outputs),
        queries: norm(branch.turns.queryNorm, rows: outputs, parts: branch.heads.heads),
        keys: norm(branch.turns.keyNorm, rows: sizes.tokens, parts: branch.heads.keyHeads))
    }
  }

  /// Floats of a tape.
  static func size(_ layout: PathLayout, _ block: Block, isLast: Bool) -> Int {
    BlockTape(layout, block, isLast: isLast, at: nil).size
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

  /// The token of each output; nil when they are the same.
  var tokensOfOutputs: [Int32]? { isLast ? layout.targetTokens : nil }

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
    let (token, square) = (layout.token(sentence, point, 0), square(sentence, point))
    return ck_attention_tape(
      queries: isLast ? 1 : keys, keys: keys, heads: heads.heads, key_heads: heads.keyHeads,
      head_size: heads.headSize, query: query + firstOutput(sentence, point) * queryStride,
      key: key + token * keyStride, value: value + token * keyStride, query_stride: queryStride,
      key_stride: keyStride, pattern: pattern + square, scale: heads.scale,
      slopes: scoreSlopes.map { $0 + square })
  }

  /// The same of one head.
  func attention(_ sentence: Int, _ point: Int, head: Int) -> ck_attention_tape {
    var row = attention(sentence, point)
    let (column, square) = (heads.keyColumn(of: head), head * row.queries * row.keys)
    (row.heads, row.key_heads) = (1, 1)
    row.query += head * heads.headSize
    row.key += column
    row.value += column
    row.pattern += square
    row.slopes = row.slopes.map { $0 + square }
    return row
  }

  /// Scratch memory that suffices for each row.
  func scratch(sources: Int = 0) -> Int {
    let n = layout.longest
    var shape = ck_attention_tape(
      queries: n, keys: n, heads: heads.heads, key_heads: heads.keyHeads, head_size: heads.headSize,
      query: query, key: key, value: value, query_stride: 0, key_stride: 0, pattern: pattern, scale: 1,
      slopes: nil)
    return ck_attention_tape_scratch(&shape, sources)
  }
}
