import Transformers
import Tensors

/// The real tokens of one input; padding is left out, since nothing reads it.
struct Sentence: Sendable {
  /// Where the input is in the list of inputs.
  let index: Int
  /// (n), the original position of each real token, ascending.
  let positions: [Int]
  /// Length of the input with its padding.
  let paddedLength: Int
  let ids: [Int32]
  /// Of the padded input from the first real token on.
  private let idsInPlace: ArraySlice<Int32>
  let types: [Int32]
  /// t, an index into `positions`.
  let target: Int
  let quantity: QuantityOfInterest
  let baseline: Baseline
  /// By original positions.
  let interventions: Interventions
  let replaced: ReplacedNodes

  var length: Int { positions.count }

  /// The position of a token for the model, counted from the first real one.
  func place(_ i: Int) -> Int { positions[i] - positions[0] }

  /// First and end key of each query, (queries, 2), as the kernels take them; nil where every query reads all keys.
  func ranges(_ mask: AttentionMask, of queries: Range<Int>) -> [Int32]? {
    guard mask != .full else { return nil }
    var ranges: [Int32] = []
    for query in queries {
      let keys = keys(mask, of: query)
      ranges += [Int32(keys.lowerBound), Int32(keys.upperBound)]
    }
    return ranges
  }

  /// The real tokens that a query may read.
  func keys(_ mask: AttentionMask, of query: Int) -> Range<Int> {
    let keys = mask.keys(of: place(query), length: place(length - 1) + 1)
    let start = positions.indices.first { place($0) >= keys.lowerBound } ?? length
    let end = positions.indices.first { place($0) >= keys.upperBound } ?? length
    return start..<max(start, end)
  }

  /// The token at a position of the padded input, as an index into `positions`.
  func token(at position: Int) throws -> Int {
    guard let token = positions.firstIndex(of: position) else {
      throw AttributionFault.patternIsPadding(position)
    }
    return token
  }

  /// Bytes that the replacements take at one point: an entry for each token.
  var editBytes: Int {
    let entries = interventions.replacements.reduce(0) { $0 + ($1.node.position == nil ? length : 1) }
    return entries * MemoryLayout<EditPlan.Edit>.stride
      + interventions.cuts.count * MemoryLayout<AttentionCut>.stride
  }

  /// - Precondition: the input was validated.
  init(_ input: AttributionInput, index: Int) {
    self.index = index
    positions = input.mask.indices.filter { input.mask[$0] }
    paddedLength = input.mask.count
    ids = positions.map { input.ids[$0] }
    idsInPlace = input.ids[(positions.first ?? 0)...]
    types = positions.map { input.types[$0] }
    guard let target = positions.firstIndex(of: input.target) else {
      preconditionFailure("target \(input.target) is no real token")
    }
    self.target = target
    quantity = input.quantity
    baseline = input.baseline
    interventions = input.interventions
    replaced = ReplacedNodes(input.interventions)
  }

  /// Writes b + position + type into `base` and x - b into `delta`, words by the model's scale, both (n, e).
  func writePath(_ embeddings: Embeddings, base: MutableFloats, delta: MutableFloats) {
    let (e, scale, rows) = (embeddings.width, embeddings.scale, embeddings.positionRows(of: idsInPlace))
    for i in positions.indices {
      let x = embeddings.words.pointer + Int(ids[i]) * e
      let start = baselineRow(i, embeddings)
      let own = embeddings.positions.map { $0.pointer + Int(rows[place(i)]) * e }
      let type = embeddings.types.map { $0.pointer + Int(types[i]) * e }
      for c in 0..<e {
        let b = start.map { $0[c] } ?? 0
        base[i * e + c] = scale * b + (own.map { $0[c] } ?? 0) + (type.map { $0[c] } ?? 0)
        delta[i * e + c] = scale * (x[c] - b)
      }
    }
  }

  /// (1, padded n, e): the word embeddings at a place on the path, zeros at padding.
  func words(at alpha: Float, _ embeddings: Embeddings) -> Tensor {
    let e = embeddings.width
    return Tensor(shape: [1, paddedLength, e]) { target in
      target.update(repeating: 0)
      for (i, position) in positions.enumerated() {
        let (x, start) = (embeddings.words.pointer + Int(ids[i]) * e, baselineRow(i, embeddings))
        for c in 0..<e {
          let b = start.map { $0[c] } ?? 0
          target[position * e + c] = b + alpha * (x[c] - b)
        }
      }
    }
  }

  /// nil for zero.
  private func baselineRow(_ i: Int, _ embeddings: Embeddings) -> Floats? {
    if baseline.keep.contains(positions[i]) {
      return embeddings.words.pointer + Int(ids[i]) * embeddings.width
    }
    return baselineToken(i).map { embeddings.words.pointer + $0 * embeddings.width }
  }

  /// nil for zero.
  private func baselineToken(_ i: Int) -> Int? { baseline.content.token(at: positions[i]) }

  /// Whether the word embedding of token `i` differs from its baseline.
  func moves(_ i: Int) -> Bool {
    if baseline.keep.contains(positions[i]) { return false }
    return baselineToken(i) != Int(ids[i])
  }
}
