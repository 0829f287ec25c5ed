import Results

/// An object that `save` writes in a form of its own, for a verb that reads it.
package protocol FileContent: ObjectValue {
  /// - Throws: a fault when it cannot be written to such a file.
  func bytes(for path: String) throws -> [UInt8]
}
