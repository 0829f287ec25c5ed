import Files
import Foundation

/// The archives of `scripts/fixtures/make-array-fixtures.py`.
enum ArrayFixtures {
  struct Expected: Decodable {
    let shape: [Int]
    let values: [Element]
  }

  enum Element: Decodable, Equatable {
    case flag(Bool)
    case number(Double)
    case text(String)

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        self = .flag(flag)
      } else if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else {
        self = .text(try container.decode(String.self))
      }
    }
  }

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../Fixtures/arrays")

  static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name)))
  }

  /// What NumPy says is in each of them.
  static func expected() throws -> [String: Expected] {
    try JSONDecoder().decode([String: Expected].self, from: Data(bytes("arrays.json")))
  }
}

extension StoredArray {
  /// The elements, decoded one by one as the format says.
  var elements: [ArrayFixtures.Element] {
    stride(from: bytes.startIndex, to: bytes.endIndex, by: element.size).map { start in
      let bits = bytes[start..<(start + element.size)].prefix(8).reversed().reduce(0 as UInt64) {
        $0 << 8 | UInt64($1)
      }
      switch element {
      case .float16: return .number(Double(Float16(bitPattern: UInt16(bits))))
      case .float32: return .number(Double(Float(bitPattern: UInt32(bits))))
      case .float64: return .number(Double(bitPattern: bits))
      case .signed(let size):
        return .number(Double(Int64(bitPattern: bits << (64 - 8 * size)) >> (64 - 8 * size)))
      case .unsigned: return .number(Double(bits))
      case .bool: return .flag(bits != 0)
      case .text:
        let codes = stride(from: start, to: start + element.size, by: 4).map { place in
          bytes[place..<(place + 4)].reversed().reduce(0 as UInt32) { $0 << 8 | UInt32($1) }
        }
        let scalars = codes.prefix { $0 != 0 }.compactMap(Unicode.Scalar.init)
        return .text(String(String.UnicodeScalarView(scalars)))
      }
    }
  }
}
