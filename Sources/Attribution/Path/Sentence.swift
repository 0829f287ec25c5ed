import Encoders
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
  let types: [Int32]
  /// t, an index into `positions`.
  let target: Int
  let quantity: QuantityOfInterest
  let baseline: Baseline
  /// By original positions.
  let interventions: Interventions

  var length: Int { positions.count }

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
  }

  /// - Precondition: the input was validated.
  init(_ input: AttributionInput, index: Int) {
    self.index = index
    positions = input.mask.indices.filter { input.mask[$0] }
    paddedLength = input.mask.count
    ids = positions.map { input.ids[$0] }
    types = positions.map { input.types[$0] }
    guard let target = positions.firstIndex(of: input.target) else {
      preconditionFailure("target \(input.target) is no real token")
    }
    self.target = target
    quantity = input.quantity
    baseline = input.baseline
    interventions = input.interventions
  }

  /// Writes b + position + type into `base` and x - b into `delta`, both (n, d).
  func writePath(_ embeddings: Embeddings, base: MutableFloats, delta: MutableFloats) {
    let d = embeddings.hidden
    for i in positions.indices {
      let x = embeddings.words.pointer + Int(ids[i]) * d
      let start = baselineRow(i, embeddings)
      let place = embeddings.positions.pointer + positions[i] * d
      let type = embeddings.types.pointer + Int(types[i]) * d
      for c in 0..<d {
        let b = start.map { $0[c] } ?? 0
        base[i * d + c] = b + place[c] + type[c]
        delta[i * d + c] = x[c] - b
      }
    }
  }

  /// nil for zero.
  private func baselineRow(_ i: Int, _ embeddings: Embeddings) -> Floats? {
    if baseline.keep.contains(positions[i]) {
      return embeddings.words.pointer + Int(ids[i]) * embeddings.hidden
    }
    return switch baseline.content {
    case .token(let token): embeddings.words.pointer + token * embeddings.hidden
    case .zero: nil
    }
  }

  /// Whether the word embedding of token `i` differs from its baseline.
  func moves(_ i: Int) -> Bool {
    if baseline.keep.contains(positions[i]) { return false }
    return baseline.content != .token(Int(ids[i]))
  }
}
