import ExactText

/// What of the history a person's words are found in, newest first, and which of it is chosen.
///
/// Capital letters count where one is typed.
struct HistorySearch {
  /// Each once, newest first, with the text that is searched where capital letters do not count.
  private let entries: [(text: String, folded: String)]
  private(set) var words: String
  private(set) var matches: [String] = []
  /// Of the matches.
  private(set) var chosen = 0

  /// - Parameter history: oldest first.
  init(in history: [String], for words: String = "") {
    var seen: Set<Name> = []
    entries = history.reversed().filter { seen.insert(Name($0)).inserted }.map { ($0, $0.lowercased()) }
    self.words = words
    search()
  }

  var found: String? { matches.indices.contains(chosen) && !words.isEmpty ? matches[chosen] : nil }

  mutating func type(_ scalar: Unicode.Scalar) {
    words.unicodeScalars.append(scalar)
    search()
  }

  mutating func erase() {
    if !words.isEmpty { words.removeLast() }
    search()
  }

  mutating func eraseAll() {
    words = ""
    search()
  }

  /// - Returns: whether there is one.
  mutating func move(older: Bool) -> Bool {
    let next = older ? chosen + 1 : chosen - 1
    guard matches.indices.contains(next) else { return false }
    chosen = next
    return true
  }

  private var countsCase: Bool { words != words.lowercased() }

  private mutating func search() {
    chosen = 0
    let countsCase = countsCase
    matches =
      words.isEmpty ? [] : entries.filter { (countsCase ? $0.text : $0.folded).contains(words) }.map(\.text)
  }
}

// MARK: On the screen
extension HistorySearch {
  private static let prompt = "search: "

  /// The row with what is typed, then a row for each match, as many as fit, with the chosen one among them.
  ///
  /// - Parameters:
  ///   - columns: of the terminal.
  ///   - rows: for all of it, at least 1.
  func lines(columns: Int, rows: Int) -> (lines: [String], cursor: Int) {
    let width = max(4, columns - 1)
    let typed = cut(Self.prompt + words, to: width)
    let count = max(0, min(matches.count, rows - 1))
    let first = min(max(0, chosen - count + 1), max(0, matches.count - count))
    let shown = (first..<first + count).map { row(matches[$0], isChosen: $0 == chosen, width: width) }
    let more = words.isEmpty || !matches.isEmpty ? "" : "  (no command has this)"
    return ([cut(typed + more, to: width)] + shown, displayWidth(typed))
  }

  /// What was typed is underlined; of a longer command the part around it is shown.
  private func row(_ text: String, isChosen: Bool, width: Int) -> String {
    let mark = isChosen ? "> " : "  "
    let room = width - mark.count
    guard let match = place(in: text) else { return mark + cut(text, to: room) }
    let (before, matched) = (String(text[..<match.lowerBound]), cut(String(text[match]), to: room))
    let lead = room - displayWidth(matched) - 3
    let start =
      displayWidth(cut(before, to: .max)) <= max(lead, 0) ? before : "..." + before.suffix(max(0, lead / 2))
    let shownStart = cut(start, to: max(0, room - displayWidth(matched)))
    let left = room - displayWidth(shownStart) - displayWidth(matched)
    return mark + shownStart + "\u{1B}[4m" + matched + "\u{1B}[24m"
      + cut(String(text[match.upperBound...]), to: left)
  }

  private func place(in text: String) -> Range<String.Index>? {
    if let match = text.lastRange(of: words) { return match }
    // Folding may change lengths; then nothing is marked.
    let folded = text.lowercased()
    guard folded.utf8.count == text.utf8.count, let match = folded.lastRange(of: words) else { return nil }
    let start = folded.utf8.distance(from: folded.startIndex, to: match.lowerBound)
    let end = folded.utf8.distance(from: folded.startIndex, to: match.upperBound)
    guard let lower = text.utf8.index(text.startIndex, offsetBy: start).samePosition(in: text),
      let upper = text.utf8.index(text.startIndex, offsetBy: end).samePosition(in: text)
    else { return nil }
    return lower..<upper
  }
}
