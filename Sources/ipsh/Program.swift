import ArgumentParser
import ExactText
import Faults
import Foundation
import Language
import LineEditing
import Results
import Scripting
import SystemCalls
import Tensors
import Workbench

/// One run of the program: the texts and scripts it was given, or the interactive shell.
struct Program {
  private let options: Options
  /// Of a script whose name is not UTF-8.
  private let scriptName: [CChar]?
  private let environment = ProcessInfo.processInfo.environment
  private let console: Console
  private let interpreter: Interpreter

  init(_ options: Options) throws {
    self.options = options
    scriptName = try ArgumentBytes.scriptName(options)
    if options.serve { Serving.admitSignals() }
    Interrupts.install()
    console = try Self.console(options, environment)
    interpreter = try Self.interpreter(options, environment, console)
    interpreter.sharing = try options.sharing
    interpreter.echoes = options.echo && !options.replays && interpreter.sharing?.shard == nil
  }

  private static let interruption: InterruptionCheck = { if Interrupts.isRequested { throw Interrupted() } }

  private static func console(_ options: Options, _ environment: [String: String]) throws -> Console {
    guard options.serve else {
      return Terminal.console(environment: environment, reportsJSON: options.reportsJSON)
    }
    // Nothing but replies goes to standard output, whatever a library writes there.
    return Console(
      output: try Terminal.withdrawnOutput(), isTerminal: false, usesColor: false, usesUnicode: true)
  }

  /// With a fresh session.
  private static func interpreter(
    _ options: Options, _ environment: [String: String], _ console: Console
  ) throws -> Interpreter {
    let session = try session(options)
    try BLAS.use(threads: session.settings.threads)
    let interpreter = Interpreter(
      session: session, environment: environment, console: console,
      checkInterruption: interruption, acknowledgeInterruption: Interrupts.clear)
    interpreter.boundMemory()
    interpreter.earlierCommands = { try UserFiles.history(environment, console)?.load() ?? [] }
    return interpreter
  }

  private static func session(_ options: Options) throws -> Session {
    var session = Session(scriptArguments: Array(options.script.dropFirst()))
    func set(_ name: String, _ value: Value, flag: String) throws {
      do { try session.set(name, to: value) } catch let fault as any Fault {
        throw ValidationError("\(flag): \(fault.message)")
      }
    }
    try set("format", .string(options.format), flag: "--format")
    if let threads = options.threads { try set("threads", .number(Double(threads)), flag: "--threads") }
    if let seed = options.seed { try set("seed", .number(Double(seed)), flag: "--seed") }
    if let size = options.maxMemory { try set("max_memory", .string(size), flag: "--max-memory") }
    if options.quiet || options.check { try set("quiet", .bool(true), flag: "--quiet") }
    return session
  }

  func run() throws -> Main.Status {
    try Interruption.asking(Self.interruption) { try runInput() }
  }

  private func runInput() throws -> Main.Status {
    if isInteractive { return try InteractiveShell(interpreter, console, options, environment).run() }
    Interrupts.installTermination()
    if options.serve { return try serve() }
    let scripts: [Script]
    do { scripts = try sources().map(interpreter.parse) } catch let error {
      report(error)
      return error is Interrupted ? Self.interrupted : .usage
    }
    if options.check { return try check(scripts) }
    if options.replays { return try Replay(options, interpreter, console).run(scripts) }
    let undecided = interpreter.prepareSharing(of: scripts)
    for diagnostic in undecided { report(diagnostic) }
    guard undecided.isEmpty else { return .usage }
    interpreter.keepChanges(for: scripts)
    do {
      try loadModel()
      for script in scripts where !interpreter.isFinished { try interpreter.run(script) }
      try interpreter.requireShares()
      try interpreter.finish()
      return .success
    } catch let error {
      report(error)
      interpreter.abandon()
      return error is Interrupted ? Self.interrupted : .failure
    }
  }

  static var interrupted: Main.Status { Interrupts.isTermination ? .terminated : .interrupted }

  private var isInteractive: Bool {
    options.script.isEmpty && options.texts.isEmpty && isatty(STDIN_FILENO) == 1 && !options.check
      && !options.replays && !options.serve
  }

  private func serve() throws -> Main.Status {
    do { try loadModel() } catch {
      report(error)
      return error is Interrupted ? Self.interrupted : .failure
    }
    return try Serving(interpreter, console).run()
  }

  /// Everything that is wrong, on standard error; else what the script will take, as a result.
  private func check(_ scripts: [Script]) throws -> Main.Status {
    do {
      try loadModel()
      let findings = try interpreter.check(scripts)
      for diagnostic in findings.diagnostics + findings.warnings { report(diagnostic) }
      if let estimates = findings.estimates { try interpreter.emit(estimates) }
      return findings.diagnostics.isEmpty ? .success : .usage
    } catch {
      report(error)
      return error is Interrupted ? Self.interrupted : .usage
    }
  }

  private func loadModel() throws {
    if let model = options.model { try interpreter.loadFirst(model) }
  }

  /// The `-c` texts in order, then the script or standard input.
  private func sources() throws -> [Source] {
    var sources = texts
    if let name = scriptName {
      let shown = ArgumentBytes.shown(name)
      sources.append(Source(name: shown, text: try ScriptFile.text(atBytes: name, name: shown)))
    } else if let path = options.script.first, path != "-" {
      sources.append(try ScriptFile.source(at: path))
    } else if options.script.first == "-" || options.texts.isEmpty {
      sources.append(try standardInput())
    }
    return sources
  }

  /// A single one is called `-c`, several `-c 1`, `-c 2`, ...
  private var texts: [Source] {
    let isSingle = options.texts.count == 1
    return zip(1..., options.texts).map { Source(name: isSingle ? "-c" : "-c \($0)", text: $1) }
  }

  private func standardInput() throws -> Source {
    let bytes = try ScriptFile.readAll(STDIN_FILENO, name: "stdin")
    return Source(name: "stdin", text: try ScriptFile.text(of: bytes, name: "stdin"))
  }

  private func report(_ error: any Error) { Terminal.report(error, to: console) }
}
