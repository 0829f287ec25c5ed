import ExactText
import Results
import Scripting

struct SourceCommand: LanguageCommand {
  let name = "source"
  let changesSession = true
  let group = CommandGroup.session
  let summary = "run a script file in this session"
  let discussion = """
    FILE is relative to the script that names it, or to the working directory in the shell and with -c.
    """
  let parameters: [Parameter] = [.required("file", .path, "an .ipscript file")]
  let example = #"""
    set quiet true
    once "source-example.txt"
    print "print 1 + 1"
    source "source-example.txt"
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let path = ScriptFile.resolve(arguments.string("file") ?? "", relativeTo: arguments.span.source.name)
    if let dryRun = interpreter.dryRun,
      arguments["file"]?.value.holdsUnknown == true || dryRun.hasWritten(path)
    {
      // Not thrown: what is forgotten stays so.
      dryRun.loseEverything(in: interpreter)
      dryRun.uses += 1
      return .unknown()
    }
    return try run(arguments, in: interpreter)
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let span = arguments.span
    let written = arguments.string("file") ?? ""
    if interpreter.openSources.isEmpty {
      interpreter.record.log?.noteSource(written, relativeTo: span.source.name)
    }
    let path = ScriptFile.resolve(written, relativeTo: span.source.name)
    let source = try ScriptFile.source(at: path, includedFrom: span)
    try interpreter.runIncluded(source, path: path)
    return .null
  }
}

extension Interpreter {
  private static var deepestSource: Int { 50 }

  /// Runs a script from within another, refusing cycles.
  func runIncluded(_ source: Source, path spelling: String) throws {
    let path = ScriptFile.canonical(spelling)
    guard !openSources.contains(path) else { throw InputOutputFault.sourceCycle(path: spelling) }
    guard openSources.count < Self.deepestSource else { throw LimitFault.tooDeep(limit: Self.deepestSource) }
    openSources.append(path)
    defer { openSources.removeLast() }
    // What a script binds is the session's, also when a function sources it.
    try restoring(\.variables.locals) {
      session.variables.locals = nil
      try run(source)
    }
  }
}
