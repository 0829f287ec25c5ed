/// The bytes of a task's file as lines, and what they say about its format.
struct TaskFile {
  typealias Line = (number: Int, bytes: ArraySlice<UInt8>)

  /// Longer lines are no sentences: a model's positions end long before.
  static let longestLine = 1 << 20

  let path: String
  /// Without those that hold nothing but blanks; numbered from 1.
  let lines: [Line]

  /// - Throws: ``TaskFault`` for a file without lines, or in UTF-16 or UTF-32.
  init(_ bytes: [UInt8], path: String) throws {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw TaskFault.notUTF8(path: path, encoding: "UTF-16")
    }
    let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    self.path = path
    lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
      .map { (number: $0.offset + 1, bytes: $0.element.last == 0x0D ? $0.element.dropLast() : $0.element) }
      .filter { !$0.bytes.allSatisfy { $0 == UInt8(ascii: " ") } }
    guard !lines.isEmpty else { throw TaskFault.empty(path: path) }
  }

  /// What the rows are: `.jsonl` holds pairs; else the number of fields in most lines decides, else the extension.
  ///
  /// A `.tsv` is read by the lines that have 5 or 2 fields even where most have neither.
  func kind() throws -> MeasurementTask.Kind {
    if hasExtension("jsonl") { return .pairs }
    var counts: [Int: Int] = [:]
    for line in lines { counts[Self.fieldCount(line.bytes), default: 0] += 1 }
    let (masked, labelled) = (counts[5] ?? 0, counts[2] ?? 0)
    let needed = hasExtension("tsv") ? 1 : lines.count / 2 + 1
    if max(masked, labelled) >= needed { return masked >= labelled ? .masked : .labels }
    if hasExtension("txt") { return .text }
    if !hasExtension("tsv"), lines[0].bytes.first == UInt8(ascii: "{") { return .pairs }
    throw TaskFault.unknownFormat(path: path)
  }

  private func hasExtension(_ name: String) -> Bool { path.lowercased().hasSuffix("." + name) }

  private static func fieldCount(_ line: ArraySlice<UInt8>) -> Int {
    line.reduce(1) { $0 + ($1 == UInt8(ascii: "\t") ? 1 : 0) }
  }

  /// A line as text, whatever its format.
  ///
  /// - Throws: ``RowFault``
  static func text(_ line: ArraySlice<UInt8>) throws -> String {
    guard line.count <= longestLine else { throw RowFault.tooLong(bytes: line.count, limit: longestLine) }
    guard let text = String(validating: line, as: UTF8.self) else { throw RowFault.notUTF8 }
    if line.contains(0) { throw RowFault.control("a NUL character") }
    if line.contains(0x0D) { throw RowFault.control("a carriage return") }
    return text
  }
}
