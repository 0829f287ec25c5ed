import ExactText
import Scripting

/// What people type who know another program, and what they would write here.
///
///     Habit(word: "true", as: "True")                     // a word of a line
///     Habit(line: "variables", as: #"\d"#, runs: true)    // a whole line, which the prompt runs
package struct Habit: Sendable {
  package enum Extent: Sendable { case line, word }

  /// What to say about a slip.
  package struct Answer: Sendable, Equatable {
    /// What would have worked; nil where nothing does the same.
    package let line: String?
    /// Why it did not.
    package let reason: String

    package init(_ line: String?, _ reason: String) { (self.line, self.reason) = (line, reason) }
  }

  /// What answers may depend on.
  package struct Place {
    package let registry: CommandRegistry
    /// The verb that the line begins with.
    package let verb: (any Command)?
  }

  package typealias Answering = @Sendable (_ found: NameTable<String>, _ place: Place) -> Answer?

  let extent: Extent
  let typed: HabitPattern
  /// Whether the prompt runs the answer instead of showing it.
  let runs: Bool
  let answer: Answering

  package init(_ extent: Extent, _ typed: String, runs: Bool = false, answer: @escaping Answering) {
    (self.extent, self.typed, self.runs, self.answer) = (extent, HabitPattern(typed), runs, answer)
  }

  /// A word of a line.
  package init(word written: String, as typed: String, reason: String? = nil) {
    let template = HabitPattern(written)
    self.init(.word, typed) { found, _ in
      let word = template.filled(with: found)
      return Answer(word, reason ?? "that is `\(word)` here")
    }
  }

  /// A whole line.
  package init(line written: String, as typed: String, runs: Bool = false, reason: String? = nil) {
    let template = HabitPattern(written)
    self.init(.line, typed, runs: runs) { found, _ in
      Answer(template.filled(with: found), reason ?? "that is written otherwise here")
    }
  }

  /// A line that nothing here does the same as.
  package init(nothing typed: String, reason: String) {
    self.init(.line, typed) { _, _ in Answer(nil, reason) }
  }

  package init(nothing typed: String, _ answer: @escaping Answering) {
    self.init(.line, typed, answer: answer)
  }

  func answer(to text: String, _ place: Place) -> Answer? { typed.match(text).flatMap { answer($0, place) } }
}

extension CommandRegistry {
  /// Bytes of what a person types in a hurry; longer lines are not looked through.
  private static let longestHabit = 1000

  /// What the prompt runs for a line that is a habit from elsewhere: `help forward` for `forward?`.
  ///
  /// - Parameter isName: whether a word has a value.
  package func command(for line: String, unless isName: (String) -> Bool) -> String? {
    guard line.utf8.count <= Self.longestHabit else { return nil }
    let line = line.trimmed
    let names = line.split { !($0.isLetter || $0.isNumber || $0 == "_") }.map(String.init)
    guard !names.contains(where: isName) else { return nil }
    return habit(.line, line, onlyRunning: true)?.line
  }

  private func habit(_ extent: Habit.Extent, _ text: String, onlyRunning: Bool = false) -> Habit.Answer? {
    guard text.utf8.count <= Self.longestHabit else { return nil }
    let verb = text.split { $0 == " " || $0 == "\t" }.first.flatMap { self[String($0)] }
    let place = Habit.Place(registry: self, verb: verb)
    return habits.lazy.filter { $0.extent == extent && ($0.runs || !onlyRunning) }
      .compactMap { $0.answer(to: text, place) }.first
  }

  /// The diagnostic with the line that would have worked in its first line, where the habit is known.
  package func answering(_ diagnostic: Diagnostic) -> Diagnostic {
    guard diagnostic.severity == .error, Self.slips.contains(diagnostic.code), let span = diagnostic.span
    else {
      return diagnostic
    }
    if let answer = habit(.line, span.line.trimmed) { return diagnostic.saying(answer, writing: answer.line) }
    let word = span.word
    guard let answer = habit(.word, word.text), answer.line != word.text else { return diagnostic }
    let line = answer.line.map { word.line(writing: $0).trimmed }
    return diagnostic.saying(answer, writing: line.flatMap { parses($0) ? $0 : nil })
  }

  /// What is proposed must not fail where the slip did. It may be a line of a block, or begin one.
  private func parses(_ line: String) -> Bool {
    do {
      _ = try Parser(source: Source(name: nil, text: line), grammar: self).parse()
      return true
    } catch let diagnostic as Diagnostic {
      return diagnostic.code == "misplaced-statement" || diagnostic.isIncomplete
    } catch {
      return false
    }
  }

  /// Codes of what a slip of the fingers or a habit causes.
  private static let slips: Set<Name> = [
    "invalid-character", "invalid-number", "unexpected-token", "unexpected-end", "unclosed-bracket",
    "ambiguous-blanks",
    "assignment-without-let", "unterminated-string", "invalid-escape", "chained-operators", "not-callable",
    "invalid-node",
    "invalid-name", "unknown-command", "function-as-command", "unknown-name", "unknown-field",
    "function-as-value",
    "unknown-setting", "unknown-option", "bad-choice", "too-many-arguments", "missing-argument", "wrong-type",
    "bad-node",
    "unknown-tensor", "not-a-node", "not-a-function", "unknown-topic",
  ]
}

extension Interpreter {
  /// What a person at the prompt means by a line: `quit` for `:q`. Words that have a value mean that.
  package func command(for line: String) -> String {
    registry.command(for: line) { session.variables[$0] != nil } ?? line
  }
}

extension Diagnostic {
  fileprivate func saying(_ answer: Habit.Answer, writing line: String?) -> Diagnostic {
    let message = line.map { "\(answer.reason): write `\($0)`" } ?? answer.reason
    return stating(message)
  }
}

extension Span {
  /// All that is joined to its beginning without blanks, quotes or operators: `encoder.layer.3`.
  fileprivate var word: Span {
    func joins(_ offset: Int) -> Bool {
      guard source.utf8.indices.contains(offset) else { return false }
      let byte = source.utf8[offset]
      return byte >= 0x80 || "._[]@".utf8.contains(byte) || Character(Unicode.Scalar(byte)).isLetter
        || Character(Unicode.Scalar(byte)).isNumber
    }
    var (start, end) = (range.lowerBound, range.lowerBound)
    while joins(start - 1) { start -= 1 }
    while joins(end) { end += 1 }
    return Span(source, start..<end)
  }
}

extension String {
  fileprivate var trimmed: String {
    String(drop { $0.isWhitespace }.reversed().drop { $0.isWhitespace }.reversed())
  }
}
