import ExactText
import Faults
import JSONReading

/// How a normalized text is split into pieces; the pre-tokenizers of Hugging Face `tokenizers`.
indirect enum PreTokenizer: Sendable {
  case bert
  /// - `addsPrefixSpace`: in front of a piece that does not begin with a blank.
  /// - `pattern`: what splits before bytes become characters; nil for nothing.
  case byteLevel(addsPrefixSpace: Bool, pattern: Pattern?)
  case split(Pattern, SplitBehavior, inverts: Bool)
  case digits(individual: Bool)
  /// Runs of word characters, and of others that are no white space.
  case whitespace
  case whitespaceSplit
  case punctuation(SplitBehavior)
  case metaspace(Metaspace)
  case delimiter(Unicode.Scalar)
  case sequence([PreTokenizer])

  /// What GPT-2 splits by.
  static let gpt2 = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

  /// - Parameter addsPrefix: whether blanks are put in front of pieces; not where a word is taken exactly as written.
  /// - Throws: ``TokenizationFault/patternTooCostly(_:)``, ``Interrupted``.
  func apply(to pieces: [TextPiece], addsPrefix: Bool = true) throws -> [TextPiece] {
    if case .sequence(let parts) = self {
      return try parts.reduce(pieces) { try $1.apply(to: $0, addsPrefix: addsPrefix) }
    }
    if case .bert = self {
      return try PreTokenizer.punctuation(.isolated).apply(to: PreTokenizer.whitespaceSplit.apply(to: pieces))
    }
    var result: [TextPiece] = []
    result.reserveCapacity(pieces.count)
    var steps = Steps()
    for piece in pieces {
      try steps.next()
      if piece.token != nil {
        result.append(piece)
      } else {
        try split(piece, addsPrefix, into: &result)
      }
    }
    return result
  }

  private func split(_ piece: TextPiece, _ addsPrefix: Bool, into result: inout [TextPiece]) throws {
    let (scalars, range) = (piece.text.scalars, piece.range)
    func append(_ behavior: SplitBehavior, _ cuts: [Cut]) throws {
      for part in try behavior.parts(cuts) where !part.isEmpty { result.append(TextPiece(piece.text, part)) }
    }
    func perCharacter(_ behavior: SplitBehavior, _ isMatch: (Unicode.Scalar) -> Bool) throws {
      try append(behavior, Cut.perCharacter(of: scalars, range, isMatch))
    }
    switch self {
    case .byteLevel(let addsPrefixSpace, let pattern):
      result += try Self.byteLevel(piece, addsPrefix && addsPrefixSpace, pattern)
    case .split(let pattern, let behavior, let inverts):
      let cuts = try pattern.cuts(of: scalars, range)
      try append(behavior, inverts ? cuts.map { Cut(range: $0.range, isMatch: !$0.isMatch) } : cuts)
    case .digits(let individual):
      try perCharacter(individual ? .isolated : .contiguous) { $0.isNumeric }
    case .whitespace: try append(.isolated, Self.words(of: scalars, range))
    case .whitespaceSplit: try perCharacter(.removed) { $0.properties.isWhitespace }
    case .punctuation(let behavior): try perCharacter(behavior) { $0.isWordOfItsOwn }
    case .delimiter(let delimiter): try perCharacter(.removed) { $0 == delimiter }
    case .metaspace(let metaspace): result += try metaspace.apply(to: piece, addsPrefix: addsPrefix)
    case .bert, .sequence: preconditionFailure("taken apart before")
    }
  }

  private static func byteLevel(_ piece: TextPiece, _ addsPrefix: Bool, _ pattern: Pattern?) throws
    -> [TextPiece]
  {
    var (text, range) = (piece.text, piece.range)
    if addsPrefix, text.scalars[range.lowerBound] != " " {
      text = try text.prepending([" "], to: range)
      range = 0..<text.count
    }
    let parts = try pattern?.cuts(of: text.scalars, range).map(\.range) ?? [range]
    var bytes = NormalizedText(capacity: range.count)
    var ranges: [Range<Int>] = []
    for part in parts where !part.isEmpty {
      let start = bytes.count
      try ByteAlphabet.append(text, part, to: &bytes)
      ranges.append(start..<bytes.count)
    }
    return ranges.map { TextPiece(bytes, $0) }
  }

  /// `\w+|[^\w\s]+`
  private static func words(of text: [Unicode.Scalar], _ part: Range<Int>) throws -> [Cut] {
    var cuts: [Cut] = []
    var wasWord = false
    var steps = Steps()
    for index in part where !text[index].properties.isWhitespace {
      try steps.next()
      let isWord = text[index].isWordCharacter
      if let last = cuts.last, last.range.upperBound == index, isWord == wasWord {
        cuts[cuts.count - 1].range = last.range.lowerBound..<index + 1
      } else {
        cuts.append(Cut(range: index..<index + 1, isMatch: true))
      }
      wasWord = isWord
    }
    return cuts
  }

  /// Whether a blank or its mark is put in front of a text.
  var addsPrefix: Bool {
    switch self {
    case .byteLevel(let addsPrefixSpace, _): addsPrefixSpace
    case .metaspace(let metaspace): metaspace.scheme != .never
    case .sequence(let parts): parts.contains(where: \.addsPrefix)
    default: false
    }
  }

  /// What stands for a blank in the pieces.
  var blankMark: Unicode.Scalar? {
    switch self {
    case .byteLevel: ByteAlphabet.blank
    case .metaspace(let metaspace): metaspace.replacement
    case .sequence(let parts): parts.compactMap(\.blankMark).last
    default: nil
    }
  }
}

extension Unicode.Scalar {
  /// The general categories N, Rust's `char::is_numeric`.
  fileprivate var isNumeric: Bool {
    switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }
}
