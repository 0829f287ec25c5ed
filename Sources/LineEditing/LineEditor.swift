import CLineEdit
import ExactText
import Files
import SystemCalls

/// Reads lines, or whole blocks of lines, from a person or a file. Only the main thread may use it.
///
/// On a terminal that can move its cursor a text is edited with libedit: emacs keys, or what `$EDITRC` or
/// `~/.editrc` asks for. A block is one text with newlines in it: Enter adds a line while ``isComplete`` says
/// false, and any of its lines can be edited until it is submitted, also when it comes back from the history.
/// On other terminals (`TERM` unset or `dumb`) and on files lines are read as they come, without escape
/// codes; there each further line of a block is asked for with the continuation prompt.
///
///     let editor = try LineEditor(programName: "ipsh", historyLimit: 1000)
///     editor.isComplete = { $0.filter { $0 == "{" }.count == $0.filter { $0 == "}" }.count }
///     while case .line(let text) = try editor.readLine(prompt: "> ", continuationPrompt: "... ") { run(text) }
public final class LineEditor {
  public enum Event: Sendable, Equatable {
    case line(String)
    /// Ctrl-C: what was typed is dropped.
    case interrupted
    /// Ctrl-D on an empty line, or the end of the file.
    case endOfFile
  }

  /// Asked on TAB with the whole text and the cursor's UTF-8 offset.
  public var complete: ((_ text: String, _ cursor: Int) -> CompletionResult)?
  /// Whether Enter may submit the text; nil: always.
  public var isComplete: ((String) -> Bool)?

  /// What of the user's settings could not be taken.
  public private(set) var settingsFault: LineEditingFault?

  let input: Int32
  private let output: Int32
  private var history: RecallableHistory
  private var editor: OpaquePointer?
  private let lines: PlainLines

  /// - Parameters:
  ///   - programName: as `.editrc` files name it in `name:bind ...`
  ///   - historyLimit: entries that can be recalled
  public init(
    programName: String, historyLimit: Int, input: Int32 = 0, output: Int32 = 1, error: Int32 = 2
  ) throws {
    precondition(historyLimit > 0, "a history of \(historyLimit) entries")
    self.input = input
    self.output = output
    history = RecallableHistory(limit: historyLimit)
    let prompts = isatty(output) == 1 ? output : error
    lines = PlainLines(input: input, prompts: isatty(input) == 1 ? prompts : nil)
    Interrupts.install()
    if LineEditor.isEditable(input: input, output: output) {
      editor = line_edit_create(
        programName, input, output, error, Int32(clamping: historyLimit), readableSettings(), callbacks)
    }
  }

  /// The file that libedit reads. It would wait for whoever writes to a pipe, and read a device for ever.
  private func readableSettings() -> String? {
    guard let path = LineEditor.settingsPath else { return nil }
    let file = SettingsFile(path)
    if file == .unsuitable { settingsFault = .settingsUnreadable(path: path) }
    return file == .readable ? path : nil
  }

  private static var settingsPath: String? {
    if let path = getenv("EDITRC") { return String(cString: path) }
    return getenv("HOME").map { String(cString: $0) + "/.editrc" }
  }

  deinit {
    if let editor { line_edit_destroy(editor) }
  }

  /// A terminal on both sides, more than a dumb one, and characters beyond ASCII: without a UTF-8
  /// locale libedit would drop those silently.
  private static func isEditable(input: Int32, output: Int32) -> Bool {
    guard isatty(input) == 1, isatty(output) == 1 else { return false }
    let terminal = getenv("TERM").map { String(cString: $0) } ?? ""
    guard terminal != "", terminal != "dumb" else { return false }
    return line_edit_use_utf8_characters()
  }

  /// Reads until the text is complete.
  ///
  /// Control characters of a prompt are shown as escapes, as those of the text are.
  public func readLine(prompt: String, continuationPrompt: String) throws -> Event {
    guard let editor else {
      return try lines.nextText(
        prompt: prompt, continuationPrompt: continuationPrompt, isComplete: isComplete ?? { _ in true })
    }
    history.startOver()
    switch line_edit_read(editor, terminated(prompt), terminated(continuationPrompt)) {
    case LINE_EDIT_SUBMITTED: return .line(currentText.text)
    case LINE_EDIT_INTERRUPTED:
      Interrupts.clear()
      return .interrupted
    case LINE_EDIT_END_OF_INPUT: return .endOfFile
    default: throw LineEditingFault.inputUnreadable(.last)
    }
  }

  /// Makes a text the newest entry of the history; blank ones and repetitions of the newest are left out.
  public func addHistory(_ entry: String) {
    guard let editor, entry.contains(where: { !$0.isWhitespace }) else { return }
    line_edit_add_history(editor, terminated(entry))
    history.add(entry)
  }
}

// MARK: - What libedit asks for

extension LineEditor {
  private var callbacks: line_edit_callbacks {
    line_edit_callbacks(
      accepts: { LineEditor.from($0).acceptsText() },
      completes: { LineEditor.from($0).completeWord() },
      recalls: { LineEditor.from($0).recall(older: $1) },
      searches: { LineEditor.from($0).search() },
      context: Unmanaged.passUnretained(self).toOpaque())
  }

  private static func from(_ context: UnsafeMutableRawPointer?) -> LineEditor {
    guard let context else { preconditionFailure("libedit called back without its editor") }
    return Unmanaged<LineEditor>.fromOpaque(context).takeUnretainedValue()
  }

  /// The text and the cursor's UTF-8 offset in it.
  private var currentText: (text: String, cursor: Int) {
    let current = line_edit_current_text(editor)
    let scalars = UnsafeBufferPointer(start: current.scalars, count: Int(current.count))
    let before = String(decoding: scalars.prefix(Int(current.cursor)), as: UTF32.self)
    return (String(decoding: scalars, as: UTF32.self), before.utf8.count)
  }

  private func acceptsText() -> Bool { isComplete?(currentText.text) ?? true }

  private func recall(older: Bool) -> Bool {
    let current = currentText.text
    guard let text = history.step(older: older, from: current, isFound: line_edit_has_searched(editor)) else {
      return false
    }
    set(TextEdit(text: text, cursor: text.unicodeScalars.count))
    return true
  }

  private func search() -> Bool {
    guard let editor, let edit = searchHistory(editor, in: history.recallable, from: currentText.text) else {
      return false
    }
    set(edit)
    return true
  }

  private func completeWord() -> Bool {
    let (text, cursor) = currentText
    guard let step = complete?(text, cursor).step(in: text, cursor: cursor) else { return false }
    if !step.listed.isEmpty {
      // Before the text changes: what is on the screen still tells where its end is.
      line_edit_begin_output(editor)
      show(step.listed)
    }
    if let edit = step.edit { set(edit) }
    return step != CompletionStep()
  }

  private func set(_ edit: TextEdit) {
    line_edit_set_text(editor, terminated(edit.text), Int32(clamping: edit.cursor))
  }

  private func show(_ candidates: [Completion]) {
    var rows: Int32 = 0
    var columns: Int32 = 0
    line_edit_terminal_size(input, &rows, &columns)
    let list = CompletionList(candidates, columns: Int(columns))
    let fits = list.lines.count < Int(rows) - 2
    if fits || confirms("show all \(candidates.count)? (y/n) ") {
      list.lines.forEach { line_edit_write(editor, $0 + "\n") }
    }
  }

  private func confirms(_ question: String) -> Bool {
    line_edit_write(editor, question)
    let key = line_edit_next_key(editor)
    line_edit_write(editor, "\n")
    return ["y", "Y", " ", "\t"].contains { $0 == Unicode.Scalar(key) }
  }
}

/// The scalars of a text, ended by 0.
private func terminated(_ text: String) -> [UInt32] {
  text.unicodeScalars.map(\.value).filter { $0 != 0 } + [0]
}
