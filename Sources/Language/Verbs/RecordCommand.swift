import ExactText
import Results

struct RecordCommand: LanguageCommand {
  let name = "record"
  let group = CommandGroup.session
  let summary = "add every command that succeeds to a script, or end that"
  let discussion = """
    Each command is on the disk before the next prompt. FILE begins with comments that say what the results depend on:
    version, kernels, threads, seed, and each model with its fingerprint. Commands follow that make the session as it
    is, so that the record replays by itself: `load`, `text`, settings, interventions, variables. A file that is there
    is added to with `append` only. `results` adds short results as expectations (`help replay`); `all` begins with
    everything the session has run so far. `record off` ends it; `record` alone tells.
    """
  let parameters: [Parameter] = [
    .optional("file", .name(.recordFile), "where the commands go, or off"),
    .flag("append", "add to a file that is there"),
    .flag("results", "results of up to 20 lines follow their commands as expectations"),
    .flag("all", "begin with the commands that have run in this session"),
  ]
  let opensFiles = false
  let example = #"""
    record "session.ipscript" results
    print 1 / 3
    record off
    record
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let dryRun = interpreter.dryRun, let path = arguments.string("file") else {
      try refuseOptions(arguments, because: "no recording begins without a file")
      throw ComputationSkipped()
    }
    if path == "off" {
      try refuseOptions(arguments, because: "`off` ends the recording")
      guard dryRun.facts.isRecording != false else { throw ReplayFault.notRecording }
      dryRun.facts.isRecording = false
      return .null
    }
    // The path of the recording is a run's.
    guard dryRun.facts.isRecording != true else { throw ReplayFault.alreadyRecording(path: path) }
    if !arguments.flag("append"), (try? ScriptFile.checkReadable(path)) != nil {
      throw ReplayFault.recordExists(path: path)
    }
    dryRun.facts.isRecording = true
    dryRun.noteWritten(path)
    return .null
  }

  private func refuseOptions(_ arguments: Arguments, because reason: String) throws {
    try arguments.refuse(["append", "results", "all"], because: reason)
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    interpreter.record.log?.staysOutOfRecords = true
    guard let path = arguments.string("file") else {
      try refuseOptions(arguments, because: "no recording begins without a file")
      return .string(state(interpreter))
    }
    if path == "off" {
      try refuseOptions(arguments, because: "`off` ends the recording")
      guard let recording = interpreter.record.recording else { throw ReplayFault.notRecording }
      recording.release()
      interpreter.record.recording = nil
      return .null
    }
    if let recording = interpreter.record.recording {
      throw ReplayFault.alreadyRecording(path: recording.path)
    }
    let (header, missing) = try header(interpreter, path, withPast: arguments.flag("all"))
    let recording = try Recording(
      path: path, appends: arguments.flag("append"), keepsResults: arguments.flag("results"))
    recording.statedOrigins = Set(names: interpreter.session.state.origins.map(\.name))
    try recording.append(header)
    interpreter.record.recording = recording
    // What the record begins with is the session as it is: a replay could not go behind it.
    interpreter.record.undo.forget()
    interpreter.note("recording to \(path)")
    if !missing.isEmpty {
      interpreter.note("no script can make these again: \(missing.joined(separator: " "))")
    }
    return .null
  }

  private func state(_ interpreter: Interpreter) -> String {
    interpreter.record.recording.map { "recording to \($0.path)" } ?? "not recording"
  }

  /// - Returns: also the variables that the record cannot make.
  private func header(
    _ interpreter: Interpreter, _ path: String, withPast: Bool
  ) throws -> (text: String, missing: [String]) {
    guard withPast else {
      let (lines, missing) = try SavedScript(of: interpreter).state(at: path)
      // A seed that was set is among the commands.
      let seed = interpreter.session.settings.seed
      return (text([Provenance.header(seed: seed == Settings().seed ? seed : nil)] + lines), missing)
    }
    let origins = interpreter.session.state.origins.map(\.provenance.line)
    let header = Provenance.header(seed: interpreter.record.initialSettings.seed)
    return (text([header] + origins + interpreter.record.succeeded), [])
  }

  private func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}
