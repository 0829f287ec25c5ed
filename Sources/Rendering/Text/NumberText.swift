import ExactText
import Faults
import SystemCalls

/// The shortest text that reads back the same Double.
///
/// Whole numbers below 2^63 have no fraction and no exponent. Not finite: `nan`, `inf`, `-inf`. Negative zero is
/// `-0.0`.
public func formatNumber(_ x: Double) -> String {
  plainText(x) ?? withoutPoint(x.description)
}

/// The shortest text that reads back the same Float: for elements of tensors, `0.1`, not `0.10000000149011612`.
package func formatNumber(_ x: Float) -> String {
  plainText(Double(x)) ?? withoutPoint(x.description)
}

extension Float {
  /// The Double that is written as this is: 0.1 for the Float that is 0.10000000149011612.
  var asWritten: Double { isFinite ? Double(description) ?? Double(self) : Double(self) }
}

/// `x` for people: whole numbers below 10^15 whole, others with `precision` significant digits
/// and no trailing zeros, in scientific notation outside 10^-5 ..< 10^7. Never "-0".
package func formatNumber(_ x: Double, precision: Int) -> String {
  Digits(x, precision: precision).text(decimals: nil)
}

/// As C's printf writes `x`, which is finite, with the conversion f, e or g.
package func formatNumber(_ x: Double, conversion: Character, decimals: Int) -> String {
  format("%.*\(conversion)", decimals, x)
}

/// Numbers of one column, padded to equal width so that their decimal points are aligned.
///
/// Each shows `precision` significant digits, less the trailing zeros common to all. nil is an
/// empty cell.
///
/// - Throws: ``Interrupted``.
func alignNumbers(_ numbers: [Double?], precision: Int) throws -> [String] {
  let digits = try numbers.interruptibleMap { $0.map { Digits($0, precision: precision) } }
  let decimals = try digits.interruptibleMap { $0?.usefulDecimals ?? 0 }.max() ?? 0
  let texts = try digits.interruptibleMap { $0?.text(decimals: decimals) ?? "" }
  let parts = try texts.interruptibleMap { text in
    let point = text.firstIndex(of: ".") ?? text.firstIndex(of: "e") ?? text.endIndex
    return (head: text[..<point], tail: text[point...])
  }
  let head = try parts.interruptibleMap(\.head.count).max() ?? 0
  let tail = try parts.interruptibleMap(\.tail.count).max() ?? 0
  return try parts.interruptibleMap {
    spaces(head - $0.head.count) + $0.head + $0.tail + spaces(tail - $0.tail.count)
  }
}

/// `x` with exactly so many decimals, whatever its size.
package func formatFixed(_ x: Double, decimals: Int) -> String { specialText(x) ?? fixed(x, decimals) }

/// A number prepared for people.
private struct Digits {
  let value: Double
  let precision: Int
  /// Of the value rounded to `precision` digits.
  let exponent: Int

  init(_ x: Double, precision: Int) {
    // More than 15 digits would show 0.1 as 0.10000000000000001.
    self.precision = min(max(precision, 1), 15)
    value = x
    exponent = value.isFinite && value != 0 ? Self.exponent(of: value, self.precision) : 0
  }

  var isWhole: Bool { value.isFinite && value == value.rounded() && abs(value) < 1e15 }
  private var isScientific: Bool { !isWhole && !(-5..<max(7, precision)).contains(exponent) }
  private var fullDecimals: Int { max(0, precision - 1 - exponent) }

  /// Decimals without trailing zeros, of a number in fixed notation.
  var usefulDecimals: Int {
    guard value.isFinite, !isWhole, !isScientific else { return 0 }
    return stripZeros(fixed(value, fullDecimals)).drop { $0 != "." }.dropFirst().count
  }

  /// - Parameter decimals: at most so many decimals, trailing zeros kept; nil strips them.
  func text(decimals: Int?) -> String {
    if let text = specialText(value) { return text }
    if isScientific { return scientific }
    guard let decimals else {
      return isWhole ? String(Int64(value)) : stripZeros(fixed(value, fullDecimals))
    }
    return isWhole && decimals == 0 || value == 0
      ? String(Int64(value)) : fixed(value, min(decimals, fullDecimals))
  }

  private var scientific: String {
    let text = format("%.*e", precision - 1, value)
    let mark = text.firstIndex(of: "e") ?? text.endIndex
    return stripZeros(String(text[..<mark])) + text[mark...]
  }

  private static func exponent(of x: Double, _ precision: Int) -> Int {
    let text = format("%.*e", precision - 1, x)
    guard let mark = text.firstIndex(of: "e") else { return 0 }
    return Int(text[text.index(after: mark)...]) ?? 0
  }
}

/// The text of what needs no digits behind the point; nil of other numbers.
private func plainText(_ x: Double) -> String? {
  if let text = specialText(x) { return text }
  if x == 0, x.sign == .minus { return "-0.0" }
  return x == x.rounded() && abs(x) < 0x1p63 ? String(Int64(x)) : nil
}

private func withoutPoint(_ text: String) -> String {
  text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

private func specialText(_ x: Double) -> String? {
  if x.isNaN { return "nan" }
  if x.isInfinite { return x < 0 ? "-inf" : "inf" }
  return nil
}

private func fixed(_ x: Double, _ decimals: Int) -> String { format("%.*f", decimals, x) }

private func stripZeros(_ text: String) -> String {
  guard text.contains(".") else { return text }
  var end = text.endIndex
  while text[text.index(before: end)] == "0" { end = text.index(before: end) }
  if text[text.index(before: end)] == "." { end = text.index(before: end) }
  return String(text[..<end])
}

/// C's formatting: the exact rounding of printf, in the C locale (the program never sets LC_NUMERIC).
private func format(_ format: String, _ digits: Int, _ x: Double) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: 512) { buffer in
    _ = withVaList([Int32(digits), x]) { vsnprintf(buffer.baseAddress, buffer.count, format, $0) }
    return buffer.baseAddress.map { String(cString: $0) } ?? ""
  }
}
