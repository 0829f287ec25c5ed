import ExactText
import Faults
import Files
import Language
import LineEditing
import Scripting
import SystemCalls
import Workbench

/// The loop of prompt, command and result.
final class InteractiveShell {
  private let interpreter: Interpreter
  private let console: Console
  private let options: Options
  private let editor: LineEditor
  private let history: HistoryFile?
  /// A failure once any command has failed: no input channel ends with 0 after an error.
  private var status = Main.Status.success

  init(_ interpreter: Interpreter, _ console: Console, _ options: Options, _ environment: [String: String])
    throws
  {
    self.interpreter = interpreter
    self.console = console
    self.options = options
    editor = try LineEditor(programName: "ipsh", historyLimit: 10_000)
    history = UserFiles.history(environment, console)
    interpreter.pager = Pager(environment: environment)
    interpreter.keepChanges()
    editor.isComplete = { Scripting.completeness(of: $0, grammar: interpreter.registry) == .complete }
    editor.complete = { [completer = Completer(interpreter)] in Self.completion($0, $1, completer) }
  }

  func run() throws -> Main.Status {
    if let fault = editor.settingsFault { Terminal.warn(fault, on: console) }
    loadHistory()
    attempt { if let model = self.options.model { try self.interpreter.loadFirst(model) } }
    runStartupFile()
    greet()
    while !interpreter.isFinished {
      switch try editor.readLine(prompt: prompt, continuationPrompt: "...> ") {
      case .line(let text): submit(text)
      case .interrupted: break
      case .endOfFile:
        console.note("")
        return leave()
      }
    }
    return leave()
  }

  private func leave() -> Main.Status {
    attempt { try self.interpreter.finish() }
    // A `once` without a result is no reason to lose the results of a session.
    attempt { try self.interpreter.finish() }
    attempt { try self.warningOfFaults { try self.history?.finish() } }
    return status
  }

  /// The model, how many interventions act on it, and whether results go to a file: `demo[2][out]> `.
  private var prompt: String {
    let session = interpreter.session
    let count = session.bench.model.map(session.bench.interventions.count) ?? 0
    return (session.bench.model?.name.escapingControls ?? "ipsh") + (count > 0 ? "[\(count)]" : "")
      + (session.sendsResultsToFile ? "[out]" : "") + "> "
  }

  private func greet() {
    guard !options.quiet else { return }
    let model =
      interpreter.session.bench.model?.summary ?? "no model is loaded: load \"demo\" is the embedded one"
    console.note("ipsh \(Release.version). \(model)")
    console.note("help lists the commands, Tab completes, Ctrl-D leaves.")
  }

  private func submit(_ text: String) {
    guard text.contains(where: { !$0.isWhitespace }) else { return }
    attempt {
      try self.remember(text)
      try self.interpreter.run(Source(name: nil, text: self.interpreter.command(for: text)))
    }
  }

  /// Runs `body`; an error is reported and the shell goes on.
  private func attempt(_ body: () throws -> Void) {
    do { try body() } catch {
      Terminal.report(error, to: console)
      if !(error is Interrupted) { status = .failure }
    }
    Interrupts.clear()
  }

  private func runStartupFile() {
    guard !options.noInit, let path = UserFiles.startupPath(interpreter.environment) else { return }
    switch SettingsFile(path) {
    case .absent: break
    case .readable: attempt { try self.interpreter.run(try ScriptFile.source(at: path)) }
    case .unsuitable: Terminal.warn(UserFiles.StartupFault(path: path), on: console)
    }
  }

  private func loadHistory() {
    attempt {
      try self.warningOfFaults {
        let entries = try self.history?.load() ?? []
        for entry in entries { self.editor.addHistory(entry) }
        // The file goes on to grow, by this session's commands and those of others.
        self.interpreter.earlierCommands = { entries }
      }
    }
  }

  /// - Throws: ``Interrupted`` where the history has to wait for another program.
  private func remember(_ text: String) throws {
    editor.addHistory(text)
    try warningOfFaults { try history?.append(text) }
  }

  /// Runs what concerns the history, which is no command: what it lacks is told, and nothing has failed.
  private func warningOfFaults(_ body: () throws -> Void) rethrows {
    do { try body() } catch let fault as any Fault { Terminal.warn(fault, on: console) }
  }

  private static func completion(_ text: String, _ cursor: Int, _ completer: Completer) -> CompletionResult {
    let (start, candidates) = completer.candidates(in: text, at: cursor)
    return CompletionResult(
      start: start,
      candidates: candidates.map {
        Completion(
          replacement: $0.text, display: $0.text, description: $0.description, appendsSpace: $0.isWhole)
      })
  }
}

/// Where the user's files are.
enum UserFiles {
  private static func historyPath(_ environment: [String: String]) -> String? {
    if let path = environment["IPSH_HISTORY"], !path.isEmpty { return path }
    return folder("XDG_STATE_HOME", ".local/state", environment).map { $0 + "/ipsh/history" }
  }

  static func history(_ environment: [String: String], _ console: Console) -> HistoryFile? {
    let file = historyPath(environment).map { HistoryFile(path: $0, limit: 10_000) }
    file?.warn = { Terminal.warn($0, on: console) }
    return file
  }

  static func startupPath(_ environment: [String: String]) -> String? {
    folder("XDG_CONFIG_HOME", ".config", environment).map { $0 + "/ipsh/ipshrc" }
  }

  private static func folder(_ variable: String, _ fallback: String, _ environment: [String: String])
    -> String?
  {
    if let path = environment[variable], path.hasPrefix("/") { return path }
    return environment["HOME"].map { "\($0)/\(fallback)" }
  }

  /// The startup file is there, and nothing that could be read to its end.
  struct StartupFault: StatedFault {
    let path: String

    var sentence: FaultSentence {
      (
        "startup-unreadable",
        "\(path) is not run: not a regular file of at most \(roundedSize(SettingsFile.sizeLimit))",
        "put a script in its place, or start with --no-init"
      )
    }
  }
}
