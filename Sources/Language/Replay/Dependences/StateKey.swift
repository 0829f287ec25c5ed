import ExactText

/// A part of the session, or of the world around it, that a statement can read or write.
package enum StateKey: Hashable, Sendable {
  case variable(String)
  /// Which variables there are.
  case variableNames
  /// `_`
  case last
  /// `ARGV`
  case arguments
  /// A setting by its name.
  case setting(String)
  /// A file by its absolute path.
  case file(String)
  /// A part of what the session is about, e.g. its text.
  case state(String)
  /// One of several such parts, e.g. a loaded model; ``state(_:)`` of the same name is the current one.
  case stateItem(String, name: String)
  /// Which of them there are.
  case stateItemNames(String)
}

extension StateKey {
  // What Swift would write hashes the names as its strings.
  package func hash(into hasher: inout Hasher) {
    let (kind, names): (Int, [String]) =
      switch self {
      case .variable(let name): (0, [name])
      case .variableNames: (1, [])
      case .last: (2, [])
      case .arguments: (3, [])
      case .setting(let name): (4, [name])
      case .file(let path): (5, [path])
      case .state(let name): (6, [name])
      case .stateItem(let part, let name): (7, [part, name])
      case .stateItemNames(let part): (8, [part])
      }
    hasher.combine(kind)
    for name in names { hasher.combine(Name(name)) }
  }
}
