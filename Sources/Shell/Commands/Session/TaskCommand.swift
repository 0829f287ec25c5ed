import Faults
import Measurement
import Results

struct TaskCommand: Command {
  let name = "task"
  let group = CommandGroup.session
  let summary = "read a task from a file, or list the built-in ones"
  let discussion = """
    A row is `task<TAB>case<TAB>sentence with [MASK]<TAB>correct<TAB>wrong`. The built-in tasks have names of their own
    in any expression: `patterns sva_obj rows=20`.
    """
  let parameters: [Parameter] = [
    .optional("file", .path, "a .tsv file"), .option("as", .name(.newName), "the variable that gets it"),
  ]
  let example = #"""
    task
    print sva_obj.count sva_obj.rows[0].sentence
    """#

  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let path = arguments.string("file").map(AbsolutePath.of)
    let isWritten = path.map { interpreter.dryRun?.writtenFiles.contains($0) ?? false } ?? false
    guard isWritten || arguments["file"]?.value.holdsUnknown == true else {
      return try run(arguments, in: interpreter)
    }
    if let name = arguments.string("as") { interpreter.session.variables[name] = .unknown() }
    return .unknown()
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    guard let path = arguments.string("file") else {
      let rows = try BuiltInTasks.names.compactMap { try BuiltInTasks.task(named: $0) }.map(TaskValue.init)
        .map { [Value.string($0.task.name), Value($0.task.rows.count), .string($0.task.rows[0].sentence)] }
      return .table(Table(columns: ["task", "rows", "example"], rows: rows))
    }
    let text = try ScriptFile.text(of: ScriptFile.bytes(at: path), name: path)
    let name = arguments.string("as") ?? "task"
    let task = Value.object(TaskValue(task: try MaskedTask(name: name, tsv: text, path: path)))
    if arguments["as"] != nil { interpreter.session.variables[name] = task }
    return task
  }
}
