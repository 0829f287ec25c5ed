import ExactText
import Faults

/// Reads one pickle of a state dictionary.
///
/// A pickle is a program for a machine with a stack and a memo, and Python's machine can be made to do anything. This one knows
/// the instructions of ``PickleOpcode`` and the names of ``PickleGlobal``, and builds dictionaries, lists, tuples, texts and
/// numbers, and descriptions of tensors; nothing is run, and anything else is refused. Memory and time are linear in the length
/// of the pickle.
struct PickleMachine {
  var bytes: PickleBytes
  var heap = PickleHeap()
  var stack: [PickleValue] = []
  /// Heights of the stack.
  var marks: [Int] = []
  var memo: [PickleValue] = []
  /// Where the instruction stands that is carried out.
  private(set) var place = 0

  init(_ bytes: PickleBytes) { self.bytes = bytes }

  /// What the pickle leaves on the stack; ``bytes`` stands behind it then.
  ///
  /// - Throws: ``PickleProblem``, ``FileFault``, ``Interrupted``, ``HeldMemoryFault``.
  mutating func run() throws -> PickleValue {
    bytes.beginPickle()
    var steps = Steps()
    while true {
      try steps.next()
      place = bytes.offset
      let byte = try bytes.next()
      guard let opcode = PickleOpcode(rawValue: byte) else { throw PickleProblem.opcode(byte, at: place) }
      if opcode == .stop { return try pop() }
      if try !readConstant(opcode), try !readContainer(opcode) { try readCall(opcode) }
    }
  }

  // MARK: Constants

  /// - Returns: false for other instructions.
  private mutating func readConstant(_ opcode: PickleOpcode) throws -> Bool {
    switch opcode {
    case .protocol: try readProtocol()
    // How pickles are cut into pieces for reading matters to nobody here.
    case .frame: _ = try bytes.take(8)
    case .none: stack.append(.none)
    case .newTrue: stack.append(.bool(true))
    case .newFalse: stack.append(.bool(false))
    case .int1: stack.append(.integer(try bytes.number(bytes: 1)))
    case .int2: stack.append(.integer(try bytes.number(bytes: 2)))
    case .int4: stack.append(.integer(Int(Int32(truncatingIfNeeded: try bytes.number(bytes: 4)))))
    case .long1: stack.append(try long())
    case .float: stack.append(.real(try real()))
    case .text1, .bytes1: stack.append(.text(try text(lengthBytes: 1)))
    case .text4, .bytes4: stack.append(.text(try text(lengthBytes: 4)))
    case .text8: stack.append(.text(try text(lengthBytes: 8)))
    default: return false
    }
    return true
  }

  private mutating func readProtocol() throws {
    let number = try bytes.next()
    guard (2...5).contains(number) else { throw unexpected("a pickle of protocol 2 to 5", "\(number)") }
  }

  /// A signed number of any length, of which at most 8 bytes are read, and the number of torch's that has 10.
  private mutating func long() throws -> PickleValue {
    let digits = Array(try bytes.take(Int(try bytes.next())))
    if digits == [0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19] { return .magicNumber }
    guard digits.count <= 8 else {
      throw unexpected("a whole number of at most 8 bytes", "one of \(digits.count)")
    }
    let sign: UInt64 = (digits.last ?? 0) & 0x80 == 0 ? 0 : .max
    return .integer(Int(truncatingIfNeeded: digits.reversed().reduce(sign) { $0 << 8 | UInt64($1) }))
  }

  private mutating func real() throws -> Double {
    Double(bitPattern: try bytes.take(8).reduce(0) { $0 << 8 | UInt64($1) })
  }

  private mutating func text(lengthBytes: Int) throws -> Int {
    let text = try bytes.take(try bytes.number(bytes: lengthBytes))
    guard let text = try String(interruptiblyValidating: text) else {
      throw unexpected("a text in UTF-8", "other bytes")
    }
    return heap.number(of: text)
  }

  // MARK: Containers

  private mutating func readContainer(_ opcode: PickleOpcode) throws -> Bool {
    switch opcode {
    case .mark: marks.append(stack.count)
    case .emptyTuple: try pushTuple(from: stack.count)
    case .tuple: try pushTuple(from: popMark())
    case .tuple1: try pushTuple(of: 1)
    case .tuple2: try pushTuple(of: 2)
    case .tuple3: try pushTuple(of: 3)
    case .emptyList:
      heap.lists.append([])
      stack.append(.list(heap.lists.count - 1))
    case .emptyDictionary: pushDictionary(isOrdered: false)
    case .append: try append(from: height(above: 1))
    case .appends: try append(from: popMark())
    case .setItem: try setItems(from: height(above: 2))
    case .setItems: try setItems(from: popMark())
    default: return false
    }
    return true
  }

  private mutating func pushTuple(of count: Int) throws { try pushTuple(from: height(above: count)) }

  private mutating func pushTuple(from start: Int) throws {
    // A pickle is shorter than 2^32 bytes, and every element takes one at least.
    let span = PickleSpan(start: UInt32(heap.elements.count), count: UInt32(stack.count - start))
    heap.elements.append(contentsOf: stack[start...])
    stack.removeSubrange(start...)
    stack.append(.tuple(span))
  }

  mutating func pushDictionary(isOrdered: Bool) {
    heap.dictionaries.append(PickleHeap.Dictionary(isOrdered: isOrdered))
    stack.append(.dictionary(heap.dictionaries.count - 1))
  }

  private mutating func append(from start: Int) throws {
    guard case .list(let number) = try value(below: start) else { throw unexpected("a list", start - 1) }
    heap.lists[number].append(contentsOf: stack[start...])
    stack.removeSubrange(start...)
  }

  private mutating func setItems(from start: Int) throws {
    guard case .dictionary(let number) = try value(below: start) else {
      throw unexpected("a dictionary", start - 1)
    }
    guard (stack.count - start).isMultiple(of: 2) else { throw unexpected("a value for each key", "none") }
    var steps = Steps()
    for index in stride(from: start, to: stack.count, by: 2) {
      try steps.next()
      guard case .text(let key) = stack[index] else { throw unexpected("a text as a key", index) }
      heap.dictionaries[number].items.append((key, stack[index + 1]))
    }
    stack.removeSubrange(start...)
  }

  // MARK: The stack

  mutating func pop() throws -> PickleValue {
    let start = try height(above: 1)
    defer { stack.removeSubrange(start...) }
    return stack[start]
  }

  mutating func popText() throws -> String {
    let value = try pop()
    guard case .text(let number) = value else { throw unexpected("a text", words(value)) }
    return heap.texts[number]
  }

  private mutating func popMark() throws -> Int {
    guard let mark = marks.popLast() else { throw unexpected("a mark on the stack", "none") }
    return mark
  }

  /// Where the uppermost values begin, none of which stands below a mark.
  private func height(above count: Int) throws -> Int {
    guard stack.count - count >= marks.last ?? 0 else { throw unexpected("a value on the stack", "none") }
    return stack.count - count
  }

  func value(below height: Int) throws -> PickleValue {
    guard height > marks.last ?? 0 else { throw unexpected("a value on the stack", "none") }
    return stack[height - 1]
  }

  func words(_ value: PickleValue) -> String { heap.description(of: value) }

  func unexpected(_ expected: String, _ found: String) -> PickleProblem {
    .unexpected(at: place, expected: expected, found: found)
  }

  func unexpected(_ expected: String, _ index: Int) -> PickleProblem {
    unexpected(expected, words(stack[index]))
  }
}
