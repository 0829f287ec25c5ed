import ExactText
import JSONReading

extension PreTokenizer {
  private static let kinds: [(name: String, read: @Sendable (JSONField) throws -> PreTokenizer)] = [
    ("BertPreTokenizer", { try simple($0, .bert) }),
    ("ByteLevel", readByteLevel),
    ("Split", readSplit),
    (
      "Digits",
      {
        try $0.checkKeys("individual_digits")
        return .digits(individual: try $0.bool("individual_digits"))
      }
    ),
    ("Whitespace", { try simple($0, .whitespace) }),
    ("WhitespaceSplit", { try simple($0, .whitespaceSplit) }),
    (
      "Punctuation",
      {
        try $0.checkKeys("behavior")
        return .punctuation(try $0.optional("behavior").map(SplitBehavior.init) ?? .isolated)
      }
    ),
    ("Metaspace", { .metaspace(try Metaspace($0)) }),
    (
      "CharDelimiterSplit",
      {
        try $0.checkKeys("delimiter")
        return .delimiter(try $0.required("delimiter").scalar())
      }
    ),
    (
      "Sequence",
      {
        try $0.checkKeys("pretokenizers")
        return .sequence(try $0.required("pretokenizers").elements().map(PreTokenizer.init))
      }
    ),
  ]

  init(_ field: JSONField) throws { self = try field.part("a pre-tokenizer of", Self.kinds) }

  private static func simple(_ field: JSONField, _ part: PreTokenizer) throws -> PreTokenizer {
    try field.checkKeys()
    return part
  }

  /// `trim_offsets` belongs to the post-processor of the same name.
  private static func readByteLevel(_ field: JSONField) throws -> PreTokenizer {
    try field.checkKeys("add_prefix_space", "trim_offsets", "use_regex")
    return byteLevel(
      addsPrefixSpace: try field.bool("add_prefix_space"), splits: try field.bool("use_regex", default: true))
  }

  private static func readSplit(_ field: JSONField) throws -> PreTokenizer {
    try field.checkKeys("pattern", "behavior", "invert")
    return .split(
      try Pattern(field.required("pattern")), try SplitBehavior(field.required("behavior")),
      inverts: try field.bool("invert"))
  }

  /// - Parameter splits: by GPT-2's pattern.
  static func byteLevel(addsPrefixSpace: Bool, splits: Bool) -> PreTokenizer {
    .byteLevel(addsPrefixSpace: addsPrefixSpace, pattern: splits ? gpt2Pattern : nil)
  }

  private static let gpt2Pattern: Pattern = known(gpt2)

  /// Of a pattern that is part of the program.
  static func known(_ pattern: String) -> Pattern {
    guard let regex = try? Regex(pattern) else { preconditionFailure("no pattern: \(pattern)") }
    return .regex(regex)
  }
}
