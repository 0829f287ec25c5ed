import Faults

/// The edits that normalizers and pre-tokenizers are made of, with the alignment that `tokenizers` gives them.
extension NormalizedText {
  func filtered(_ isKept: (Unicode.Scalar) -> Bool) throws -> NormalizedText {
    var result = NormalizedText(capacity: count)
    var steps = Steps()
    for (scalar, source) in zip(scalars, sources) {
      try steps.next()
      if isKept(scalar) { result.append(scalar, source: source) }
    }
    return result
  }

  mutating func replaceAll(_ old: Unicode.Scalar, with new: Unicode.Scalar) throws {
    try scalars.indices.forEachPart { part in
      for index in part where scalars[index] == old { scalars[index] = new }
    }
  }

  func mapped(_ transform: (Unicode.Scalar) -> Unicode.Scalar) throws -> NormalizedText {
    var result = self
    result.scalars = try scalars.interruptibleMap(transform)
    return result
  }

  /// Without white space at the ends.
  func stripped(left: Bool, right: Bool) throws -> NormalizedText {
    var (start, end) = (0, count)
    var steps = Steps()
    while left, start < end, scalars[start].properties.isWhitespace {
      try steps.next()
      start += 1
    }
    while right, end > start, scalars[end - 1].properties.isWhitespace {
      try steps.next()
      end -= 1
    }
    if start == 0, end == count { return self }
    var result = NormalizedText(capacity: end - start)
    try result.append(self, start..<end)
    return result
  }

  /// `self[part]` behind a prefix, which shares the source of the first character.
  func prepending(_ prefix: [Unicode.Scalar], to part: Range<Int>) throws -> NormalizedText {
    var result = NormalizedText(capacity: part.count + prefix.count)
    guard !part.isEmpty else { return result }
    for scalar in prefix { result.append(scalar, source: sources[part.lowerBound]) }
    try result.append(self, part)
    return result
  }

  /// What replaces a match shares the source of its last character.
  func replacing(_ pattern: Pattern, with content: [Unicode.Scalar]) throws -> NormalizedText {
    var result: NormalizedText?
    var end = 0
    try pattern.forEachMatch(in: scalars, 0..<count) { match in
      if result == nil { result = NormalizedText(capacity: count) }
      try result?.append(self, end..<match.lowerBound)
      let source = match.upperBound > 0 ? sources[match.upperBound - 1] : Source(0, 0)
      for scalar in content { result?.append(scalar, source: source) }
      end = match.upperBound
    }
    guard var result else { return self }
    try result.append(self, end..<count)
    return result
  }

  func nmt() throws -> NormalizedText {
    try filtered {
      switch $0.value {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: false
      default: true
      }
    }.mapped {
      switch $0.value {
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: " "
      default: $0
      }
    }
  }
}
