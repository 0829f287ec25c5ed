import ExactText
import JSONReading

/// A token that is recognised as a whole where it stands in a text; `AddedToken` of Hugging Face `tokenizers`.
struct AddedToken: Sendable, Equatable {
  let content: String
  /// Whether it is looked for in the normalized text, normalized itself, or in the text as it is.
  var isNormalized: Bool
  var isSpecial: Bool
  /// Counts only where no word character touches it.
  var isSingleWord = false
  /// Takes the white space before it.
  var takesSpaceBefore = false
  /// Takes the white space behind it.
  var takesSpaceBehind = false
  /// Where a file states it.
  var id: Int?

  /// - Parameter isNormalized: by default the library's: what is special is not.
  init(_ content: String, isSpecial: Bool, isNormalized: Bool? = nil, id: Int? = nil) {
    self.content = content
    self.isSpecial = isSpecial
    self.isNormalized = isNormalized ?? !isSpecial
    self.id = id
  }

  /// From an object with `content` and flags.
  ///
  /// - Parameter isSpecial: what counts where the object does not say.
  init(_ field: JSONField, isSpecial: Bool = false, id: Int? = nil) throws {
    func flag(_ key: String) throws -> Bool? { try field.optional(key)?.bool() }
    self.init(
      try field.required("content").string(), isSpecial: try flag("special") ?? isSpecial,
      isNormalized: try flag("normalized"), id: id)
    isSingleWord = try flag("single_word") ?? false
    takesSpaceBefore = try flag("lstrip") ?? false
    takesSpaceBehind = try flag("rstrip") ?? false
  }

  /// A special token as files name it: a string, or an object with `content` and flags.
  init(named field: JSONField) throws {
    switch field.value {
    case .string(let content): self.init(content, isSpecial: true)
    case .object: try self.init(field, isSpecial: true)
    default: throw field.mismatch("a string or an object with \"content\"")
    }
    isSpecial = true
  }
}
