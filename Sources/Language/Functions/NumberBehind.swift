import ExactText
import Faults

/// The number behind the last occurrence of `part`, without a sign, which is hardly one in a name, and up to where its digits
/// end; nil where none stands there.
///
/// - Throws: ``Interrupted``.
package func numberBehind(_ part: String, in text: String) throws -> Double? {
  guard !part.isEmpty,
    let place = try TextSearch(for: part, check: Interruption.check).places(in: text).last
  else { return nil }
  var rest = Array(text[place.upperBound...].utf8.prefix(while: isOfNumber))[...]
  var number = takeDigits(from: &rest)
  guard !number.isEmpty else { return nil }
  if rest.first == UInt8(ascii: ".") {
    var behind = rest.dropFirst()
    let fraction = takeDigits(from: &behind)
    if !fraction.isEmpty { (number, rest) = (number + "." + fraction, behind) }
  }
  if let first = rest.first, first | 0x20 == UInt8(ascii: "e") {
    var behind = rest.dropFirst()
    let sign =
      behind.first == UInt8(ascii: "-") || behind.first == UInt8(ascii: "+") ? behind.removeFirst() : nil
    let exponent = takeDigits(from: &behind)
    if !exponent.isEmpty { number += "e" + (sign == UInt8(ascii: "-") ? "-" : "") + exponent }
  }
  return Double(number)
}

private func takeDigits(from text: inout ArraySlice<UInt8>) -> String {
  let digits = text.prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
  text = text[digits.endIndex...]
  return String(decoding: digits, as: UTF8.self)
}

private func isOfNumber(_ byte: UInt8) -> Bool {
  UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || ".eE+-".utf8.contains(byte)
}
