import ExactText

/// One way to complete the word before the cursor.
public struct Completion: Sendable, Equatable {
  /// The full text that replaces the word.
  public let replacement: String
  /// What a list of several candidates shows.
  public let display: String
  /// Shown beside `display`, cut where the terminal is too narrow.
  public let description: String?
  /// Whether a space follows the replacement when it is the only candidate.
  public let appendsSpace: Bool

  public init(
    replacement: String, display: String? = nil, description: String? = nil,
    appendsSpace: Bool = true
  ) {
    self.replacement = replacement
    self.display = display ?? replacement
    self.description = description
    self.appendsSpace = appendsSpace
  }
}

/// The candidates for the word that ends at the cursor.
public struct CompletionResult: Sendable, Equatable {
  /// UTF-8 offset in the text where that word begins, at most the cursor's.
  public let start: Int
  public let candidates: [Completion]

  public init(start: Int, candidates: [Completion]) {
    self.start = start
    self.candidates = candidates
  }
}

/// What TAB does, given the candidates: sets a text, lists them, or both.
struct CompletionStep: Equatable {
  /// The new text and the cursor's place in it, in scalars; nil leaves it as it is.
  var edit: TextEdit?
  /// Empty: nothing is listed.
  var listed: [Completion] = []
}

struct TextEdit: Equatable {
  let text: String
  /// In Unicode scalars.
  let cursor: Int
}

extension CompletionResult {
  /// - Parameters:
  ///   - text: the whole text
  ///   - cursor: its UTF-8 offset
  func step(in text: String, cursor: Int) -> CompletionStep {
    precondition(0...cursor ~= start, "a word begins at \(start), behind the cursor at \(cursor)")
    let scalars = text.unicodeScalars
    let from = text.utf8.index(text.startIndex, offsetBy: start)
    let to = text.utf8.index(text.startIndex, offsetBy: cursor)
    guard let first = candidates.first else { return CompletionStep() }
    func replaced(by replacement: String) -> TextEdit {
      let before = String(scalars[..<from]) + replacement
      return TextEdit(text: before + String(scalars[to...]), cursor: before.unicodeScalars.count)
    }
    guard candidates.count > 1 else {
      let space = first.appendsSpace && scalars[to...].first != " " ? " " : ""
      return CompletionStep(edit: replaced(by: first.replacement + space))
    }
    let word = scalars[from..<to]
    let shared = commonPrefix(of: candidates.map(\.replacement))
    let isProgress = shared.unicodeScalars.count > word.count && shared.unicodeScalars.starts(with: word)
    return CompletionStep(edit: isProgress ? replaced(by: shared) : nil, listed: candidates)
  }
}

/// The longest prefix of whole characters that all the texts share.
func commonPrefix(of texts: [String]) -> String {
  guard var shared = texts.first?[...] else { return "" }
  for text in texts.dropFirst() {
    shared = shared.prefix(zip(shared, text).prefix { $0 == $1 }.count)
  }
  return String(shared)
}
