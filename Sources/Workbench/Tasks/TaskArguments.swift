import ExactText
import Faults
import Language
import Measurement
import Results
import Scripting

extension Parameter.Kind {
  /// A task; also by its name, or the path of its file.
  static let task = Parameter.Kind.custom(TaskArgument())
  /// A task, or the path of its file, which the command reads itself.
  static let taskSource = Parameter.Kind.custom(TaskSourceArgument())
  /// A text, or a task whose texts are used; the command checks it.
  static let textOrTask = Parameter.Kind.custom(TextOrTaskArgument())
}

struct TaskArgument: ArgumentKind {
  let takesPath = true

  func claims(_ value: Value) -> Bool { value.isTask }

  /// A string names a task, else a file.
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    let value = try session.evaluate(expression)
    guard case .string(let name) = value else { return value }
    let task = session.variables[name] ?? BenchDomain().presentValue(named: name, in: session)
    if let task, task.isTask { return task }
    return try session.locating(expression.span) {
      .object(try Bench(session).taskFile(name, at: expression.span))
    }
  }
}

struct TaskSourceArgument: ArgumentKind {
  let takesPath = true

  func claims(_ value: Value) -> Bool { value.isTask }
}

struct TextOrTaskArgument: ArgumentKind {
  let takesText = true

  func claims(_ value: Value) -> Bool { value.isTask }

  /// The text that is a task's name is hardly meant to be one.
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    let value = try session.evaluate(expression)
    if case .string(let name) = value, case .string = expression.kind, BuiltInTasks.names.contains(name) {
      session.warn(
        Diagnostic(
          .warning, code: "task-as-text",
          "\(quoted(name)) is taken as a text; for the task write `\(expression.span.line(writing: name))`",
          at: expression.span))
    }
    return value
  }
}

extension Value {
  fileprivate var isTask: Bool { if case .object(let object) = self { object is TaskValue } else { false } }
}

extension Bench {
  /// The task in a file that an argument names.
  fileprivate func taskFile(_ path: String, at span: Span) throws -> TaskValue {
    if session.dryRun?.hasWritten(path) ?? false { throw ComputationSkipped() }
    let isFile = (path.contains("/") || path.contains(".")) && !path.contains(" ")
    guard isFile else {
      throw TaskUseFault.unknownTask(path, suggestion: closest(to: path, in: BuiltInTasks.names))
    }
    session.noteRead(file: path)
    let task = try MeasurementTask(
      name: TaskCommand.name(of: path), bytes: ScriptFile.bytes(at: path), path: path, kind: nil,
      answers: .words,
      strict: false, check: session.checkInterruption)
    warn(of: task.badRows, among: task.rows.count + task.badRows.count, in: task, at: span)
    return TaskValue(task: task)
  }
}
