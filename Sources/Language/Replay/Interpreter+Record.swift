import ExactText
import Faults
import Rendering
import Results
import Scripting
import Tensors

/// Statements at the top level are observed: kept in the journal and in the history, recorded, verified.
extension Interpreter {
  /// Runs a statement of a script. Those of a sourced script are part of the statement that sources it.
  func runObserved(_ statement: Statement) throws {
    guard record.log == nil, dryRun == nil else {
      try execute(statement, showsResult: true)
      return
    }
    let verb = if case .command(let call) = statement.kind { call.callee.name } else { "" }
    let log = StatementLog(of: statement.span, isReset: verb == "reset", isUndo: statement.isUndo)
    try observing(statement.span.text, log) {
      _ = try execute(statement, showsResult: true)
    }
  }

  /// Runs `body`, which is what `text` says.
  func observing(_ text: String, _ log: StatementLog = StatementLog(), _ body: () throws -> Void) throws {
    let before = record.undo.isKept ? session : nil
    record.history.append(text)
    record.log = log
    session.begin(log)
    let isShown = record.afterStatement != nil || record.recording?.keepsResults == true
    record.shown = isShown ? "" : nil
    isInterruptedByPager = false
    partialResult = nil
    defer {
      record.log = nil
      // However it ended: what runs next takes its own time.
      progressClock = ProgressClock()
    }
    do { try body() } catch {
      log.unrepeatable = error is Interrupted ? "was interrupted" : "failed"
      addToJournal(text, log)
      if error is Interrupted { showPartialResult() }
      throw error
    }
    addToJournal(text, log)
    if let before { keepForUndo(text, log, entry: record.journal.entries.count - 1, before: before) }
    try addToRecording(text, log)
    try record.afterStatement?(record.shown ?? "")
  }

  private func addToJournal(_ text: String, _ log: StatementLog) {
    let files = log.writtenFiles.union(log.resultFiles).map { StateKey.file($0.text) }
    var writes = session.writtenKeys.union(files)
    if let entry = log.takesBack { writes.formUnion(record.journal.entries[entry].sessionWrites) }
    guard !writes.isEmpty || !log.openedFiles.isEmpty || log.hasReset else { return }
    var reads = log.reads
    // Computations divide their work among the threads.
    if reads.contains(type(of: session.state).computing) { reads.insert(.setting("threads")) }
    record.journal.append(
      Journal.Entry(
        text: log.repetition(of: text), reads: reads, writes: writes, openedFiles: log.openedFiles,
        resultFiles: log.resultFiles,
        sourceFolder: log.sourceFolder, isReset: log.hasReset, takesBack: log.takesBack,
        unrepeatable: log.unrepeatable))
  }

  private func addToRecording(_ text: String, _ log: StatementLog) throws {
    guard !log.staysOutOfRecords, !isFinished else { return }
    let text = log.repetition(of: text)
    record.succeeded.append(text)
    guard let recording = record.recording else { return }
    var lines = text + "\n"
    if recording.keepsResults, log.unrepeatable == nil, let shown = record.shown {
      lines += Expectation.lines(of: shown, atMost: Expectation.shortResult)
    }
    let origins = session.state.origins.filter { !recording.statedOrigins.contains($0.name) }
    recording.statedOrigins.formUnion(origins.map { Name($0.name) })
    lines += origins.map { $0.provenance.line + "\n" }.joined()
    do { try recording.append(lines) } catch {
      record.recording = nil
      throw error
    }
  }

  /// A fresh session, with the settings of the command line; its history and recording go on.
  func reset() throws {
    guard let log = record.log, log.isReset else { throw ReplayFault.resetInside }
    try endOutput()
    if let once = session.onceOutput { warn(once.warning("the session is reset")) }
    makeFresh()
    log.hasReset = true
  }

  func makeFresh() {
    var fresh = Session(domain.initialState, scriptArguments: session.scriptArguments)
    fresh.settings = record.initialSettings
    if dryRun != nil { fresh.state.setChecking(true) }
    session = fresh
    BLAS.threads = session.settings.threads
  }
}

// MARK: Dependences
extension Interpreter {
  /// Files that arguments name may be read and written; relative ones are as `source` sees them or as others do.
  func noteFiles(of command: any Command, _ arguments: Arguments) {
    guard command.opensFiles, let log = record.log else { return }
    for parameter in command.parameters {
      guard case .path = parameter.kind, let path = arguments.string(parameter.name) else { continue }
      for file in [path, ScriptFile.resolve(path, relativeTo: arguments.span.source.name)] {
        log.noteRead(.file(AbsolutePath.of(file)))
        log.noteWritten(file: file)
      }
    }
  }

  /// A statement that begins a file of rows goes on with it when it is repeated.
  package func noteRowFile(_ arguments: Arguments) {
    guard let file = arguments["file"], !arguments.flag("resume") else { return }
    if let resume = arguments["resume"] {
      record.log?.noteChange(at: resume.span, to: "true")
    } else {
      let end = Span(file.span.source, file.span.range.upperBound..<file.span.range.upperBound)
      record.log?.noteChange(at: end, to: ", resume=true")
    }
  }

  /// Runs what shows a result or talks to a person: no value depends on what it reads.
  package func withoutDependences<R>(_ body: () throws -> R) rethrows -> R {
    guard let log = record.log else { return try body() }
    return try log.ignoringReads(body)
  }

  func keepShown(_ result: CommandResult) throws {
    guard record.shown != nil else { return }
    try withoutDependences {
      record.shown? += try Expectation.text(of: result, precision: session.settings.precision)
    }
  }
}
