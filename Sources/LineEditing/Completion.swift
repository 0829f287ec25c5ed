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

/// What TAB does to the text, given the candidates.
enum CompletionStep: Equatable {
  case nothing
  /// Replaces `count` scalars before the cursor.
  case replace(count: Int, with: String)
  /// Lists the candidates, after replacing the word by `prefix` if that is further than what was typed.
  case list([Completion], replacing: Int, with: String?)
}

extension CompletionResult {
  /// - Parameters:
  ///   - text: the whole text
  ///   - cursor: its UTF-8 offset
  func step(in text: String, cursor: Int) -> CompletionStep {
    precondition(0...cursor ~= start, "a word begins at \(start), behind the cursor at \(cursor)")
    let utf8 = text.utf8
    let from = utf8.index(utf8.startIndex, offsetBy: start)
    let to = utf8.index(utf8.startIndex, offsetBy: cursor)
    let word = text.unicodeScalars[from..<to]
    guard let first = candidates.first else { return .nothing }
    guard candidates.count > 1 else {
      let spaceFollows = text.unicodeScalars[to...].first == " "
      let space = first.appendsSpace && !spaceFollows ? " " : ""
      return .replace(count: word.count, with: first.replacement + space)
    }
    let shared = commonPrefix(of: candidates.map(\.replacement))
    let isProgress = shared.unicodeScalars.count > word.count && shared.unicodeScalars.starts(with: word)
    return .list(candidates, replacing: word.count, with: isProgress ? shared : nil)
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
