import ExactText
import Faults
import JSONReading

/// What is done to a text before it is split; the normalizers of Hugging Face `tokenizers`.
indirect enum Normalizer: Sendable {
  case bert(BertNormalizer)
  case form(UnicodeForm)
  case lowercase
  case stripAccents
  /// White space at the start and at the end.
  case strip(left: Bool, right: Bool)
  case replace(Pattern, [Unicode.Scalar])
  case prepend([Unicode.Scalar])
  case precompiled(PrecompiledMap)
  /// SentencePiece's `nmt`: controls removed, other white space made blanks.
  case nmt
  case byteLevel
  case sequence([Normalizer])

  /// - Parameter addsPrefix: whether ``prepend(_:)`` does anything; not where a word is taken exactly as written.
  /// - Throws: ``TokenizationFault/patternTooCostly(_:)``, ``Interrupted``.
  func normalize(_ text: NormalizedText, addsPrefix: Bool = true) throws -> NormalizedText {
    if text.scalars.isEmpty { return text }
    switch self {
    case .bert(let bert): return try bert.normalize(text)
    case .form(let form): return try form.apply(to: text)
    case .lowercase: return try text.lowercased()
    case .stripAccents: return try text.filtered { !$0.isCombiningMark }
    case .strip(let left, let right): return try text.stripped(left: left, right: right)
    case .replace(let pattern, let content): return try text.replacing(pattern, with: content)
    case .prepend(let prefix): return addsPrefix ? try text.prepending(prefix, to: 0..<text.count) : text
    case .precompiled(let map): return try map.apply(to: text)
    case .nmt: return try text.nmt()
    case .byteLevel: return try ByteAlphabet.encode(text, 0..<text.count)
    case .sequence(let normalizers):
      return try normalizers.reduce(text) { try $1.normalize($0, addsPrefix: addsPrefix) }
    }
  }

  /// Whether a blank or its mark is put in front of a text.
  var addsPrefix: Bool {
    switch self {
    case .prepend: true
    case .sequence(let normalizers): normalizers.contains(where: \.addsPrefix)
    default: false
    }
  }

  /// What stands for a blank in the normalized text.
  var blankMark: Unicode.Scalar? {
    switch self {
    case .byteLevel: ByteAlphabet.blank
    case .replace(.literal([" "]), let content) where content.count == 1: content[0]
    case .sequence(let normalizers): normalizers.compactMap(\.blankMark).last
    default: nil
    }
  }
}

extension Normalizer {
  private static let kinds: [(name: String, read: @Sendable (JSONField) throws -> Normalizer)] = [
    ("BertNormalizer", { .bert(try BertNormalizer($0)) }),
    ("NFC", { try simple($0, .form(.nfc)) }), ("NFD", { try simple($0, .form(.nfd)) }),
    ("NFKC", { try simple($0, .form(.nfkc)) }), ("NFKD", { try simple($0, .form(.nfkd)) }),
    ("Lowercase", { try simple($0, .lowercase) }), ("StripAccents", { try simple($0, .stripAccents) }),
    ("Nmt", { try simple($0, .nmt) }), ("ByteLevel", { try simple($0, .byteLevel) }),
    (
      "Strip",
      {
        try $0.checkKeys("strip_left", "strip_right")
        return .strip(left: try $0.bool("strip_left"), right: try $0.bool("strip_right"))
      }
    ),
    (
      "Replace",
      {
        try $0.checkKeys("pattern", "content")
        return .replace(
          try Pattern($0.required("pattern")), Array(try $0.required("content").string().unicodeScalars))
      }
    ),
    (
      "Prepend",
      {
        try $0.checkKeys("prepend")
        return .prepend(Array(try $0.required("prepend").string().unicodeScalars))
      }
    ),
    (
      "Precompiled",
      {
        try $0.checkKeys("precompiled_charsmap")
        return .precompiled(try PrecompiledMap($0.required("precompiled_charsmap")))
      }
    ),
    (
      "Sequence",
      {
        try $0.checkKeys("normalizers")
        return .sequence(try $0.required("normalizers").elements().map(Normalizer.init))
      }
    ),
  ]

  init(_ field: JSONField) throws { self = try field.part("a normalizer of", Self.kinds) }

  private static func simple(_ field: JSONField, _ normalizer: Normalizer) throws -> Normalizer {
    try field.checkKeys()
    return normalizer
  }
}

extension BertNormalizer {
  init(_ field: JSONField) throws {
    try field.checkKeys("clean_text", "handle_chinese_chars", "strip_accents", "lowercase")
    let lowercases = try field.bool("lowercase")
    self.init(
      cleans: try field.bool("clean_text"), splitsIdeographs: try field.bool("handle_chinese_chars"),
      stripsAccents: try field.optional("strip_accents")?.bool() ?? lowercases, lowercases: lowercases)
  }
}
