import PseudoTerminals

/// Keys as terminals send them.
enum Key {
  static let enter = "\r"
  static let tab = "\t"
  static let backspace = "\u{7F}"
  static let up = "\u{1B}[A"
  static let down = "\u{1B}[B"
  static let right = "\u{1B}[C"
  static let left = "\u{1B}[D"
  static let home = "\u{1B}[H"
  static let end = "\u{1B}[F"
  static let delete = "\u{1B}[3~"

  static func control(_ letter: Character) -> String {
    String(UnicodeScalar((letter.asciiValue ?? 0) & 0x1F))
  }

  static func paste(_ text: String) -> String { "\u{1B}[200~\(text)\u{1B}[201~" }
}

/// The probe on a terminal, its first prompt already shown.
func probe(
  _ arguments: String..., size: PseudoTerminal.Size = .init(rows: 24, columns: 80),
  environment: [String: String] = [:], prompt: String = "probe> "
) throws -> PseudoTerminal {
  let terminal = try PseudoTerminal(
    executable: builtProgram("line-editing-probe"), arguments: arguments,
    environment: PseudoTerminal.plainEnvironment.merging(environment) { $1 }, size: size)
  try terminal.expect(prompt)
  return terminal
}

extension PseudoTerminal {
  /// Submits with Enter and expects the text that comes back, backslashes and newlines escaped.
  func submit(_ keys: String = "", gives text: String) throws {
    send(keys + Key.enter)
    try expect("LINE<\(text)>")
    try expect("probe> ")
  }

  /// Ctrl-D on an empty line, and a clean end.
  func leave() throws -> Int32 {
    send(Key.control("d"))
    try expect("END")
    return try waitForExit()
  }
}
