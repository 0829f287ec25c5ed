import ExactText
import Rendering

// What psql, sqlite3, vi, Python and other shells have people type. The first that fits counts.
extension Habit {
  static let ofLanguage =
    leaving + helping + listing + redirecting + blocks + bindings + texts + elsewhere + words
}

// MARK: Commands of other shells
extension Habit {
  private static let leaving = [
    "exit", "exit()", "quit()", "exit {r}", "exit({r})", "bye", "logout", ":q", ":q!", ":wq", ":x", ":quit",
    #"\q"#, ".q",
    ".quit", ".exit",
    "q",
  ].map { Habit(line: "quit", as: $0, runs: true, reason: "`quit` leaves") }

  private static let helping =
    ["?", "??", ":h", ":help", #"\?"#, #"\h"#, ".help", "help?", "?help", "man", "-h", "--help", "usage"].map
  {
    Habit(line: "help", as: $0, runs: true, reason: "`help` explains")
  }
    + [
      "{w}?", "{w}??", "?{w}", "? {w}", "{w} ?", "{w} -h", "{w} --help", "man {w}", #"\h {w}"#, ":help {w}",
      ".help {w}",
      "help {w}()", "help {w}?", "info {w}", "doc {w}",
    ].map { Habit(line: "help {w}", as: $0, runs: true, reason: "`help` explains") }
    + [Habit(line: "apropos {r}", as: "search {r}", runs: true, reason: "`apropos` searches")]

  private static let listing =
    [
      #"\d"#, #"\dt"#, ".tables", ".schema", "show variables", "show tables", "vars", "who", "whos", "%who",
      "%whos", "env",
      "locals()", "globals()", "dir()",
    ].map { Habit(line: "variables", as: $0, runs: true, reason: "`variables` lists them") }
    + [".show", #"\set"#, "show settings", "settings", "show all", ":set", "options"].map {
      Habit(line: "show-settings", as: $0, runs: true, reason: "`show-settings` lists them")
    }
    + [#"\s"#, "show history", "hist", "%history", "!!"].map {
      Habit(line: "history", as: $0, runs: true, reason: "`history` lists them")
    }
    + ["tasks", "show tasks", "list tasks"].map {
      Habit(line: "task", as: $0, runs: true, reason: "`task` lists them")
    }
    + ["show models", "list models"].map {
      Habit(line: "models()", as: $0, runs: true, reason: "`models` lists them")
    }
    + ["cls", ".clear", ":clear", #"\! clear"#].map {
      Habit(line: "clear", as: $0, runs: true, reason: "`clear` clears the screen")
    }
    + [
      // `show interventions`
      Habit(.line, "show {w}", runs: true) { found, place in
        guard let name = found["w"], let verb = place.registry[name], verb.group != .functions,
          verb.takesNothing
        else {
          return nil
        }
        return Answer(name, "`\(name)` shows them")
      }
    ]

  /// `forward > out.txt`
  private static let redirecting = [
    Habit(.line, "{r} > {p}") { found, place in
      guard let command = found["r"], let file = found["p"].map(unquoted), FileFormats.isKnown(path: file),
        place.verb != nil
      else {
        return nil
      }
      let takesFile = place.verb?.parameters.contains { $0.placement == .optional && $0.isPath } ?? false
      return Answer(
        takesFile ? "\(command) \"\(file)\"" : "once \"\(file)\"; \(command)",
        "`>` compares, it writes no file")
    },
    Habit(.line, "{r} >> {p}") { found, place in
      guard let file = found["p"].map(unquoted), place.verb != nil else { return nil }
      return Answer("output \"\(file)\"", "`output` sends what follows to a file")
    },
    Habit(.line, "{r1} | {w} {r}") { found, place in piped(found["w"], place) },
    Habit(.line, "{r1} | {w}") { found, place in piped(found["w"], place) },
    Habit(.line, "{r} &") { _, place in
      place.verb == nil
        ? nil
        : Answer(nil, "nothing runs in the background: Ctrl-C stops a command, Ctrl-Z suspends the shell")
    },
  ]

  private static func piped(_ program: String?, _ place: Place) -> Answer? {
    let programs: Set<Name> = [
      "less", "more", "head", "tail", "grep", "sort", "wc", "cat", "tee", "jq", "awk",
    ]
    guard let program, place.verb != nil, programs.contains(Name(program)) else { return nil }
    return Answer(nil, "nothing is piped to programs: what is taller than the terminal is shown page by page")
  }

  private static func unquoted(_ text: String) -> String { text.filter { $0 != "\"" && $0 != "'" } }

  private static let elsewhere =
    ["ls", "ls {r}", "dir {r}", "!ls", "!ls {r}", "pwd", "ll"].map {
      Habit(
        nothing: $0,
        reason: "files are not listed here: Tab does behind `read \"`, Ctrl-Z gives the other shell")
    }
    + ["cd", "cd {r}", ":cd {r}", "!cd {r}", #"\cd {r}"#].map {
      Habit(
        nothing: $0,
        reason: "the folder stays the one that ipsh was started in: write paths from there, or whole ones")
    }
    + ["{w} install {r}", "!{r}", #"\! {r}"#, "%{r}"].map {
      Habit(
        nothing: $0, reason: "no programs are run from here: Ctrl-Z gives the other shell, `fg` comes back")
    }
    + [#"\i {p}"#, ".read {p}", "run {p}", "%run {p}", "import {p}", "@{p}", ". {p}", "exec {p}"].map {
      Habit(.line, $0) { found, _ in
        guard let file = found["p"].map(unquoted), file.contains(".ipscript") || file.contains("/") else {
          return nil
        }
        return Answer("source \"\(file)\"", "`source` runs a script")
      }
    }
    + ["import {r}", "from {p} import {r}", "#include {r}", "require {r}", "using {r}"].map {
      Habit(nothing: $0, reason: "nothing is imported: all verbs and functions are there, `help` lists them")
    }
    + [
      Habit(line: "{w}", as: "select * from {w}", reason: "a table's name shows it"),
      Habit(
        line: "where({w}, {w2}, \"==\", {r})", as: "select * from {w} where {w2} = {r}",
        reason: "`where` chooses rows"),
      Habit(
        line: "filter({w}, ...)", as: "select * from {w} where {r}",
        reason: "`where` and `filter` choose rows"),
      Habit(line: "columns({w}, {r})", as: "select {r} from {w}", reason: "`columns` chooses columns"),
    ]
}

// MARK: Other languages
extension Habit {
  private static let blocks = [
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

  private static let bindings =
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

  private static let texts = [
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

  private static let words =
    [
      Habit(word: "true", as: "true"), Habit(word: "false", as: "false"), Habit(word: "null", as: "none"),
      Habit(word: "null", as: "nil"), Habit(word: "null", as: "null"), Habit(word: "null", as: "undefined"),
      Habit(word: "null", as: "nothing"), Habit(word: "null", as: "void"),
    ]
}

extension Command {
  /// Whether it does something without arguments.
  fileprivate var takesNothing: Bool {
    parameters.allSatisfy { $0.placement == .option }
      || parameters.allSatisfy { $0.placement == .optional } && context == nil
  }

  /// Whether a word is `key=value`, or turns an option on.
  fileprivate func isOption(_ word: String) -> Bool {
    let name = word.prefix { $0.isLetter || $0 == "_" }
    return word.dropFirst(name.count).hasPrefix("=") || isFlag(String(name)) && name.count == word.count
  }

  private func isFlag(_ word: String) -> Bool {
    parameters.contains { if case .flag = $0.kind { $0.name == word } else { false } }
  }
}

extension Parameter {
  fileprivate var isPath: Bool { if case .path = kind { true } else { false } }
}
