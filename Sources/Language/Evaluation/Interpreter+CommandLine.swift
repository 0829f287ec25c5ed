extension Interpreter {
  /// Makes current what the command line names, as the statement `load` would.
  package func loadFirst(_ specifier: String) throws {
    try observing("load \(stringLiteral(specifier))") { try domain.load(specifier, in: self) }
  }
}
