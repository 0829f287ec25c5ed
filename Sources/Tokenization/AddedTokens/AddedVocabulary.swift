import ExactText

/// A vocabulary with the tokens that are added to it.
struct AddedVocabulary {
  /// The pieces and those of the tokens that have an id.
  private(set) var vocabulary: Vocabulary
  /// All tokens, in the order in which the library looks for them: special ones first.
  private(set) var tokens: [AddedToken] = []
  private var seen = PieceTrie(pieceEstimate: 0)
  /// The largest id of a token that was added or found.
  private var lastID: Int?
  /// Entries of the model itself.
  private let entryCount: Int

  /// Special tokens that the vocabulary has, or lacks.
  init(extending pieces: Vocabulary, with tokens: [AddedToken]) {
    vocabulary = pieces
    entryCount = pieces.entryCount
    self.tokens = tokens
  }

  /// - Parameters:
  ///   - numbered: tokens that a file lists.
  ///   - named: tokens that have a role; one that the vocabulary lacks is numbered but has no embedding that was trained,
  ///     so it gets no id.
  ///   - additional: other special tokens; the vocabulary goes on with those that it lacks.
  ///   - rows: the embeddings of the model; ids from there on are not given to unnumbered tokens.
  /// - Throws: ``TokenizationFault`` for an id that is another token's or not the token's own.
  init(
    extending pieces: Vocabulary, numbered: [AddedToken], named: [AddedToken], additional: [AddedToken],
    rows: Int
  ) throws {
    vocabulary = pieces
    entryCount = pieces.entryCount
    for token in numbered.sorted(by: { $0.id ?? .max < $1.id ?? .max }) {
      try add(token, id: token.id)
    }
    for token in named { try add(token, id: nil) }
    for token in additional { try add(token, id: nextID(rows: rows)) }
    tokens = tokens.filter(\.isSpecial) + tokens.filter { !$0.isSpecial }
  }

  /// The first to be added under a name counts.
  private mutating func add(_ token: AddedToken, id: Int?) throws {
    guard !token.content.isEmpty, try seen.set(token.content.unicodeScalars, id: 0) else { return }
    tokens.append(token)
    if let known = vocabulary.id(of: token.content) {
      if let stated = token.id, stated != known {
        throw TokenizationFault.addedTokenID(token: token.content, stated: stated, actual: known)
      }
      lastID = max(lastID ?? 0, known)
    } else if let id {
      try set(token, id)
      lastID = max(lastID ?? 0, id)
    } else {
      lastID = libraryID
    }
  }

  /// Nil where the model has no embedding or another token for it.
  private func nextID(rows: Int) -> Int? {
    libraryID < rows && vocabulary.token(libraryID) == nil ? libraryID : nil
  }

  private mutating func set(_ token: AddedToken, _ id: Int) throws {
    guard id <= Vocabulary.largestID else {
      throw TokenizationFault.idTooLarge(token: token.content, id: id)
    }
    if let other = vocabulary.token(id) {
      throw TokenizationFault.addedTokenTaken(token: token.content, id: id, other: other)
    }
    try vocabulary.set(token.content, id)
  }

  /// The id that the library gives the next token: behind the last added one, or as many as there are entries.
  private var libraryID: Int {
    if let lastID, lastID >= entryCount { return lastID + 1 }
    return entryCount
  }
}
