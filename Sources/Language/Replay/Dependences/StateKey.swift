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
