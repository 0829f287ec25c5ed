import ExactText
import Results
import Scripting

// Help on what stands at the cursor.
extension Completer {
  /// On the word at the cursor: a command, topic or variable; else, and where it names an option, on the command in whose
  /// arguments the cursor stands.
  ///
  /// - Parameter cursor: in Unicode scalars.
  /// - Returns: nil where nothing has help.
  func help(in text: String, at cursor: Int) -> String? {
    let scalars = text.unicodeScalars
    let place = scalars.index(scalars.startIndex, offsetBy: cursor)
    let start =
      scalars[..<place].lastIndex { !Self.isOfName($0) }.map(scalars.index(after:)) ?? scalars.startIndex
    let end = scalars[place...].firstIndex { !Self.isOfName($0) } ?? scalars.endIndex
    let word = String(scalars[start..<end])
    let innermost = CursorPlace.atEnd(of: String(scalars[..<start]), grammar: interpreter.registry).command
      .flatMap { interpreter.registry[$0] }
    let isOption = scalars[end...].first == "=" && innermost?.parameters.contains { $0.name == word } ?? false
    let page = isOption ? nil : HelpText.page(on: word, interpreter.registry) ?? variable(word)
    return page ?? innermost.map { HelpText.text(for: $0) }
  }

  private static func isOfName(_ scalar: Unicode.Scalar) -> Bool {
    scalar == "_" || scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
  }

  /// A variable's type, and its value in a line.
  private func variable(_ name: String) -> String? {
    value(named: name).map {
      "\(name): \($0.typeName)\n\($0.summary(precision: interpreter.session.settings.precision))"
    }
  }
}
