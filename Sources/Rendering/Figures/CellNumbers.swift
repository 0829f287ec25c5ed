import ExactText
import Faults
import RealModule

/// The numbers of a heat map's cells, all with the same decimals.
enum CellNumbers {
  /// As many digits of the greatest magnitude as let every number fit `width` characters, at most three; where decimals do not
  /// fit, scientific ones with one digit. nil where not even these do.
  ///
  /// - Throws: ``Interrupted``.
  static func texts(_ values: [Double], width: Int) throws -> [String]? {
    var greatest = 0.0
    var steps = Steps()
    for value in values where value.isFinite {
      try steps.next()
      greatest = max(greatest, abs(value))
    }
    let isWhole = try values.interruptibleAllSatisfy { !$0.isFinite || $0 == $0.rounded() }
    let decimals = isWhole ? [0] : [3, 2, 1].map { max(0, $0 - 1 - magnitude(greatest)) }
    // More than four zeros behind the point are counted, not read.
    for count in decimals where count <= 5 {
      let texts = try values.interruptibleMap { fixed($0, decimals: count) }
      if try fit(texts, width) { return texts }
    }
    let texts = try values.interruptibleMap { $0 == 0 ? "0" : formatNumber($0, precision: 1) }
    return try fit(texts, width) ? texts : nil
  }

  /// The exponent of the first digit.
  private static func magnitude(_ value: Double) -> Int {
    value > 0 ? Int(Double.log10(value).rounded(.down)) : 0
  }

  private static func fit(_ texts: [String], _ width: Int) throws -> Bool {
    try texts.interruptibleAllSatisfy { $0.utf8.count <= width }
  }

  /// Without the sign of what is rounded to 0.
  private static func fixed(_ value: Double, decimals: Int) -> String {
    let text = formatFixed(value, decimals: decimals)
    return text.hasPrefix("-") && text.utf8.allSatisfy { "-0.".utf8.contains($0) }
      ? String(text.dropFirst()) : text
  }
}
