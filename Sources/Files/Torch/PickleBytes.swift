import Faults

/// Bytes of a mapped file one after another, through a window: a pickle does not say how long it is.
struct PickleBytes {
  /// The longest pickle that is read. State dictionaries take some 200 bytes a tensor.
  static let longest = 1 << 26

  let file: MappedFile
  /// What messages count from.
  private let origin: Int
  private let end: Int
  private var begin: Int
  private var window: [UInt8] = []
  private var cursor = 0
  private var windowEnd: Int

  private static let windowSize = 1 << 16

  /// - Parameter range: of the file; offsets in messages count from its start.
  init(_ file: MappedFile, _ range: Range<Int>) {
    self.file = file
    (origin, begin, windowEnd, end) = (range.lowerBound, range.lowerBound, range.lowerBound, range.upperBound)
  }

  /// Where the next byte stands in the file.
  var position: Int { windowEnd - (window.count - cursor) }

  /// The same as messages count.
  var offset: Int { position - origin }

  /// Says that another pickle begins here, which may be as long as the first.
  mutating func beginPickle() { begin = position }

  mutating func next() throws -> UInt8 {
    if cursor == window.count { try refill() }
    cursor += 1
    return window[cursor - 1]
  }

  mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
    try require(count)
    if count > window.count - cursor { try look(from: position, count: count) }
    cursor += count
    return window[(cursor - count)..<cursor]
  }

  /// An unsigned little-endian number; those that no Int holds are the largest one.
  mutating func number(bytes count: Int) throws -> Int {
    var number: UInt64 = 0
    for shift in 0..<count { number |= UInt64(try next()) << UInt64(8 * shift) }
    return Int(min(number, UInt64(Int.max)))
  }

  private func require(_ count: Int) throws {
    guard count <= end - position else { throw PickleProblem.endsEarly(at: offset) }
    guard count <= Self.longest - (position - begin) else { throw PickleProblem.tooLong }
  }

  private mutating func refill() throws {
    try require(1)
    try look(from: position, count: min(Self.windowSize, end - position))
  }

  private mutating func look(from start: Int, count: Int) throws {
    let count = max(count, min(Self.windowSize, end - start))
    window = try file.bytes(in: start..<start + count, reading: "the pickle")
    (cursor, windowEnd) = (0, start + count)
  }
}
