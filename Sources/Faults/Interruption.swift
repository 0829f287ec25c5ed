import SystemCalls

/// Where walks over long values look whether the user asked to stop.
///
/// Computations with a model take an ``InterruptionCheck`` as a parameter. Values are walked in many small functions
/// below a command (comparison, conversion, rendering); those count ``Steps``, which ask the check of their thread.
public enum Interruption {
  private final class Box {
    let check: InterruptionCheck
    init(_ check: @escaping InterruptionCheck) { self.check = check }
  }

  private static let key: pthread_key_t = {
    var key = pthread_key_t()
    let status = pthread_key_create(&key, nil)
    precondition(status == 0, "no thread-local storage: \(status)")
    return key
  }()

  /// Of what this thread runs; nothing stops where none is set.
  public static var check: InterruptionCheck {
    guard let box = pthread_getspecific(key) else { return {} }
    return Unmanaged<Box>.fromOpaque(box).takeUnretainedValue().check
  }

  /// Runs `body`, in which this thread asks `check`.
  public static func asking<R>(_ check: @escaping InterruptionCheck, _ body: () throws -> R) rethrows -> R {
    let outer = pthread_getspecific(key)
    let box = Box(check)
    pthread_setspecific(key, Unmanaged.passUnretained(box).toOpaque())
    defer {
      pthread_setspecific(key, outer)
      withExtendedLifetime(box) {}
    }
    return try body()
  }
}

/// The result of `body`; nil when anything ends it but the user's wish to stop, or memory.
///
/// - Throws: ``Interrupted``, ``HeldMemoryFault``.
public func unlessItFails<R>(_ body: () throws -> R) throws -> R? {
  do { return try body() } catch let error where error is Interrupted || error is HeldMemoryFault {
    throw error
  } catch { return nil }
}

/// Counts the elements of a walk and looks at every few hundred of them whether the user asked to stop, and whether what the
/// walk makes still has room.
public struct Steps {
  private let check = Interruption.check
  private let budget = MemoryBudget.current
  private var left = 0
  private var isFirst = true

  /// Few enough for elements that take some 10 microseconds each.
  private static let interval = 256

  public init() {}

  /// - Throws: ``Interrupted``, ``HeldMemoryFault``; at the first element already, for an element may be a list itself.
  public mutating func next() throws {
    if left == 0 {
      try check()
      if !isFirst { try budget?.note(MemoryBudget.bytesPerStep * Self.interval) }
      (left, isFirst) = (Self.interval, false)
    }
    left -= 1
  }
}

extension Range<Int> {
  /// Calls `body` for one part after another and looks before each whether the user asked to stop: for what moves, compares
  /// or searches many elements at once, which no step inside can stop.
  ///
  /// - Parameter size: in elements; by default few enough for some nanoseconds each, so that a part takes less than a
  ///   millisecond.
  @inlinable
  public func forEachPart(of size: Int = 1 << 16, _ body: (Range<Int>) throws -> Void) throws {
    let check = Interruption.check
    var start = lowerBound
    while start < upperBound {
      try check()
      let end = Swift.min(start + size, upperBound)
      try body(start..<end)
      start = end
    }
  }
}

extension RandomAccessCollection {
  /// `map` that stops when the user asks to.
  public func interruptibleMap<T>(_ transform: (Element) throws -> T) throws -> [T] {
    var steps = Steps()
    return try map {
      try steps.next()
      return try transform($0)
    }
  }
}

extension Sequence {
  /// `map` that stops when the user asks to.
  public func interruptibleMap<T>(_ transform: (Element) throws -> T) throws -> [T] {
    var steps = Steps()
    // Not `map`: that counts the elements first, which for a text or a stride is a walk of its own.
    var results: [T] = []
    for element in self {
      try steps.next()
      results.append(try transform(element))
    }
    return results
  }

  /// `flatMap` that stops when the user asks to.
  public func interruptibleFlatMap<T>(_ transform: (Element) throws -> [T]) throws -> [T] {
    var steps = Steps()
    return try flatMap {
      try steps.next()
      return try transform($0)
    }
  }

  /// `filter` that stops when the user asks to.
  public func interruptibleFilter(_ isIncluded: (Element) throws -> Bool) throws -> [Element] {
    var steps = Steps()
    return try filter {
      try steps.next()
      return try isIncluded($0)
    }
  }

  /// `sorted(by:)` that stops when the user asks to.
  public func interruptibleSorted(by precedes: (Element, Element) throws -> Bool) throws -> [Element] {
    var steps = Steps()
    return try sorted {
      try steps.next()
      return try precedes($0, $1)
    }
  }

  /// `allSatisfy` that stops when the user asks to.
  public func interruptibleAllSatisfy(_ predicate: (Element) throws -> Bool) throws -> Bool {
    var steps = Steps()
    return try allSatisfy {
      try steps.next()
      return try predicate($0)
    }
  }
}

extension Sequence where Element: StringProtocol {
  /// `joined(separator:)` that stops when the user asks to.
  public func interruptibleJoined(separator: String = "") throws -> String {
    var steps = Steps()
    var (whole, isFirst) = ("", true)
    for part in self {
      try steps.next()
      if !isFirst { whole += separator }
      whole += part
      isFirst = false
    }
    return whole
  }
}

extension StringProtocol {
  /// `count` that stops when the user asks to.
  public var interruptibleCount: Int {
    get throws {
      var steps = Steps()
      return try reduce(0) { count, _ in
        try steps.next()
        return count + 1
      }
    }
  }
}

extension String {
  /// The index of the character at `offset`, found as ``interruptibleCount`` counts.
  public func interruptibleIndex(_ offset: Int) throws -> Index {
    var steps = Steps()
    var index = startIndex
    for _ in 0..<offset {
      try steps.next()
      formIndex(after: &index)
    }
    return index
  }
}

extension String {
  /// `String(validating:as:)` for UTF-8 that stops when the user asks to; nil for what is none.
  public init?(interruptiblyValidating bytes: ArraySlice<UInt8>) throws {
    guard bytes.count > Self.decodedPart else {
      self.init(validating: bytes, as: UTF8.self)
      return
    }
    self.init()
    reserveCapacity(bytes.count)
    let check = Interruption.check
    var start = bytes.startIndex
    while start < bytes.endIndex {
      try check()
      let end = Self.scalarBoundary(before: start + Self.decodedPart, in: bytes, after: start)
      guard let part = String(validating: bytes[start..<end], as: UTF8.self) else { return nil }
      self += part
      start = end
    }
  }

  /// Bytes that are decoded at once.
  private static let decodedPart = 1 << 20

  /// The place nearest to `place` where a scalar begins; in what is no UTF-8 any place.
  private static func scalarBoundary(before place: Int, in bytes: ArraySlice<UInt8>, after start: Int) -> Int
  {
    guard place < bytes.endIndex else { return bytes.endIndex }
    return stride(from: place, to: Swift.max(start, place - 4), by: -1).first { bytes[$0] & 0xC0 != 0x80 }
      ?? place
  }
}

extension Array {
  /// `append(contentsOf:)` that stops when the user asks to.
  package mutating func appendInterruptibly(_ elements: ArraySlice<Element>) throws {
    try elements.indices.forEachPart { append(contentsOf: elements[$0]) }
  }
}

/// Lists one behind the other.
///
/// - Throws: ``Interrupted``, ``HeldMemoryFault``.
package func concatenated<Element>(_ lists: [[Element]]) throws -> [Element] {
  let count = lists.reduce(0) { $0 + $1.count }
  try MemoryBudget.current?.require(count * MemoryLayout<Element>.stride)
  var whole: [Element] = []
  whole.reserveCapacity(count)
  for list in lists { try whole.appendInterruptibly(list[...]) }
  return whole
}
