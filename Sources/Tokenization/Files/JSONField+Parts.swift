import ExactText
import JSONReading

/// How the parts of a tokenizer.json are read.
extension JSONField {
  /// Refuses members that are not `known`: what they change would go unnoticed. Files from before parts had a `type` have
  /// more, which the library does not read.
  func checkKeys(_ known: String...) throws {
    guard try optional("type") != nil else { return }
    for (key, field) in try members() where key != "type" && !known.contains(where: { $0 == key }) {
      if field.value.isNull { continue }
      throw field.mismatch(
        "no such setting, only \(known.isEmpty ? "\"type\"" : known.joined(separator: ", "))")
    }
  }

  func bool(_ key: String, default value: Bool? = nil) throws -> Bool {
    guard let field = try optional(key) else {
      if let value { return value }
      return try required(key).bool()
    }
    return try field.bool()
  }

  func scalar() throws -> Unicode.Scalar {
    let text = try string()
    guard text.unicodeScalars.count == 1, let scalar = text.unicodeScalars.first else {
      throw mismatch("one character")
    }
    return scalar
  }

  /// The part that `kinds` makes of the object, by its `type`.
  func part<Part>(
    _ what: String, _ kinds: [(name: String, read: @Sendable (JSONField) throws -> Part)]
  ) throws -> Part {
    let type = try required("type")
    let name = try type.string()
    guard let kind = kinds.first(where: { $0.name == name }) else {
      throw type.mismatch("\(what): \(kinds.map(\.name).joined(separator: ", "))")
    }
    return try kind.read(self)
  }
}
