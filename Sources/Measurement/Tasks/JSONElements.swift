import Faults
import JSONReading

/// Finds the elements of a JSON list (objects, lists or texts) without reading them, so that each is a row with a fault of its own. They count from 1:
/// a list may stand on one line.
struct JSONElements {
  /// nil when the text is no list.
  ///
  /// - Throws: what `check` throws.
  static func records(of text: ArraySlice<UInt8>, check: InterruptionCheck) throws -> [TaskFile.Record]? {
    let start = text.drop(while: isSpace)
    guard start.first == UInt8(ascii: "[") else { return nil }
    var elements = JSONElements()
    var rest = start.dropFirst()
    while let end = try elements.takeElement(of: &rest) {
      try check()
      guard end == UInt8(ascii: "]") else { continue }
      if rest.contains(where: { !isSpace($0) }) { elements.add(.bad(.list("text behind the list"))) }
      return elements.records
    }
    elements.add(.bad(.list("a list that is not closed")))
    return elements.records
  }

  /// Whether the first of several lines is a list by itself, so that each line is a row.
  static func areListsOnLines(_ text: ArraySlice<UInt8>) -> Bool {
    let line = text.drop(while: isSpace).prefix { $0 != UInt8(ascii: "\n") }
    guard line.first == UInt8(ascii: "["), line.count <= TaskFile.longestLine,
      text[line.endIndex...].contains(where: { !isSpace($0) })
    else { return false }
    if case .array? = try? JSONReader.read(Array(line)) { return true }
    return false
  }

  /// Whether an object, or a list of objects, begins the text. A sentence may begin with `[MASK]`.
  static func beginObject(in text: ArraySlice<UInt8>) -> Bool {
    let start = text.drop(while: isSpace)
    let first = start.first == UInt8(ascii: "[") ? start.dropFirst().drop(while: isSpace) : start
    return first.first == UInt8(ascii: "{")
  }

  private var records: [TaskFile.Record] = []

  private mutating func add(_ content: TaskFile.Record.Content) {
    records.append(.init(line: records.count + 1, content: content))
  }

  /// Goes behind the comma or bracket that ends an element, which it returns; nil at the end of the text.
  private mutating func takeElement(of rest: inout ArraySlice<UInt8>) throws -> UInt8? {
    rest = rest.drop(while: Self.isSpace)
    let start = rest.startIndex
    var (depth, isString, isEscaped) = (0, false, false)
    var steps = Steps()
    for (offset, byte) in zip(rest.indices, rest) {
      try steps.next()
      if isString {
        isString = isEscaped || byte != UInt8(ascii: "\"")
        isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isString = true
      case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
      case UInt8(ascii: ",") where depth == 0, UInt8(ascii: "]") where depth == 0:
        // `[]` has no element, and `[1,]` one too few.
        let isEmptyList = records.isEmpty && byte == UInt8(ascii: "]") && start == offset
        if !isEmptyList { add(.bytes(rest[start..<offset])) }
        rest = rest[(offset + 1)...]
        return byte
      case UInt8(ascii: "}"), UInt8(ascii: "]"): depth = max(0, depth - 1)
      default: break
      }
    }
    return nil
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D
  }
}
