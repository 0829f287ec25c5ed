import ExactText
import Results

// What the syntax of other languages has people type.
extension Habit {
  static let blocks = [
    Habit(line: "if {p} == {r}", as: "if {p} = {r}", reason: "`=` binds, `==` compares"),
    Habit(line: "while {p} == {r}", as: "while {p} = {r}", reason: "`=` binds, `==` compares"),
    Habit(line: "if {r1} { {r2} }", as: "if {r1}: {r2}", reason: "blocks stand in braces"),
    Habit(line: "if {r} { ... }", as: "if {r}:", reason: "blocks stand in braces"),
    Habit(line: "if {r} { ... }", as: "if {r} then", reason: "blocks stand in braces"),
    Habit(line: "else { ... }", as: "else:", reason: "blocks stand in braces"),
    Habit(line: "for {w} in {r1} { {r2} }", as: "for {w} in {r1}: {r2}", reason: "blocks stand in braces"),
    Habit(line: "for {w} in {r} { ... }", as: "for {w} in {r}:", reason: "blocks stand in braces"),
    Habit(line: "for {w} in {r} { ... }", as: "for {w} in {r}; do", reason: "blocks stand in braces"),
    Habit(line: "while {r} { ... }", as: "while {r}:", reason: "blocks stand in braces"),
    Habit(line: "with {r} { ... }", as: "with {r}:", reason: "blocks stand in braces"),
    Habit(line: "try { ... } catch e { ... }", as: "try:", reason: "blocks stand in braces"),
    Habit(line: "catch {w} { ... }", as: "except {r} as {w}:", reason: "blocks stand in braces"),
    Habit(line: "def {r} { ... }", as: "def {r}:", reason: "blocks stand in braces"),
    Habit(line: "def {r}", as: "function {r}", reason: "functions begin with `def`"),
    Habit(line: "def {r}", as: "func {r}", reason: "functions begin with `def`"),
    Habit(line: "def {r}", as: "fn {r}", reason: "functions begin with `def`"),
  ]

  static let bindings =
    [
      Habit(.line, "set {w} = {r}") { setting($0["w"], $0["r"], $1) },
      Habit(.line, "set {w}={r}") { setting($0["w"], $0["r"], $1) },
      Habit(.line, "set {w} {r}") { found, place in
        SettingList.all.contains { $0.name == found["w"] } ? nil : option(found["w"], found["r"], place)
      },
      Habit(.line, "{w} = {r}") { found, place in
        SettingList.all.contains { $0.name == found["w"] } ? setting(found["w"], found["r"], place) : nil
      },
      Habit(line: "let {w} = {r}", as: "{w} = {r}", reason: "a name is bound by `let`"),
      Habit(line: "let {w} = {r}", as: "{w} := {r}", reason: "a name is bound by `let`"),
      Habit(line: "let {w} = {r}", as: "{w} <- {r}", reason: "a name is bound by `let`"),
      Habit(line: "let {w} = null", as: "del {w}", reason: "a name is let go of by `let`"),
      Habit(line: "let {w} = null", as: "unset {w}", reason: "a name is let go of by `let`"),
    ]
    + ["var", "const", "val", "my", "local", "auto", "int", "float", "str", "export"].map {
      Habit(line: "let {w} = {r}", as: "\($0) {w} = {r}", reason: "a name is bound by `let`")
    }
    + ["echo", "puts", "printf", "println", "say", "cat"].map {
      Habit(line: "print {r}", as: "\($0) {r}", reason: "`print` shows values")
    }

  private static func setting(_ name: String?, _ value: String?, _ place: Place) -> Answer? {
    guard let name, let value else { return nil }
    guard SettingList.all.contains(where: { $0.name == name }) else { return option(name, value, place) }
    return Answer("set \(name) \(value)", "a setting takes its value without `=`")
  }

  /// `set points 20`
  private static func option(_ name: String?, _ value: String?, _ place: Place) -> Answer? {
    guard let name, let value,
      let verb = place.registry.commands.first(where: { command in
        command.group != .functions
          && command.parameters.contains { $0.placement == .option && $0.name == name }
      })
    else { return nil }
    return Answer("\(verb.name) \(name)=\(value)", "`\(name)` is no setting but an option of verbs")
  }

  static let texts = [
    // Strings in single quotes.
    Habit(.line, "{r1}'{r2}") { found, _ in
      guard let before = found["r1"], let behind = found["r2"] else { return nil }
      let line = before + "'" + behind
      guard line.count(where: { $0 == "'" }).isMultiple(of: 2), !line.contains("\"") else { return nil }
      return Answer(line.replacing("'", with: "\""), "strings stand in double quotes")
    },
    Habit(.line, "{r1}“{r2}") { found, _ in
      guard let before = found["r1"], let behind = found["r2"] else { return nil }
      return Answer(
        (before + "\"" + behind).replacing("“", with: "\"").replacing("”", with: "\""),
        "strings stand in straight quotes")
    },
    // `text the cat sat on the [MASK] . top=5`
    Habit(.line, "{w} {r}") { found, place in
      guard let verb = place.verb, let text = found["r"], !text.contains("\""),
        let parameter = verb.parameters.first(where: { $0.placement != .option }), parameter.takesText
      else { return nil }
      let words = text.split(separator: " ").map(String.init)
      let count = (words.lastIndex { !verb.isOption($0) } ?? -1) + 1
      // A word alone is rather a variable, and what operators join an expression.
      guard count > 1, !words.contains(where: { ["+", "*", "/", "==", "=", "<", ">"].contains($0) }) else {
        return nil
      }
      let quoted = "\"" + words[..<count].joined(separator: " ") + "\""
      return Answer(
        ([verb.name, quoted] + words[count...]).joined(separator: " "), "a text stands in quotes")
    },
  ]

  static let words =
    [
      Habit(word: "true", as: "true"), Habit(word: "false", as: "false"), Habit(word: "null", as: "none"),
      Habit(word: "null", as: "nil"), Habit(word: "null", as: "null"), Habit(word: "null", as: "undefined"),
      Habit(word: "null", as: "nothing"), Habit(word: "null", as: "void"),
    ]
}

extension Command {
  /// Whether a word is `key=value`, or turns an option on.
  fileprivate func isOption(_ word: String) -> Bool {
    let name = word.prefix { $0.isLetter || $0 == "_" }
    return word.dropFirst(name.count).hasPrefix("=") || isFlag(String(name)) && name.count == word.count
  }
}
