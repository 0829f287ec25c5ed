import Faults
import JSONReading

/// What can be wrong with a tokenizer's files or with a text for it.
public enum TokenizationFault: Fault, Equatable {
  case vocabularyEmpty
  case vocabularyLineEmpty(line: Int)
  case vocabularyLineNotUTF8(line: Int)
  /// `first` and `again` are ids.
  case vocabularyDuplicate(token: String, first: Int, again: Int)
  case vocabularyMissing
  case vocabulariesDiffer(id: Int, text: String?, json: String?)
  case vocabularyIDs(count: Int, id: Int, token: String)
  case specialTokenMissing(role: String, token: String)
  case addedTokenID(token: String, stated: Int, expected: Int)
  case addedTokenOption(token: String, option: String)
  case json(file: String, JSONProblem)
  case tooLong(length: Int, limit: Int)

  public var code: String {
    switch self {
    case .vocabularyEmpty, .vocabularyLineEmpty, .vocabularyLineNotUTF8, .vocabularyDuplicate,
      .vocabularyIDs:
      "vocabulary-malformed"
    case .vocabularyMissing: "vocabulary-missing"
    case .vocabulariesDiffer: "vocabularies-differ"
    case .specialTokenMissing: "special-token-missing"
    case .addedTokenID, .addedTokenOption: "added-token-unsupported"
    case .json: "tokenizer-file-malformed"
    case .tooLong: "text-too-long"
    }
  }

  public var message: String {
    switch self {
    case .vocabularyEmpty: "the vocabulary holds no pieces"
    case .vocabularyLineEmpty(let line): "vocabulary line \(line) is empty"
    case .vocabularyLineNotUTF8(let line): "vocabulary line \(line) is not UTF-8"
    case .vocabularyDuplicate(let token, let first, let again):
      "the vocabulary has \(quoted(token)) twice: ids \(first) and \(again), lines \(first + 1) and \(again + 1) of a vocab.txt"
    case .vocabularyMissing: "there is neither a vocab.txt nor a tokenizer.json, so no vocabulary"
    case .vocabulariesDiffer(let id, let text, let json):
      "vocab.txt and tokenizer.json differ at id \(id): \(text ?? "nothing") and \(json ?? "nothing")"
    case .vocabularyIDs(let count, let id, let token):
      "tokenizer.json: model.vocab: \(count) pieces need the ids 0...\(count - 1), each once; "
        + "\(token) has id \(id)"
    case .specialTokenMissing(let role, let token):
      "the vocabulary has no \(token), the \(role) token"
    case .addedTokenID(let token, let stated, let expected):
      "added token \(token) has id \(stated), expected \(expected)"
    case .addedTokenOption(let token, let option):
      "added token \(token) sets \(option), which is not supported"
    case .json(let file, let problem): "\(file)\(problem.sentence)"
    case .tooLong(let length, let limit):
      "the text has \(length) tokens with its special tokens, the limit is \(limit)"
    }
  }

  public var remedy: String? {
    switch self {
    case .vocabulariesDiffer: "remove the file that does not belong to the model"
    case .vocabularyMissing: "put the vocab.txt the model was trained with into its folder"
    case .specialTokenMissing(let role, _):
      "name the model's own \(role) token in tokenizer_config.json, or use its own vocabulary"
    case .tooLong: "shorten the text or split it"
    default: nil
    }
  }
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
