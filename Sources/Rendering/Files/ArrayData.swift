import Faults
import Files
import Results
import Tensors

/// A value as an array of one element type, which binary formats hold.
struct ArrayData {
  enum Elements {
    /// Of tensors.
    case floats([Float])
    /// Of numbers, which are no tensor's.
    case doubles([Double])
    case bools([Bool])
    case strings([String])
  }

  let shape: [Int]
  let elements: Elements

  /// A tensor, number, bool, string, range, or an equally nested list of one kind of them; nil
  /// for other values. Numbers in one list with tensors are Float64.
  ///
  /// - Throws: ``Interrupted``.
  init?(_ value: Value) throws {
    switch value {
    case .tensor(let tensor): self.init(shape: tensor.shape, .floats(try tensor.interruptibleValues { $0 }))
    case .number(let number): self.init(shape: [], .doubles([number]))
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
      self.init(shape: [0], .doubles([]))
      return
    }
    guard let first = try ArrayData(head) else { return nil }
    var stack = first.elements
    var steps = Steps()
    for value in parts.dropFirst() {
      try steps.next()
      guard let part = try ArrayData(value), part.shape == first.shape else { return nil }
      guard stack.append(part.elements) else { return nil }
    }
    self.init(shape: [parts.count] + first.shape, stack)
  }

  /// As files hold it; strings as UTF-32, filled up to the longest.
  var stored: StoredArray {
    get throws { StoredArray(element: try element, shape: shape, bytes: try bytes) }
  }

  private var element: StoredArray.Element {
    get throws {
      switch elements {
      case .floats: .float32
      case .doubles: .float64
      case .bools: .bool
      case .strings: .text(scalars: try scalarsPerString)
      }
    }
  }

  /// The elements in C order, little-endian; strings as UTF-32, `scalarsPerString` each.
  private var bytes: [UInt8] {
    get throws {
      switch elements {
      case .floats(let floats): return try floats.withUnsafeBytes(Self.copy)
      case .doubles(let doubles): return try doubles.withUnsafeBytes(Self.copy)
      case .bools(let bools): return try bools.interruptibleMap { $0 ? 1 : 0 }
      case .strings(let strings):
        let scalarsPerString = try scalarsPerString
        let (size, isTooMuch) = strings.count.multipliedReportingOverflow(by: 4 * scalarsPerString)
        try MemoryBudget.current?.require(isTooMuch ? .max >> 2 : size)
        return try strings.interruptibleFlatMap { string in
          let scalars = try string.unicodeScalars.interruptibleMap(\.value)
          let padding = Array(repeating: UInt32(0), count: scalarsPerString - scalars.count)
          return try concatenated([scalars, padding]).withUnsafeBytes(Self.copy)
        }
      }
    }
  }

  /// Numbers as they lie in memory: little-endian on every platform that Swift has.
  private static func copy(_ numbers: UnsafeRawBufferPointer) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: numbers.count) { target, filled in
      guard let to = target.baseAddress, let from = numbers.baseAddress else { return }
      try numbers.indices.forEachPart(of: 1 << 18) { part in
        UnsafeMutableRawPointer(to + part.lowerBound)
          .copyMemory(from: from + part.lowerBound, byteCount: part.count)
      }
      filled = numbers.count
    }
  }

  /// Length of the longest string, at least 1, since NumPy has no empty element type.
  private var scalarsPerString: Int {
    get throws {
      guard case .strings(let strings) = elements else { return 0 }
      return max(1, try strings.interruptibleMap(\.unicodeScalars.count).max() ?? 1)
    }
  }
}

extension ArrayData.Elements {
  /// - Returns: whether `other` is of the same kind; numbers of both widths are.
  fileprivate mutating func append(_ other: Self) -> Bool {
    // Emptied first, so that the array is not shared and grows in place.
    let mine = self
    self = .floats([])
    switch (consume mine, other) {
    case (.floats(var all), .floats(let others)):
      all += others
      self = .floats(all)
    case (.doubles(var all), .doubles(let others)):
      all += others
      self = .doubles(all)
    case (.floats(let all), .doubles(let others)): self = .doubles(all.map(Double.init) + others)
    case (.doubles(let all), .floats(let others)): self = .doubles(all + others.map(Double.init))
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
