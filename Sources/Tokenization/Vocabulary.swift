/// The word pieces of a model; a piece's id is its place in the list.
///
/// Pieces are compared scalar by scalar, as the models' own files do: the composed and the
/// decomposed form of an accented letter are two pieces.
public struct Vocabulary: Sendable {
  private var tokens: [String]
  private(set) var trie: PieceTrie

  /// From the text of a `vocab.txt`: one piece a line, `\n` or `\r\n`; the last line may end without.
  ///
  /// - Throws: ``TokenizationFault`` with the line (from 1) that is empty, a repetition or not UTF-8.
  public init(vocabText: [UInt8]) throws {
    try self.init(tokens: Self.lines(of: vocabText))
  }

  /// - Throws: ``TokenizationFault`` when there is no token or one stands there twice.
  init(tokens: [String]) throws {
    guard !tokens.isEmpty else { throw TokenizationFault.vocabularyEmpty }
    self.tokens = []
    self.tokens.reserveCapacity(tokens.count)
    trie = PieceTrie(edgeEstimate: 3 * tokens.count)
    for token in tokens { try append(token) }
  }

  /// Gives `token` the next id.
  mutating func append(_ token: String) throws {
    let id = tokens.count
    let first = Int(trie.insert(token.unicodeScalars, id: Int32(id)))
    guard first == id else {
      throw TokenizationFault.vocabularyDuplicate(token: token, first: first, again: id)
    }
    tokens.append(token)
  }

  public var count: Int { tokens.count }

  public func id(of token: String) -> Int? {
    trie.node(at: token.unicodeScalars).flatMap(trie.id(at:))
  }

  /// Nil outside `0..<count`.
  public func token(_ id: Int) -> String? {
    tokens.indices.contains(id) ? tokens[id] : nil
  }

  /// The first `limit` tokens that begin with `prefix`, in the vocabulary's order, which is often
  /// roughly that of frequency. One pass over the list: about a millisecond for BERT's 30,522.
  public func tokens(withPrefix prefix: String, limit: Int) -> [String] {
    let matching = tokens.lazy.filter { $0.utf8.starts(with: prefix.utf8) }
    return Array(matching.prefix(max(0, limit)))
  }

  /// The lines as strings; what is not text is a fault, never replaced.
  static func lines(of text: [UInt8]) throws -> [String] {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return try lines.enumerated().map { index, line in
      let piece = line.last == UInt8(ascii: "\r") ? line.dropLast() : line
      guard !piece.isEmpty else { throw TokenizationFault.vocabularyLineEmpty(line: index + 1) }
      let string = String(decoding: piece, as: UTF8.self)
      guard string.utf8.elementsEqual(piece) else {
        throw TokenizationFault.vocabularyLineNotUTF8(line: index + 1)
      }
      return string
    }
  }
}
