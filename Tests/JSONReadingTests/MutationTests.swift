import Foundation
import Testing

@testable import JSONReading

/// Changes bytes of a small text: what is accepted Foundation accepts as well, with the same contents.
struct MutationTests {
  private static let text = #"""
    {"é": [0, -1, 2.50, 1e-3, 12E+2], "b": {"": null, "t": true}, "c": "\u00e9\ud83d\ude00\n\"x", "d": [[], {}, false]}
    """#

  @Test(arguments: 1...4) func acceptedTextsAreFoundations(seed: Int) throws {
    var random = Generator(state: UInt64(seed))
    var accepted = 0
    for _ in 0..<2000 {
      let bytes = mutate(Array(Self.text.utf8), &random)
      guard let value = try? JSONReader.read(bytes) else { continue }
      accepted += 1
      let theirs = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
      #expect(plain(value).isEqual(theirs), "\(String(decoding: bytes, as: UTF8.self))")
    }
    // Changes inside strings and numbers leave a valid text, most others do not.
    #expect(accepted > 200 && accepted < 1500, "\(accepted) of 2000 accepted")
  }

  private func plain(_ value: JSONValue) -> NSObject {
    switch value {
    case .null: NSNull()
    case .bool(let bool): NSNumber(value: bool)
    case .number(let text): NSNumber(value: Double(text) ?? .nan)
    case .string(let text): NSString(string: text)
    case .array(let items): NSArray(array: items.map(plain))
    case .object(let object):
      NSDictionary(
        dictionary: Dictionary(
          object.members.map { ($0.key, plain($0.value)) }, uniquingKeysWith: { first, _ in first }))
    }
  }

  private func mutate(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
    var bytes = bytes
    let place = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0..<4, using: &random) {
    case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
    case 1: bytes.remove(at: place)
    case 2: bytes[place] = bytes.randomElement(using: &random) ?? 0
    default: bytes.insert(bytes.randomElement(using: &random) ?? 0, at: place)
    }
    return bytes
  }
}

/// A small generator with a seed (Steele, Lea and Flood, 2014), so that failures repeat.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
}
