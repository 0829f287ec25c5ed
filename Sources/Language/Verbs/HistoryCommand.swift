import Results

struct HistoryCommand: LanguageCommand {
  let name = "history"
  let group = CommandGroup.session
  let summary = "list the commands of this session"
  let discussion = """
    Also those that failed. `all` begins with what earlier sessions had left when this one began, which is what the
    arrow keys recall too; commands that another session runs meanwhile are there from the next start on.
    """
  let parameters: [Parameter] = [
    .optional("count", .integer(minimum: 1), "only the last COUNT"),
    .flag("all", "with those of earlier sessions"),
  ]
  let example = #"""
    print 1 + 1
    history
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    interpreter.record.log?.unrepeatable = "shows what was typed"
    let earlier = arguments.flag("all") ? try interpreter.earlierCommands() : []
    let commands = Array((earlier + interpreter.record.history).enumerated())
    return .table(
      Table(
        columns: ["number", "command"],
        rows: commands.suffix(arguments.integer("count") ?? commands.count)
          .map { [Value($0.offset + 1), .string($0.element)] }))
  }
}
