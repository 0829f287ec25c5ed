import ExactText

extension Diagnostic {
  /// The text for the user, without a line end:
  /// ```
  /// exp.ipscript:14:3: error: head 12 is out of range 0...11 (model bert has 12 heads)
  ///   ablate L1H12
  ///          ^~~~~
  /// note: did you mean `L1H11`?
  /// in `without`, called from exp.ipscript:20:7
  /// included from main.ipscript:3:1
  /// ```
  /// In interactive use the place is left out, as the line is in sight. The indentation of the
  /// source line is not shown; line and column count it.
  ///
  /// - Parameters:
  ///   - width: columns of the widest source line; a longer one is cut around the caret.
  ///   - showsSource: whether the source line and its carets are shown.
  public func rendered(width: Int = 120, showsSource: Bool = true) -> String {
    parts(width: width, showsSource: showsSource).map(\.text).joined()
  }

  /// A part of the text; marked are the severity and the carets.
  public typealias Part = (text: String, isMarked: Bool)

  /// ``rendered(width:showsSource:)`` in parts.
  public func parts(width: Int = 120, showsSource: Bool = true) -> [Part] {
    var parts: [Part] = [
      (place, false), ("\(severity.rawValue):", true), (" \(message.shownOnTerminal)", false),
    ]
    if showsSource, let span {
      let excerpt = Excerpt(span).lines(width: max(width, 20) - 2)
      if !excerpt.text.isEmpty {
        let blanks = excerpt.carets.prefix { $0 == " " }
        parts.append(("\n  \(excerpt.text)\n  \(blanks)", false))
        parts.append((String(excerpt.carets.dropFirst(blanks.count)), true))
      }
    }
    var lines = notes.map { "note: \($0.shownOnTerminal)" }
    lines += callLines
    lines += span?.source.inclusions.map { "included from \($0)" } ?? []
    return parts + lines.map { ("\n" + $0, false) }
  }

  /// The innermost and the outermost calls; a recursion has many in between.
  private var callLines: [String] {
    let lines = calls.map(\.line)
    guard lines.count > 8 else { return lines }
    return lines.prefix(4) + ["... \(lines.count - 7) more calls"] + lines.suffix(3)
  }

  /// `exp.ipscript:14:11: `
  private var place: String { span?.place.map { "\($0): " } ?? "" }
}

extension Span {
  /// `exp.ipscript:14:11`, nil in interactive use.
  public var place: String? {
    source.name.map { "\($0.escapedForTerminal):\(start.line):\(start.column)" }
  }
}

extension Diagnostic.FunctionCall {
  fileprivate var line: String {
    "in `\(function)`, called " + (span.place.map { "from \($0)" } ?? "as `\(text)`")
  }

  /// The call on one line.
  private var text: String {
    String(span.text.prefix(100).map { $0.isNewline ? " " : $0 }).escapedForTerminal.clipped
  }
}

extension Source {
  /// The places of the `source` statements that led here, innermost first.
  fileprivate var inclusions: [String] {
    sequence(first: includedFrom) { $0?.source.includedFrom }
      .prefix { $0 != nil }.compactMap { $0?.place }
  }
}

extension String {
  /// For a terminal; what somebody has typed may be millions of characters.
  fileprivate var shownOnTerminal: String {
    let longest = 2000
    let shown = unicodeScalars.prefix(longest)
    return String(shown).escapedForTerminal + (shown.endIndex < endIndex ? "…" : "")
  }
}
