import ExactText
import Faults
import JSONReading

/// How tokens become a text again; the decoders of Hugging Face `tokenizers`.
indirect enum TokenDecoder: Sendable {
  case byteLevel
  case metaspace(Metaspace)
  /// `<0x0A>` and the like become the bytes.
  case byteFallback
  case wordPiece(prefix: String, cleansUp: Bool)
  case replace(Pattern, String)
  /// All tokens become one.
  case fuse
  case strip(Unicode.Scalar, start: Int, stop: Int)
  case bpe(suffix: String)
  case sequence([TokenDecoder])

  /// - Throws: ``TokenizationFault/patternTooCostly(_:)``, ``Interrupted``.
  func decode(_ tokens: [String]) throws -> [String] {
    switch self {
    case .byteLevel: return try [Self.bytesDecoded(tokens)]
    case .metaspace(let metaspace): return try Self.metaspace(tokens, metaspace)
    case .byteFallback: return try Self.fallback(tokens)
    case .wordPiece(let prefix, let cleansUp): return try Self.wordPiece(tokens, prefix, cleansUp)
    case .replace(let pattern, let content):
      return try tokens.interruptibleMap { try Self.replaced($0, pattern, content) }
    case .fuse: return [try tokens.interruptibleJoined()]
    case .strip(let scalar, let start, let stop):
      return try tokens.interruptibleMap { Self.stripped($0, scalar, start, stop) }
    case .bpe(let suffix): return try Self.bpe(tokens, suffix)
    case .sequence(let decoders): return try decoders.reduce(tokens) { try $1.decode($0) }
    }
  }

  private static func bytesDecoded(_ tokens: [String]) throws -> String {
    var bytes: [UInt8] = []
    var steps = Steps()
    for token in tokens {
      try steps.next()
      bytes += ByteAlphabet.bytes(of: token) ?? Array(token.utf8)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The mark of the first token is no blank, where one was put there.
  private static func metaspace(_ tokens: [String], _ metaspace: Metaspace) throws -> [String] {
    try tokens.enumerated().interruptibleMap { index, token in
      var text = String.UnicodeScalarView()
      for scalar in token.unicodeScalars {
        if scalar != metaspace.replacement {
          text.append(scalar)
        } else if index > 0 || metaspace.scheme == .never {
          text.append(" ")
        }
      }
      return String(text)
    }
  }

  private static func fallback(_ tokens: [String]) throws -> [String] {
    var result: [String] = []
    var bytes: [UInt8] = []
    func flush() {
      guard !bytes.isEmpty else { return }
      if let text = String(validating: bytes, as: UTF8.self) {
        result.append(text)
      } else {
        result += Array(repeating: "\u{FFFD}", count: bytes.count)
      }
      bytes = []
    }
    var steps = Steps()
    for token in tokens {
      try steps.next()
      if let byte = byte(token) {
        bytes.append(byte)
      } else {
        flush()
        result.append(token)
      }
    }
    flush()
    return result
  }

  /// The byte that `<0x0A>` names.
  static func byte(_ token: String) -> UInt8? {
    let bytes = Array(token.utf8)
    guard bytes.count == 6, bytes.starts(with: "<0x".utf8), bytes[5] == UInt8(ascii: ">") else { return nil }
    return UInt8(String(decoding: bytes[3..<5], as: UTF8.self), radix: 16)
  }

  private static func wordPiece(_ tokens: [String], _ prefix: String, _ cleansUp: Bool) throws -> [String] {
    try tokens.enumerated().interruptibleMap { index, token in
      var text = token
      if index > 0 {
        text =
          token.hasPrefix(prefix)
          ? String(token.unicodeScalars.dropFirst(prefix.unicodeScalars.count)) : " " + token
      }
      return cleansUp ? try cleaned(text) : text
    }
  }

  private static let contractions = [
    (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
    (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
  ]

  private static func cleaned(_ text: String) throws -> String {
    guard text.utf8.contains(UInt8(ascii: " ")) else { return text }
    return try contractions.reduce(text) { text, contraction in
      try replaced(text, .literal(Array(contraction.0.unicodeScalars)), contraction.1)
    }
  }

  private static func replaced(_ text: String, _ pattern: Pattern, _ content: String) throws -> String {
    let scalars = Array(text.unicodeScalars)
    var result = String.UnicodeScalarView()
    for cut in try pattern.cuts(of: scalars, scalars.indices) {
      if cut.isMatch {
        result.append(contentsOf: content.unicodeScalars)
      } else {
        result.append(contentsOf: scalars[cut.range])
      }
    }
    return String(result)
  }

  /// Up to so many of the character at the start and at the end.
  private static func stripped(_ token: String, _ scalar: Unicode.Scalar, _ start: Int, _ stop: Int) -> String
  {
    let scalars = Array(token.unicodeScalars)
    let first = scalars.prefix(start).prefix { $0 == scalar }.count
    let last = scalars.dropFirst(first).suffix(stop).reversed().prefix { $0 == scalar }.count
    return String(String.UnicodeScalarView(scalars[first..<scalars.count - last]))
  }

  private static func bpe(_ tokens: [String], _ suffix: String) throws -> [String] {
    try tokens.enumerated().interruptibleMap { index, token in
      try replaced(
        token, .literal(Array(suffix.unicodeScalars)), index == tokens.count - 1 ? "" : " ")
    }
  }
}

extension TokenDecoder {
  private static let kinds: [(name: String, read: @Sendable (JSONField) throws -> TokenDecoder)] = [
    ("ByteLevel", { _ in .byteLevel }),
    ("Metaspace", { .metaspace(try Metaspace($0)) }),
    ("ByteFallback", { _ in .byteFallback }),
    (
      "WordPiece",
      {
        .wordPiece(
          prefix: try $0.required("prefix").string(), cleansUp: try $0.required("cleanup").bool())
      }
    ),
    (
      "Replace",
      { .replace(try Pattern($0.required("pattern")), try $0.required("content").string()) }
    ),
    ("Fuse", { _ in .fuse }),
    (
      "Strip",
      {
        .strip(
          try $0.required("content").scalar(), start: try $0.required("start").count(),
          stop: try $0.required("stop").count())
      }
    ),
    (
      "BPEDecoder",
      {
        let suffix = try $0.required("suffix")
        guard try !suffix.string().isEmpty else { throw suffix.mismatch("at least one character") }
        return .bpe(suffix: try suffix.string())
      }
    ),
    ("Sequence", { .sequence(try $0.required("decoders").elements().map(TokenDecoder.init)) }),
  ]

  init(_ field: JSONField) throws { self = try field.part("a decoder of", Self.kinds) }
}
