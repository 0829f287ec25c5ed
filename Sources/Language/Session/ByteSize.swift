import ExactText

/// Sizes as people write them: `512M`, `2G`, `1.5G`, `65536`. Powers of 1024.
package enum ByteSize {
  package static func bytes(_ text: String) -> Int? {
    var digits = text.uppercased()
    if digits.hasSuffix("B") { digits.removeLast() }
    var scale = 1.0
    if let unit = digits.last, let power = "KMGT".firstIndex(of: unit) {
      scale = Double(1 << (10 * ("KMGT".distance(from: "KMGT".startIndex, to: power) + 1)))
      digits.removeLast()
    }
    guard let number = Double(digits), number * scale >= 1, number * scale < Double(Int.max) else {
      return nil
    }
    return Int(number * scale)
  }

  /// Reads back exactly.
  static func text(_ bytes: Int) -> String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where bytes % (1 << shift) == 0 {
      return "\(bytes >> shift)\(unit)"
    }
    return "\(bytes)"
  }
}
