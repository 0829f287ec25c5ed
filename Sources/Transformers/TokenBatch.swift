/// Token ids of several sequences, padded to one length.
public struct TokenBatch: Sendable, Equatable {
  /// B, sequences.
  public let rows: Int
  /// n, tokens of each, padding included.
  public let length: Int
  /// (B, n) row-major, as `types` and `mask`.
  public let ids: [Int32]
  public let types: [Int32]
  /// True for a real token, false for padding.
  public let mask: [Bool]

  /// - Precondition: `ids`, `types` and `mask` have `rows * length` elements each.
  public init(ids: [Int32], types: [Int32], mask: [Bool], rows: Int, length: Int) {
    precondition(rows >= 0 && length >= 0, "\(rows) rows of \(length) tokens")
    for count in [ids.count, types.count, mask.count] {
      precondition(count == rows * length, "\(count) elements for \(rows) rows of \(length) tokens")
    }
    self.ids = ids
    self.types = types
    self.mask = mask
    self.rows = rows
    self.length = length
  }

  /// Pads on the right to the longest sequence, with `padToken` of type 0.
  ///
  /// - Precondition: each sequence has as many types as ids.
  public init(sequences: [(ids: [Int32], types: [Int32])], padToken: Int) {
    let length = sequences.map(\.ids.count).max() ?? 0
    var (ids, types, mask): ([Int32], [Int32], [Bool]) = ([], [], [])
    for sequence in sequences {
      precondition(sequence.ids.count == sequence.types.count, "one type for each id")
      let missing = length - sequence.ids.count
      ids += sequence.ids + Array(repeating: Int32(padToken), count: missing)
      types += sequence.types + Array(repeating: 0, count: missing)
      mask += Array(repeating: true, count: sequence.ids.count) + Array(repeating: false, count: missing)
    }
    self.init(ids: ids, types: types, mask: mask, rows: sequences.count, length: length)
  }

  /// (B, n): the position of each token for the model, counted from the first real one of its row: a row's values are the
  /// same whichever side its padding is on. 0 for padding before it.
  package var places: [Int32] {
    (0..<rows).flatMap { row in
      let own = mask[row * length..<(row + 1) * length]
      let first = (own.firstIndex(of: true) ?? own.startIndex) - own.startIndex
      return (0..<length).map { Int32(max(0, $0 - first)) }
    }
  }

  /// (B, n): the rows of position embeddings; 0 for padding before the first real token.
  package func positionRows(_ embeddings: Embeddings) -> [Int32] {
    guard embeddings.positions != nil else { return places }
    return (0..<rows).flatMap { row in
      let own = row * length..<(row + 1) * length
      let first = mask[own].firstIndex(of: true) ?? own.lowerBound
      return Array(repeating: 0, count: first - own.lowerBound)
        + embeddings.positionRows(of: ids[first..<own.upperBound])
    }
  }

  /// The same sequences `count` times over: copy by copy.
  package func repeated(_ count: Int) -> TokenBatch {
    func times<T>(_ values: [T]) -> [T] { Array(repeatElement(values, count: count).joined()) }
    return TokenBatch(
      ids: times(ids), types: times(types), mask: times(mask), rows: rows * count, length: length)
  }

  /// - Throws: ``TransformerFault`` for what `configuration`'s model cannot take.
  package func validate(for configuration: TransformerConfiguration) throws {
    guard rows > 0, length > 0 else { throw TransformerFault.emptyBatch(rows: rows, length: length) }
    guard length <= configuration.maxPositions else {
      throw TransformerFault.tooManyPositions(length, maximum: configuration.maxPositions)
    }
    for index in ids.indices {
      let (row, position) = (index / length, index % length)
      guard 0..<configuration.vocabulary ~= Int(ids[index]) else {
        throw TransformerFault.tokenOutOfVocabulary(
          ids[index], row: row, position: position, vocabulary: configuration.vocabulary)
      }
      guard 0..<max(1, configuration.types) ~= Int(types[index]) else {
        throw TransformerFault.typeOutOfRange(
          types[index], row: row, position: position, types: configuration.types)
      }
    }
    for row in 0..<rows where !mask[row * length..<(row + 1) * length].contains(true) {
      throw TransformerFault.noRealToken(row: row)
    }
  }
}
