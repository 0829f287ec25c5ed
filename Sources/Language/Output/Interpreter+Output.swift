import ExactText
import Faults
import Files
import Rendering
import Results
import Scripting

extension Interpreter {
  /// Sends a result to where results go at the moment: the `once` file, the `output` file or standard output.
  func emit(_ result: CommandResult) throws {
    try keepShown(result)
    if let path = session.onceOutput?.path {
      session.onceOutput = nil
      record.log?.noteResults(in: path)
      return try saveOnce(result, to: path)
    }
    if let file = session.output {
      return try write(apart(printed(result, on: .file), in: file).ansi, to: file)
    }
    if record.isVerifying { return }
    try withoutDependences {
      if let listener { return try listener.hear(result) }
      try display(apart(try printed(unstreamed(result), on: .standardOutput), in: nil))
    }
  }

  /// Successive tables in CSV with an empty line between them, so that one can be told from the next.
  ///
  /// - Parameter file: nil for standard output.
  private func apart(_ text: StyledText, in file: OutputFile?) -> StyledText {
    guard session.settings.format == "csv", !text.isEmpty else { return text }
    let isTable = text.hasLines(2)
    defer { lastCSV = (file, isTable) }
    guard let last = lastCSV, last.file === file, isTable || last.isTable else { return text }
    return "\r\n" + text
  }

  /// A file that has lost a part takes no more, and is never completed.
  private func write(_ text: String, to file: OutputFile) throws {
    do { try file.write(text) } catch {
      session.output = nil
      throw error
    }
  }

  /// On standard output; what is taller than a person's terminal goes through the pager.
  private func display(_ text: StyledText) throws {
    let wasInterrupted = isInterrupted
    let wasPaged = try console.write(
      echoes && session.settings.format == "table" ? commented(text) : text,
      session.settings.format == "json" ? .json : .script,
      pager: session.settings.usesPager ? pager : nil)
    // Ctrl-C in the pager stops what goes on behind it; the result itself is whole.
    if wasPaged, isInterrupted, !wasInterrupted { isInterruptedByPager = true }
  }

  package func keepPartial(_ result: Value, of command: String, extent: String) {
    partialResult = CommandResult(
      command: command, line: record.log?.line ?? 1, value: result,
      interventions: interventions(behind: result), partial: extent, source: record.log?.source?.oneOfSeveral)
  }

  /// Shows what an interrupted command has finished: on standard output, for in a file it could pass for the whole.
  /// Whatever comes in between, the command was interrupted.
  func showPartialResult() {
    guard let partialResult, !record.isVerifying else { return }
    acknowledgeInterruption()
    do {
      try withoutDependences {
        if let listener { return try listener.hear(partialResult) }
        try display(printed(unstreamed(partialResult), on: .standardOutput))
      }
    } catch let fault as any Fault { warn(fault.located(nil).asWarning) } catch {}
  }

  private var isInterrupted: Bool { (try? checkInterruption()) == nil }

  /// The result in the current format.
  private func printed(_ result: CommandResult, on destination: Destination) throws -> StyledText {
    guard let renderer = Renderers.named(session.settings.format) else {
      preconditionFailure("no renderer \(session.settings.format)")
    }
    let shown = destination == .standardOutput ? statingApart(result) : result
    return try renderer.render(shown, options: renderOptions(destination))
  }

  /// Where results go to a program or a file, tables hold nothing else: what is done to the network is said on standard error,
  /// once as long as it stays.
  private func statingApart(_ result: CommandResult) -> CommandResult {
    guard !console.isTerminal, session.settings.format == "table" else { return result }
    if result.interventions != statedInterventions, let circumstances = result.circumstances {
      note("results are \(circumstances)")
    }
    statedInterventions = result.interventions
    return result.withoutStatement
  }

  /// By the file's extension if it names a format, else as the result would have printed.
  private func saveOnce(_ result: CommandResult, to path: String) throws {
    if FileFormats.isKnown(path: path) {
      let value = try withTensors(result.value, verb: "once").stating(interventions: result.interventions)
      return try write(value, name: result.command, to: path)
    }
    try AtomicFile.write(Array(printed(result, on: .file).ansi.utf8), to: path)
  }

  /// An object in a form of its own, another value by the file's extension.
  func write(_ value: Value, name: String, to path: String) throws {
    if case .object(let object) = value, let object = object as? any FileContent {
      try AtomicFile.write(try object.bytes(for: path), to: path)
    } else {
      try FileFormats.save(value, name: name, to: path)
    }
  }

  enum Destination { case standardOutput, file }

  func renderOptions(_ destination: Destination) -> RenderOptions {
    let isScreen = destination == .standardOutput && console.isTerminal
    let color =
      switch session.settings.color {
      case .auto: destination == .standardOutput && console.usesColor
      case .always: true
      case .never: false
      }
    return RenderOptions(
      width: isScreen ? console.width : .max, color: color, unicode: console.usesUnicode,
      precision: session.settings.precision, maxRows: isScreen ? session.settings.maxRows : nil,
      isTerminal: isScreen)
  }

  /// Prints a command as it was written. Results then print as comments, so that the transcript pastes back;
  /// machine formats stay as they are, and the command goes to standard error.
  func echo(_ statement: Statement) throws {
    if session.settings.format == "table" {
      try console.write(statement.span.text + "\n")
    } else {
      console.explain(statement.span.text)
    }
  }

  /// Every line behind `# `, or `#` if it is empty.
  private func commented(_ text: StyledText) -> StyledText {
    var (commented, startsLine) = (StyledText(), true)
    for run in text.runs {
      // By scalars: the newline of CR LF is no character of its own, and what follows it would be a command.
      let lines = run.text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false)
      for (index, line) in lines.enumerated() {
        let endsLine = index < lines.count - 1
        guard endsLine || !line.isEmpty else { continue }
        if startsLine { commented += line.isEmpty ? "#" : "# " }
        commented += StyledText(String(line) + (endsLine ? "\n" : ""), run.style)
        startsLine = endsLine
      }
    }
    return commented
  }

  /// A line on a terminal's standard error that the next one replaces: how much is done and how long the rest will take.
  package func showProgress(_ what: String, done: Double, of total: Int) {
    showProgress(what, "\(Int(done))/\(total)", share: done / Double(max(1, total)))
  }

  /// - Parameter share: what is done, 0 to 1.
  package func showProgress(_ what: String, share: Double) { showProgress(what, nil, share: share) }

  private func showProgress(_ what: String, _ count: String?, share: Double) {
    guard !isQuiet else { return }
    let left = progressClock.remaining(what, share: share, at: .now).map { "\(ProgressClock.text($0)) left" }
    let percent = "\(Int(100 * share)) %"
    tell(
      progress: ([what + " " + (count ?? percent), count == nil ? nil : percent, left].compactMap { $0 })
        .joined(separator: ", "))
  }

  private func tell(progress: String) {
    if let listener { listener.hear(progress: progress) } else { console.progress(progress) }
  }

  package func clearProgress() {
    progressClock = ProgressClock()
    if !isQuiet { tell(progress: "") }
  }

  /// No value depends on whether a person is told of it.
  private var isQuiet: Bool { withoutDependences { session.settings.isQuiet } }

  /// A confirmation or timing for a person; silent with `-q`.
  package func note(_ text: String) {
    guard !isQuiet else { return }
    if let listener { listener.hear(note: text) } else { console.note(text) }
  }

  /// Something that the user should know although the command goes on; also with `-q`.
  package func warn(_ diagnostic: Diagnostic, showsSource: Bool) {
    clearProgress()
    if let listener { return listener.hear(warning: diagnostic) }
    console.report(diagnostic, showsSource: showsSource)
  }
}
