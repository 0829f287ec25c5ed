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

extension Command {
  /// Whether it does something without arguments.
  fileprivate var takesNothing: Bool {
    parameters.allSatisfy { $0.placement == .option }
      || parameters.allSatisfy { $0.placement == .optional } && context == nil
  }
}

extension Parameter {
  fileprivate var isPath: Bool { if case .path = kind { true } else { false } }
}
