import Results

struct ResetCommand: LanguageCommand {
  let name = "reset"
  let changesSession = true
  let group = CommandGroup.session
  let summary = "forget models, variables, text, settings: a fresh session"
  let discussion = """
    The settings are those of the command line again. History and recording go on; a file that `output` has opened is
    completed. It stands alone at the top level of a script or at the prompt.
    """
  let parameters: [Parameter] = []
  let example = #"""
    let x = 1
    reset
    show-settings
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard interpreter.dryRun?.depth == 1 else { throw ReplayFault.resetInside }
    interpreter.makeFresh()
    interpreter.dryRun?.learnAll()
    return .null
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    try interpreter.reset()
    return .null
  }
}
