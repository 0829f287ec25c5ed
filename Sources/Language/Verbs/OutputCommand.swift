import Results

struct OutputCommand: LanguageCommand {
  let name = "output"
  let group = CommandGroup.session
  let summary = "send results to a file, or back to standard output"
  let discussion = """
    `output FILE` sends all following results to FILE, in the current format; `output` alone ends that.
    Results gather in FILE.partial; FILE itself appears, whole, when the output ends. The prompt shows `[out]` until
    then. When FILE.partial cannot be written any more, or the script fails, the output ends without FILE: an old FILE is as
    it was, and the results so far are in FILE.partial (in FILE.partial~ once another output goes to FILE).
    """
  let parameters: [Parameter] = [.optional("file", .path, "where results go; left out: standard output")]
  let opensFiles = false
  let example = #"""
    output "results.txt"
    print 1 + 1
    output
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    if let file = arguments["file"], file.value.asUnknown == nil {
      arguments.string("file").map { interpreter.dryRun?.noteWritten($0) }
    }
    return .null
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    // Closed first, so that the same file can be opened again. Closed is closed, whatever fails afterwards.
    try interpreter.endOutput()
    interpreter.session.output = try arguments.string("file").map(OutputFile.init(path:))
    if let earlier = interpreter.session.output?.earlierResults {
      interpreter.note("results of an output that did not end are in \(earlier)")
    }
    arguments.string("file").map { interpreter.record.log?.noteOpened(file: $0) }
    return .null
  }
}
