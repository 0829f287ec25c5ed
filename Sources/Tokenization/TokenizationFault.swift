import ExactText
import Faults
import JSONReading

/// What can be wrong with a tokenizer's files or with a text for it.
public enum TokenizationFault: Fault, Equatable {
  case vocabularyEmpty
  case vocabularyLineNotUTF8(line: Int)
  /// `others` are files of other tokenizers that are there.
  case vocabularyMissing(others: [String])
  /// By the first token that has another id in one of them, or none.
  case vocabulariesDiffer(token: String, text: Int?, json: Int?)
  case idTooLarge(token: String, id: Int)
  /// The role is nil for a token without one.
  case specialTokenMissing(role: String?, token: String, file: String)
  /// There is no token of a role that is needed.
  case roleMissing(String)
  /// A word that is not one entry, with the pieces that it has.
  case notOneEntry(word: String, pieces: [String])
  /// A regular expression that goes back and forth in a text without end.
  case patternTooCostly(String)
  case mergesMalformed(line: Int, text: String)
  case mergeTokenMissing(line: Int, token: String)
  case addedTokenID(token: String, stated: Int, actual: Int)
  case addedTokenTaken(token: String, id: Int, other: String)
  /// A setting that this tokenizer does not know; the value as it stands in the file.
  case unsupported(key: String, value: String, file: String)
  case json(file: String, JSONProblem)
  case tooLong(length: Int, limit: Int)

  public var code: String {
    switch self {
    case .vocabularyEmpty, .vocabularyLineNotUTF8, .idTooLarge: "vocabulary-malformed"
    case .mergesMalformed, .mergeTokenMissing: "merges-malformed"
    case .vocabularyMissing: "vocabulary-missing"
    case .vocabulariesDiffer: "vocabularies-differ"
    case .specialTokenMissing, .roleMissing: "special-token-missing"
    case .notOneEntry: "not-one-entry"
    case .patternTooCostly: "pattern-too-costly"
    case .addedTokenID, .addedTokenTaken: "added-token-conflict"
    case .unsupported: "tokenizer-unsupported"
    case .json: "tokenizer-file-malformed"
    case .tooLong: "text-too-long"
    }
  }

  public var message: String {
    switch self {
    case .vocabularyEmpty: "the vocabulary holds no pieces"
    case .vocabularyLineNotUTF8(let line): "vocabulary line \(line) is not UTF-8"
    case .vocabularyMissing(let others):
      "there is neither a vocab.txt nor a tokenizer.json, so no vocabulary"
        + (others.isEmpty ? "" : "; found \(others.joined(separator: ", ")) of another tokenizer")
    case .vocabulariesDiffer(let token, let text, let json):
      "vocab.txt and tokenizer.json differ at \(quoted(token)): \(place(text)) and \(place(json))"
    case .idTooLarge(let token, let id):
      "\(quoted(token)) has id \(id), expected at most \(Vocabulary.largestID)"
    case .specialTokenMissing(let role, let token, let file):
      "\(file) has no \(token)\(role.map { ", the \($0) token" } ?? "")"
    case .roleMissing(let role): "the tokenizer has no \(role) token"
    case .notOneEntry(let word, let pieces):
      "\(quoted(word)) is not one vocabulary entry; its pieces are \(pieces.joined(separator: " "))"
    case .patternTooCostly(let pattern):
      "the tokenizer's pattern \(quoted(pattern)) takes too many steps in this text"
    case .mergesMalformed(let line, let text):
      "merges.txt: line \(line): expected two pieces with a blank between them, found \(quoted(text))"
    case .mergeTokenMissing(let line, let token):
      "merges.txt: line \(line): \(quoted(token)) is no entry of vocab.json"
    case .addedTokenID(let token, let stated, let actual):
      "added token \(quoted(token)) has id \(stated), but the vocabulary has it with id \(actual)"
    case .addedTokenTaken(let token, let id, let other):
      "added token \(quoted(token)) has id \(id), but the vocabulary has \(quoted(other)) there"
    case .unsupported(let key, let value, let file):
      "\(file): \(key) is \(value), which asks for another tokenizer than BERT's WordPiece"
    case .json(let file, let problem): "\(file)\(problem.sentence)"
    case .tooLong(let length, let limit):
      "the text has \(length) tokens with its special tokens, the limit is \(limit), "
        + "max_position_embeddings of config.json"
    }
  }

  public var remedy: String? {
    switch self {
    case .vocabulariesDiffer: "remove the file that does not belong to the model"
    case .vocabularyMissing: "put the vocab.txt the model was trained with into its folder"
    case .specialTokenMissing(let role?, _, _):
      "if the model calls its \(role) token otherwise, name it in tokenizer_config.json"
    case .tooLong: "shorten the text or split it"
    default: nil
    }
  }

  private func place(_ id: Int?) -> String { id.map { "id \($0)" } ?? "not there" }
}

extension TokenizationFault {
  /// Adds the name of the file to what `read` finds wrong with its JSON.
  static func inFile<Contents>(_ file: String, _ read: () throws -> Contents) throws -> Contents {
    do {
      return try read()
    } catch let problem as JSONProblem {
      throw TokenizationFault.json(file: file, problem)
    }
  }
}
