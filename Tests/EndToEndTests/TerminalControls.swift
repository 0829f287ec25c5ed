/// What of a program's output a terminal acts on, apart from what the program itself may ask of it: line ends, a line of
/// progress (CR, text, `ESC [ K`), and what is allowed here.
struct TerminalControls {
  /// Colours, as our own styles have them.
  var allowsStyles = false
  /// Moving, clearing and the marks of pasted text, as the line editor does.
  var allowsEditing = false

  /// Places with something else, each with what stands before it; empty when all is well.
  func foreign(in bytes: [UInt8]) -> [String] {
    guard let output = String(validating: bytes, as: UTF8.self) else { return ["not UTF-8"] }
    let scalars = Array(output.unicodeScalars)
    var (foreign, index) = ([String](), 0)
    while index < scalars.count {
      let length = length(of: scalars[index...])
      if length == 0 {
        foreign.append(String(String.UnicodeScalarView(scalars[max(0, index - 60)...index])).debugDescription)
      }
      index += max(1, length)
    }
    return foreign
  }

  /// Scalars of what is allowed at the start; 0 if nothing is.
  private func length(of rest: ArraySlice<Unicode.Scalar>) -> Int {
    switch rest.first {
    case "\n", "\t": return 1
    case "\r":
      if allowsEditing || rest.dropFirst().first == "\n" { return 1 }
      let text = rest.dropFirst().prefix { !Self.isActedOn($0) }.count
      return rest.dropFirst(1 + text).starts(with: "\u{1B}[K".unicodeScalars) ? 1 + text + 3 : 0
    case "\u{1B}": return sequenceLength(rest)
    case let scalar?: return Self.isActedOn(scalar) ? 0 : 1
    case nil: return 0
    }
  }

  private func sequenceLength(_ rest: ArraySlice<Unicode.Scalar>) -> Int {
    guard rest.dropFirst().first == "[" else { return 0 }
    let text = rest.dropFirst(2).prefix { "0123456789;?".unicodeScalars.contains($0) }
    let parameters = String(String.UnicodeScalarView(text))
    let isAllowed =
      switch rest.dropFirst(2 + text.count).first {
      case "m": allowsStyles && Self.isStyle(parameters)
      case "A", "C", "J", "K": allowsEditing && Int(parameters.isEmpty ? "1" : parameters) != nil
      case "h", "l": allowsEditing && parameters == "?2004"
      default: false
      }
    return isAllowed ? 3 + text.count : 0
  }

  private static func isStyle(_ parameters: String) -> Bool {
    ["0", "1", "2", "1;31", "1;33"].contains(parameters) || parameters.hasPrefix("38;5;")
      || parameters.hasPrefix("48;5;")
  }

  private static func isActedOn(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: true
    default: scalar.properties.isBidiControl
    }
  }
}
