/// Whether a text can run as it stands.
public enum Completeness: Sendable {
  case complete, incomplete
}

extension Diagnostic {
  /// Whether a further line may supply what is missing.
  public var isIncomplete: Bool { SyntaxFault.incompleteCodes.contains(code) }
}

/// For the line editor: whether Enter runs `text` or begins a further line of it.
///
/// A text is incomplete when it ends inside brackets or a block, or behind an operator or comma
/// that needs an operand. A text that no further line can mend counts as complete, so that its
/// diagnostic shows; an open string is such a text, since a string cannot span lines.
public func completeness(of text: String, grammar: any CommandGrammar) -> Completeness {
  // Where a line end matters, it is the line end that the parser refuses, not the end of the text.
  let source = Source(name: nil, text: text + "\n")
  do {
    _ = try Parser(source: source, grammar: grammar).parse()
    return .complete
  } catch let diagnostic as Diagnostic where diagnostic.isIncomplete {
    return .incomplete
  } catch {
    return .complete
  }
}
