import Results

struct OutputCommand: Command {
  let name = "output"
  let group = CommandGroup.session
  let summary = "send results to a file, or back to standard output"
  let discussion = """
    `output FILE` sends all following results to FILE, in the current format; `output` alone ends that.
    Results gather in FILE.partial; FILE itself appears, whole, when the output ends.
    """
  let parameters: [Parameter] = [.optional("file", .path, "where results go; left out: standard output")]
  let example = #"""
    output "results.txt"
    print 1 + 1
    output
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    // Closed first, so that the same file can be opened again. Closed is closed, whatever fails afterwards.
    try interpreter.endOutput()
    interpreter.session.output = try arguments.string("file").map(OutputFile.init(path:))
    return .null
  }
}

struct OnceCommand: Command {
  let name = "once"
  let group = CommandGroup.session
  let summary = "send the next result to a file"
  let discussion =
    "The extension chooses the format as with `save`; another extension gets what would have printed."
  let parameters: [Parameter] = [.required("file", .path, "where the next result goes")]
  let example = #"""
    load "demo"
    once "tokens.csv"
    tokenize "a cat sat ."
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    interpreter.session.onceOutput = arguments.string("file")
    return .null
  }
}
