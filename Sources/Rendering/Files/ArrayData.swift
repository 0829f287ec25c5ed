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
  init?(_ value: Value) throws(EncodingProblem) {
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

  private init?(stacking parts: [Value]) throws(EncodingProblem) {
    guard let head = parts.first else {
      self.init(shape: [0], .floats([]))
      return
    }
    guard let first = try ArrayData(head) else { return nil }
    var stack = first.elements
    for value in parts.dropFirst() {
      guard let part = try ArrayData(value), part.shape == first.shape else { return nil }
      guard stack.append(part.elements) else { return nil }
    }
    self.init(shape: [parts.count] + first.shape, stack)
  }

  /// The elements in C order, little-endian; strings as UTF-32, `scalarsPerString` each.
  var bytes: [UInt8] {
    switch elements {
    case .floats(let floats):
      floats.map(\.bitPattern.littleEndian).withUnsafeBytes { Array($0) }
    case .bools(let bools): bools.map { $0 ? 1 : 0 }
    case .strings(let strings):
      strings.flatMap { string in
        let scalars = string.unicodeScalars.map(\.value)
        let padding = Array(repeating: UInt32(0), count: scalarsPerString - scalars.count)
        return (scalars + padding).map(\.littleEndian).withUnsafeBytes { Array($0) }
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
  /// - Returns: whether `other` is of the same kind.
  fileprivate mutating func append(_ other: Self) -> Bool {
    // Emptied first, so that the array is not shared and grows in place.
    let mine = self
    self = .floats([])
    switch (consume mine, other) {
    case (.floats(var all), .floats(let others)):
      all += others
      self = .floats(all)
    case (.bools(var all), .bools(let others)):
      all += others
      self = .bools(all)
    case (.strings(var all), .strings(let others)):
      all += others
      self = .strings(all)
    default: return false
    }
    return true
  }
}

/// Fractions are rounded, as everywhere in Float32; a whole number must keep its value.
private func float(_ number: Double) throws(EncodingProblem) -> Float {
  let float = Float(number)
  let isWhole = number.isFinite && number == number.rounded() && abs(number) <= 0x1p53
  if number.isFinite && float.isInfinite || isWhole && Double(float) != number {
    throw .notFloat32(number)
  }
  return float
}
