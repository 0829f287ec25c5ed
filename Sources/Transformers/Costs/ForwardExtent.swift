import Tensors

/// How much of the network a request needs, of so many sequences of one length: what a pass goes by, and what its work
/// and its memory are computed from.
public struct ForwardExtent: Sendable {
  let model: Transformer
  let request: ForwardRequest
  let rows: Int
  let length: Int
  /// The tokens that the classifier reads, one of each row.
  let classifiedTokens: [Int]

  /// Of sequences that are not known yet.
  ///
  /// - Parameters:
  ///   - rows: B, sequences that run together
  ///   - length: n, tokens of each, padding included
  public init(_ model: Transformer, _ request: ForwardRequest, rows: Int, length: Int) {
    (self.model, self.request, self.rows, self.length) = (model, request, rows, length)
    classifiedTokens = (0..<rows).map { $0 * length }
  }

  init(_ model: Transformer, _ request: ForwardRequest, _ batch: TokenBatch) {
    (self.model, self.request, rows, length) = (model, request, batch.rows, batch.length)
    classifiedTokens = (0..<rows).map { row in
      let own = row * batch.length..<(row + 1) * batch.length
      return own.lowerBound + model.configuration.classifiedPosition(batch.ids[own], batch.mask[own])
    }
  }

  var configuration: TransformerConfiguration { model.configuration }
  var hidden: Int { configuration.hidden }
  var tokens: Int { rows * length }

  /// The layers to run: all if a head is wanted, else those up to the last captured one.
  var layers: Range<Int> {
    let first = request.start?.layer ?? 0
    return first..<max(first, end)
  }

  private var end: Int {
    readsHeads ? configuration.layers : lastCapturedLayer.map { $0 + 1 } ?? 0
  }

  /// Whether anything behind the last layer is wanted.
  var readsHeads: Bool {
    request.classify || !request.wordPositions.isEmpty || !request.quantities.isEmpty
      || request.capture.contains { $0.kind != .embed && $0.layer == nil }
  }

  private var lastCapturedLayer: Int? { request.capture.compactMap(\.layer).max() }

  /// The quantities that read words, with the tokens they are read at.
  var wordQuantities: [(token: Int, quantity: QuantityOfInterest)] {
    request.quantities.filter { !$0.quantity.readsLabels }.map {
      ($0.row * length + $0.position, $0.quantity)
    }
  }

  /// Quantities that read the logits of all words.
  var wholeQuantities: Int { wordQuantities.count { $0.quantity.logitCoefficients == nil } }

  var wantsPooled: Bool {
    request.classify || request.readsLabels
      || !request.capture.isDisjoint(with: [Site(.pooled), Site(.classLogits)])
  }

  /// The tokens of which the heads read the last hidden state, ascending; nil when the whole last layer is
  /// wanted.
  var tokensForHeads: [Int]? {
    let last = configuration.layers - 1
    if lastCapturedLayer == last || !request.capture.isDisjoint(with: [Site(.logits), Site(.final)]) {
      return nil
    }
    var tokens = Set(request.wordPositions.map { $0.row * length + $0.position })
    tokens.formUnion(wordQuantities.map(\.token))
    if wantsPooled { tokens.formUnion(classifiedTokens) }
    return tokens.sorted()
  }

  /// Zeros in the form of the result.
  var form: ForwardResult {
    ForwardResult(
      activations: Dictionary(
        uniqueKeysWithValues: request.capture.map {
          ($0, .zeros($0.shape(in: configuration, rows: rows, length: length)))
        }),
      wordLogits: request.wordPositions.isEmpty
        ? nil : .zeros([request.wordPositions.count, configuration.vocabulary]),
      classLogits: request.classify ? .zeros([rows, configuration.labels.count]) : nil,
      quantities: Array(repeating: 0, count: request.quantities.count))
  }
}

extension Tensor {
  fileprivate static func zeros(_ shape: [Int]) -> Tensor { Tensor(shape: shape, repeating: 0) }
}
