import Foundation
import JSONReading

/// JSON texts: what is accepted Foundation accepts as well, with the same contents.
package struct JSONTarget: FuzzTarget {
  package init() {}

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    if generator.chance(20) { return generator.randomBytes(0...40) }
    let text = Array(value(&generator, depth: 4).utf8)
    return generator.chance(3) ? text : generator.mutated(text)
  }

  private func value(_ generator: inout SeededGenerator, depth: Int) -> String {
    let blank = generator.pick(["", "", " ", "\n", "\t\r\n"])
    switch generator.count(0...(depth > 0 ? 7 : 4)) {
    case 0: return blank + generator.pick(["null", "true", "false"])
    case 1, 2: return blank + number(&generator)
    case 3, 4: return blank + string(&generator)
    case 5:
      return blank + "[" + generator.joined(0...4, separator: ",") { value(&$0, depth: depth - 1) } + "]"
    default:
      let members = generator.joined(0...4, separator: "," + blank) {
        string(&$0) + ":" + value(&$0, depth: depth - 1)
      }
      return blank + "{" + members + blank + "}"
    }
  }

  private func number(_ generator: inout SeededGenerator) -> String {
    generator.pick(["", "-"]) + generator.pick(["0", "7", "12", "9007199254740993", "340282350000"])
      + generator.pick(["", "", ".5", ".0625"]) + generator.pick(["", "", "e3", "E-20", "e+12", "e300"])
  }

  private func string(_ generator: inout SeededGenerator) -> String {
    let pieces = [
      "a", "key", "é", "日本", "\u{1F600}", "\\n", "\\\"", "\\\\", "\\/", "\\u00e9", "\\ud83d\\ude00",
      "\\u0000", " ",
    ]
    return "\"" + generator.joined(0...4, separator: "") { $0.pick(pieces) } + "\""
  }

  package func run(_ input: [UInt8]) throws -> String {
    let value: JSONValue
    do {
      value = try JSONReader.read(input)
    } catch let problem as JSONProblem {
      _ = problem
      return "refused"
    }
    // Foundation drops U+FEFF from strings.
    if String(decoding: input, as: UTF8.self).unicodeScalars.contains("\u{FEFF}") { return "accepted" }
    let theirs = try JSONSerialization.jsonObject(with: Data(input), options: .fragmentsAllowed)
    try require(agrees(value, theirs), "Foundation reads \(theirs)")
    return "accepted"
  }

  /// Numbers agree to rounding: Foundation makes decimals of some.
  private func agrees(_ value: JSONValue, _ theirs: Any) -> Bool {
    switch (value, theirs) {
    case (.null, is NSNull): true
    case (.bool(let bool), let number as NSNumber): number.boolValue == bool
    case (.number(let text), let number as NSNumber):
      abs((Double(text) ?? .nan) - number.doubleValue) <= 1e-14 * abs(number.doubleValue)
    case (.string(let text), let string as String): text.utf8.elementsEqual(string.utf8)
    case (.array(let items), let array as [Any]):
      items.count == array.count && zip(items, array).allSatisfy { agrees($0, $1) }
    case (.object(let object), let dictionary as [String: Any]):
      object.members.count == dictionary.count
        && object.members.allSatisfy { member in
          dictionary[member.key].map { agrees(member.value, $0) } ?? false
        }
    default: false
    }
  }
}
