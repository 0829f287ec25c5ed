import Faults

/// A text after normalization, with the place each character comes from.
struct NormalizedText {
  var scalars: [Unicode.Scalar] = []
  /// By character: the index of its source in the original text; never decreasing.
  var sources: [Int] = []

  init(capacity: Int) {
    scalars.reserveCapacity(capacity)
    sources.reserveCapacity(capacity)
  }

  mutating func append(_ scalar: Unicode.Scalar, source: Int) {
    scalars.append(scalar)
    sources.append(source)
  }

  /// What the characters in `range`, which is not empty, were made from.
  func original(of range: Range<Int>) -> Range<Int> {
    sources[range.lowerBound]..<sources[range.upperBound - 1] + 1
  }
}

/// The first half of BERT's BasicTokenizer: clean, set off ideographs, strip accents, lower-case.
///
/// In this order, as `BertNormalizer` of Hugging Face `tokenizers` does.
struct Normalizer: Sendable {
  let cleans: Bool
  let splitsIdeographs: Bool
  let stripsAccents: Bool
  let lowercases: Bool

  /// - Parameter part: the indices of `text` to normalize; sources are indices of `text` too.
  /// - Throws: ``Interrupted``.
  func normalize(_ text: [Unicode.Scalar], _ part: Range<Int>) throws -> NormalizedText {
    var result = try clean(text, part)
    if stripsAccents { result = try stripAccents(result) }
    if lowercases { result = try lowercase(result) }
    return result
  }

  private func clean(_ text: [Unicode.Scalar], _ part: Range<Int>) throws -> NormalizedText {
    var result = NormalizedText(capacity: part.count)
    var steps = Steps()
    for index in part {
      try steps.next()
      let scalar = text[index]
      if cleans, scalar.isRemovedByCleaning { continue }
      let isSetOff = splitsIdeographs && scalar.isIdeograph
      if isSetOff { result.append(" ", source: index) }
      result.append(cleans && scalar.isWordSeparator ? " " : scalar, source: index)
      if isSetOff { result.append(" ", source: index) }
    }
    return result
  }

  private func stripAccents(_ text: NormalizedText) throws -> NormalizedText {
    var stripper = AccentStripper(capacity: text.scalars.count)
    var steps = Steps()
    for (scalar, source) in zip(text.scalars, text.sources) {
      try steps.next()
      try stripper.append(scalar, source: source)
    }
    try stripper.flush()
    return stripper.result
  }

  private func lowercase(_ text: NormalizedText) throws -> NormalizedText {
    var result = NormalizedText(capacity: text.scalars.count)
    var steps = Steps()
    for (scalar, source) in zip(text.scalars, text.sources) {
      try steps.next()
      switch scalar.value {
      case 0x41...0x5A: result.append(Unicode.Scalar(UInt8(scalar.value) + 0x20), source: source)
      case 0..<0x80: result.append(scalar, source: source)
      default:
        for lower in scalar.properties.lowercaseMapping.unicodeScalars {
          result.append(lower, source: source)
        }
      }
    }
    return result
  }
}
