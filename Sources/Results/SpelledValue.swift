/// What an unquoted cell of CSV or TSV means when it is no text: a number, true or false.
///
/// One place decides for those who write cells and those who read them, so that what is written reads back the same.
public struct SpelledValue {
  public let value: Value

  /// nil for what spells a text. Blanks around a number do not count. Numbers are decimal; not finite ones are `nan`, `inf` and
  /// `infinity`, in any case.
  public init?(_ cell: some Collection<UInt8>) {
    guard cell.count <= Self.longest else { return nil }
    let bytes = Self.trimmed(Array(cell)[...])
    if Self.truths.contains(where: { bytes.elementsEqual($0.utf8) }) {
      value = true
    } else if Self.falsehoods.contains(where: { bytes.elementsEqual($0.utf8) }) {
      value = false
    } else if let number = Self.number(bytes) {
      value = .number(number)
    } else {
      return nil
    }
  }

  // As JSON, Python and R write them.
  private static let truths = ["true", "True", "TRUE"]
  private static let falsehoods = ["false", "False", "FALSE"]

  /// Longer ones nobody has written for a number.
  private static let longest = 400

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var rest = bytes.drop { $0 == 0x20 }
    while rest.last == 0x20 { rest = rest.dropLast() }
    return rest
  }

  /// `[+-] digits [. digits] [e [+-] digits]`, digits on one side of the point at least.
  private static func number(_ bytes: ArraySlice<UInt8>) -> Double? {
    var rest = bytes
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
    let isNegative = bytes.first == UInt8(ascii: "-")
    let word = String(decoding: rest.map { $0 | 0x20 }, as: UTF8.self).utf8
    if word.elementsEqual("nan".utf8) { return .nan }
    if word.elementsEqual("inf".utf8) || word.elementsEqual("infinity".utf8) {
      return isNegative ? -.infinity : .infinity
    }
    func takeDigits() -> Int {
      let digits = rest.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
      rest = rest.dropFirst(digits.count)
      return digits.count
    }
    var digits = takeDigits()
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      digits += takeDigits()
    }
    guard digits > 0 else { return nil }
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
      guard takeDigits() > 0 else { return nil }
    }
    guard rest.isEmpty else { return nil }
    return Double(String(decoding: bytes, as: UTF8.self))
  }
}
