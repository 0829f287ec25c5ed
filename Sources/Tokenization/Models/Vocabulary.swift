import Faults

/// The word pieces of a model by their ids.
///
/// Pieces are compared scalar by scalar, as the models' own files do: the composed and the
/// decomposed form of an accented letter are two pieces. An id may have no piece that a text can yield: where a
/// vocab.txt has a blank line, and where a tokenizer.json leaves ids out.
public struct Vocabulary: Sendable {
  /// By id; nil for one without a piece.
  private var tokens: [String?]
  private(set) var trie: PieceTrie
  /// How many different entries there are, the blank one included: the size of the library's dictionary.
  private(set) var entryCount: Int

  /// Ids above are refused: no model has as many rows, and room is made for each id.
  static let largestID = (1 << 22) - 1

  /// From the text of a `vocab.txt`: one piece a line; see ``lines(of:)``.
  ///
  /// Of equal lines the last gives the piece its id, as in transformers.
  ///
  /// - Throws: ``TokenizationFault`` when there is no piece, and with the line (from 1) that is not UTF-8.
  public init(vocabText: [UInt8]) throws {
    try self.init(tokens: Self.lines(of: vocabText))
  }

  /// Without a piece, for a model whose folder has no tokenizer.
  init() { (tokens, trie, entryCount) = ([], PieceTrie(pieceEstimate: 0), 0) }

  /// - Parameter tokens: by id, blank ones without a piece.
  init(tokens: [String]) throws {
    try self.init(entries: tokens.enumerated().interruptibleMap { ($0.element, $0.offset) })
  }

  /// - Parameter entries: pieces with their ids, up to ``largestID``; of equal pieces the last counts.
  /// - Throws: ``TokenizationFault`` when there is no piece.
  init(entries: [(token: String, id: Int)]) throws {
    let pieces = try entries.interruptibleFilter { !$0.token.isEmpty }
    guard let largest = pieces.map(\.id).max() else { throw TokenizationFault.vocabularyEmpty }
    tokens = Array(repeating: nil, count: largest + 1)
    trie = PieceTrie(pieceEstimate: pieces.count)
    entryCount = pieces.count < entries.count ? 1 : 0
    var steps = Steps()
    for (token, id) in pieces {
      try steps.next()
      try set(token, id)
    }
  }

  /// Gives an id to a token.
  mutating func set(_ token: String, _ id: Int) throws {
    if id >= tokens.count {
      tokens += Array(repeating: nil, count: id + 1 - tokens.count)
    }
    tokens[id] = token
    if try trie.set(token.unicodeScalars, id: Int32(id)) { entryCount += 1 }
  }

  /// One more than the largest id of a piece.
  public var count: Int { tokens.count }

  public func id(of token: String) -> Int? {
    trie.node(at: token.unicodeScalars).flatMap(trie.id(at:))
  }

  /// As ``id(of:)``, of a text in scalars.
  func id(ofText text: some Sequence<Unicode.Scalar>) -> Int32? {
    trie.node(at: text).flatMap(trie.id(at:)).map(Int32.init)
  }

  /// By byte: the ids of `<0x00>` to `<0xFF>`.
  var byteTokens: [Int32?] {
    let digits = Array("0123456789ABCDEF")
    return (0..<256).map { id(of: "<0x\(digits[$0 / 16])\(digits[$0 % 16])>").map(Int32.init) }
  }

  /// Nil outside `0..<count`, and for an id without a piece.
  public func token(_ id: Int) -> String? {
    tokens.indices.contains(id) ? tokens[id] : nil
  }

  /// The token, or `id[25]` for an id without one: models may have more embeddings than pieces.
  public func name(of id: Int) -> String { token(id) ?? "id[\(id)]" }

  /// All pieces, in the order of their ids.
  var pieces: some Sequence<String> { tokens.lazy.compactMap(\.self) }

  /// The first `limit` tokens that begin with `prefix`, in the vocabulary's order, which is often
  /// roughly that of frequency. One pass over the list: about a millisecond for BERT's 30,522.
  public func tokens(withPrefix prefix: String, limit: Int) -> [String] {
    let matching = pieces.lazy.filter { $0.utf8.starts(with: prefix.utf8) }
    return Array(matching.prefix(max(0, limit)))
  }

  /// The lines as strings, ended by `\n`, `\r\n` or `\r` as Python's `readlines` has them; the last may end without.
  /// Blank lines count. White space at the end of a line does not, as for the library. What is not text is a fault,
  /// never replaced.
  static func lines(of text: [UInt8]) throws -> [String] {
    var lines: [String] = []
    var start = 0
    var steps = Steps()
    for index in text.indices {
      try steps.next()
      guard text[index] == 0x0A || text[index] == 0x0D else { continue }
      if text[index] == 0x0A, index > 0, text[index - 1] == 0x0D {
        start = index + 1
        continue
      }
      lines.append(try line(text[start..<index], number: lines.count + 1))
      start = index + 1
    }
    if start < text.count { lines.append(try line(text[start...], number: lines.count + 1)) }
    return lines
  }

  private static func line(_ bytes: ArraySlice<UInt8>, number: Int) throws -> String {
    guard let string = try String(interruptiblyValidating: bytes) else {
      throw TokenizationFault.vocabularyLineNotUTF8(line: number)
    }
    let scalars = string.unicodeScalars
    guard scalars.last?.properties.isWhitespace == true else { return string }
    var steps = Steps()
    let end = try scalars.lastIndex {
      try steps.next()
      return !$0.properties.isWhitespace
    }
    return String(scalars[..<(end.map(scalars.index(after:)) ?? scalars.startIndex)])
  }
}
