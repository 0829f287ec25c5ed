import ExactText
import Results
import Tensors

struct UndoCommand: LanguageCommand {
  let name = "undo"
  let changesSession = true
  let group = CommandGroup.session
  let summary = "take back what the last command has changed in this session"
  let discussion = """
    Variables, models, text, quantity, baseline, interventions and settings are as they were before it; the note says which
    command it was. Commands that only show something are passed over, and `_` stays. Several `undo` go further back, at the
    prompt as far as 100 changes and an eighth of max_memory allow, but not behind `reset` or the start of a recording. Files
    stay as they are, and so do `output` and `once`. It stands alone at the top level, and is recorded as any command: replayed,
    it takes back the same.
    """
  let parameters: [Parameter] = []
  let example = #"""
    let x = 1
    let x = 2
    undo
    print x
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard interpreter.dryRun?.depth == 1 else { throw ReplayFault.undoInside }
    interpreter.dryRun?.loseEverything(in: interpreter)
    interpreter.dryRun?.uses += 1
    return .null
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let change = try interpreter.takeBack()
    try BLAS.use(threads: interpreter.session.settings.threads)
    interpreter.note("took back: \(change.text.onOneLine)")
    if !change.files.isEmpty {
      interpreter.note(
        "files stay as they are: \(change.files.map(AbsolutePath.shortened).joined(separator: " "))")
    }
    return .null
  }
}

extension String {
  fileprivate var onOneLine: String {
    let line = prefix { !$0.isNewline }
    return line.count < count ? line + " ..." : String(line)
  }
}
