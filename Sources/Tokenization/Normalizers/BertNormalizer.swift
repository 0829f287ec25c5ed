import Faults

/// The first half of BERT's BasicTokenizer: clean, set off ideographs, strip accents, lower-case.
///
/// In this order, as `BertNormalizer` of Hugging Face `tokenizers` does.
struct BertNormalizer: Sendable, Equatable {
  let cleans: Bool
  let splitsIdeographs: Bool
  let stripsAccents: Bool
  let lowercases: Bool

  /// - Throws: ``Interrupted``.
  func normalize(_ text: NormalizedText) throws -> NormalizedText {
    var result = try clean(text)
    if stripsAccents { result = try stripAccents(result) }
    if lowercases { result = try result.lowercased() }
    return result
  }

  private func clean(_ text: NormalizedText) throws -> NormalizedText {
    guard cleans || splitsIdeographs else { return text }
    var result = NormalizedText(capacity: text.count)
    var steps = Steps()
    for (scalar, source) in zip(text.scalars, text.sources) {
      try steps.next()
      if cleans, scalar.isRemovedByCleaning { continue }
      let isSetOff = splitsIdeographs && scalar.isIdeograph
      if isSetOff { result.append(" ", source: source) }
      result.append(cleans && scalar.isWordSeparator ? " " : scalar, source: source)
      if isSetOff { result.append(" ", source: source) }
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
}

extension NormalizedText {
  /// Letter by letter, so that a final capital sigma is none.
  ///
  /// - Throws: ``Interrupted``.
  func lowercased() throws -> NormalizedText {
    var result = NormalizedText(capacity: count)
    var steps = Steps()
    for (scalar, source) in zip(scalars, sources) {
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
