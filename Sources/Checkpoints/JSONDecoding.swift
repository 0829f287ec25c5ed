import JSONReading

/// Decodes a JSON text of a model's files.
///
/// - Throws: ``CheckpointFault/json(file:_:)`` with the place, what was expected and what was found; errors
///   that `T` itself throws pass unchanged.
func decodeJSON<T: Decodable>(_ type: T.Type, from bytes: [UInt8], file: String) throws -> T {
  do {
    return try JSONField(document: bytes, .python).decode(type)
  } catch let problem as JSONProblem {
    throw CheckpointFault.json(file: file, problem)
  }
}
