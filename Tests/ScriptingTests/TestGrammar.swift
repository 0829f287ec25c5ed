import Scripting
import Testing

/// A few commands of each style.
struct TestGrammar: CommandGrammar {
  static let styles: [String: ArgumentStyle] = [
    "print": .expressions, "forward": .expressions, "load": .expressions, "ablate": .expressions,
    "show": .expressions, "show-settings": .expressions, "text": .expressions, "set": .expressions,
    "patterns": .expressions, "qoi": .raw, "baseline": .words, "time": .statement,
  ]

  func isFunction(_ name: String) -> Bool { name == "mean" }

  func argumentStyle(of name: String) -> ArgumentStyle? { Self.styles[name] }

  /// The same letters in another order or a last letter more or less: enough to see the note.
  func closestCommand(to name: String) -> String? {
    Self.styles.keys.sorted().first { command in
      command != name
        && (command.sorted() == name.sorted()
          || command.hasPrefix(name.dropLast()) && abs(command.count - name.count) < 2)
    }
  }
}

func parse(_ text: String, name: String? = nil) throws -> Script {
  try Parser(source: Source(name: name, text: text), grammar: TestGrammar()).parse()
}

/// The printed tree, or the code of the diagnostic.
func outcome(_ text: String) -> String {
  do {
    return try parse(text).printed
  } catch let diagnostic as Diagnostic {
    return "\(diagnostic.code): \(diagnostic.message)"
  } catch {
    return "\(error)"
  }
}

func expectDiagnostic(
  of text: String, _ code: String, _ expected: String, sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let diagnostic = try #require(throws: Diagnostic.self, sourceLocation: sourceLocation) { try parse(text) }
  #expect(diagnostic.rendered() == expected, sourceLocation: sourceLocation)
  #expect(diagnostic.code == code, sourceLocation: sourceLocation)
}
