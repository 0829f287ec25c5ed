import JSONReading

/// Decodes a JSON text of a model's files.
///
/// - Throws: ``CheckpointFault/json(file:_:)`` with the place, what was expected and what was found; errors
///   that `T` itself throws pass unchanged.
func decodeJSON<T: Decodable>(_ type: T.Type, from bytes: [UInt8], file: String) throws -> T {
  try decodeJSON(from: bytes, file: file) { try T(from: $0) }
}

/// The same by a function that reads what the text holds.
func decodeJSON<T>(from bytes: [UInt8], file: String, by read: (any Decoder) throws -> T) throws -> T {
  do {
    return try read(JSONField(document: bytes, .python))
  } catch let problem as JSONProblem {
    throw CheckpointFault.json(file: file, problem)
  }
}
