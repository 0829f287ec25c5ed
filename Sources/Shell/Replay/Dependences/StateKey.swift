/// A part of the session, or of the world around it, that a statement can read or write.
package enum StateKey: Hashable, Sendable {
  case variable(String)
  /// Which variables there are.
  case variableNames
  case model(String)
  /// Which models are loaded.
  case modelNames
  case currentModel, text, quantity, baseline, interventions
  /// `_`
  case last
  /// `ARGV`
  case arguments
  /// A setting by its name.
  case setting(String)
  /// A file by its absolute path.
  case file(String)
}
