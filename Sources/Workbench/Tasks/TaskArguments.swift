import Language

extension Parameter.Kind {
  /// A task, or what else the command takes and checks itself.
  static let task = Parameter.Kind.custom(TaskArgument())
  /// A text, or a task whose texts are used; the command checks it.
  static let textOrTask = Parameter.Kind.custom(TextOrTaskArgument())
}

struct TaskArgument: ArgumentKind {}

struct TextOrTaskArgument: ArgumentKind {
  let takesText = true
}
