import Faults
import Results
import Tensors

/// A value as an array of one element type, which binary formats hold.
struct ArrayData {
  enum Elements {
    case floats([Float])
    case bools([Bool])
    case strings([String])
  }

  let shape: [Int]
  let elements: Elements

  /// A tensor, number, bool, string, range, or an equally nested list of one kind of them; nil
  /// for other values.
  init?(_ value: Value) throws {
    switch value {
    case .tensor(let tensor): self.init(shape: tensor.shape, .floats(tensor.values))
    case .number(let number): self.init(shape: [], .floats([try float(number)]))
    case .bool(let flag): self.init(shape: [], .bools([flag]))
    case .string(let text): self.init(text: text)
    case .range(let range): try self.init(.numbers(range.lower..<range.upper))
    case .list(let parts): try self.init(stacking: parts)
    case .null, .record, .table, .figure, .object: return nil
    }
  }

  init(text: String) { self.init(shape: [], .strings([text])) }

  var isNumeric: Bool {
    if case .strings = elements { false } else { true }
  }

  private init(shape: [Int], _ elements: Elements) {
    self.shape = shape
    self.elements = elements
  }

  private init?(stacking parts: [Value]) throws {
    guard let head = parts.first else {
      self.init(shape: [0], .floats([]))
      return
    }
    guard let first = try ArrayData(head) else { return nil }
    let rest = try parts.dropFirst().interruptibleMap { value -> Elements? in
      guard let part = try ArrayData(value), part.shape == first.shape else { return nil }
      return part.elements
    }
    guard let stack = try Elements(joining: [first.elements] + rest) else { return nil }
    self.init(shape: [parts.count] + first.shape, stack)
  }

  /// The elements in C order, little-endian; strings as UTF-32, `scalarsPerString` each.
  var bytes: [UInt8] {
    get throws {
      switch elements {
      case .floats(let floats):
        return try floats.interruptibleMap(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
      case .bools(let bools): return try bools.interruptibleMap { $0 ? 1 : 0 }
      case .strings(let strings):
        let scalarsPerString = scalarsPerString
        return try strings.interruptibleFlatMap { string in
          let scalars = string.unicodeScalars.map(\.value)
          let padding = Array(repeating: UInt32(0), count: scalarsPerString - scalars.count)
          return (scalars + padding).map(\.littleEndian).withUnsafeBytes { Array($0) }
        }
      }
    }
  }

  /// Length of the longest string, at least 1, since NumPy has no empty element type.
  var scalarsPerString: Int {
    guard case .strings(let strings) = elements else { return 0 }
    return max(1, strings.map(\.unicodeScalars.count).max() ?? 1)
  }
}

extension ArrayData.Elements {
  /// nil unless all are there and of the kind of the first.
  fileprivate init?(joining parts: [Self?]) throws {
    switch parts.first {
    case .floats??:
      guard let all = try Self.joined(parts, { if case .floats(let some)? = $0 { some } else { nil } })
      else { return nil }
      self = .floats(all)
    case .bools??:
      guard let all = try Self.joined(parts, { if case .bools(let some)? = $0 { some } else { nil } })
      else { return nil }
      self = .bools(all)
    case .strings??:
      guard let all = try Self.joined(parts, { if case .strings(let some)? = $0 { some } else { nil } })
      else { return nil }
      self = .strings(all)
    case .some(.none), nil: return nil
    }
  }

  private static func joined<Element>(
    _ parts: [Self?], _ elements: (Self?) -> [Element]?
  ) throws -> [Element]? {
    var steps = Steps()
    var all: [Element] = []
    for part in parts {
      try steps.next()
      guard let some = elements(part) else { return nil }
      all += some
    }
    return all
  }
}

/// Fractions are rounded, as everywhere in Float32; a whole number must keep its value.
private func float(_ number: Double) throws -> Float {
  let float = Float(number)
  let isWhole = number.isFinite && number == number.rounded() && abs(number) <= 0x1p53
  if number.isFinite && float.isInfinite || isWhole && Double(float) != number {
    throw EncodingProblem.notFloat32(number)
  }
  return float
}
