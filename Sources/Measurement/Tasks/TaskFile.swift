import ExactText
import Faults
import Files

/// The bytes of a task's file as rows of which nothing is understood yet.
struct TaskFile {
  enum Layout: Equatable {
    /// A row a line; tabs separate its columns.
    case tabs
    /// RFC 4180: a row may go over several lines.
    case commas
    /// JSON: an object or list a line, or a list of them.
    case objects
  }

  struct Record {
    enum Content {
      case bytes(ArraySlice<UInt8>)
      case fields([String])
      case bad(RowFault)
    }

    /// The line on which it begins, or which element of a JSON list it is; from 1.
    let line: Int
    let content: Content
  }

  /// Longer lines are no sentences: a model's positions end long before.
  static let longestLine = 1 << 20

  let path: String
  let layout: Layout
  /// What the numbers of the records count.
  let unit: RowUnit
  /// Whether any row asks for a masked word; where none does, sentences are prefixes that the words follow.
  let hasMasks: Bool
  /// Without those that hold nothing but blanks.
  private(set) var records: RecordList
  /// The columns by the names in the first record, which is none of ``records`` then.
  private(set) var header: [String]?

  /// - Parameter kind: What the rows are, if that is known.
  /// - Throws: ``TaskFault`` for a file without rows, or in UTF-16 or UTF-32; what `check` throws.
  init(
    _ bytes: [UInt8], path: String, kind: MeasurementTask.Kind?, check: InterruptionCheck
  ) throws {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw TaskFault.notUTF8(path: path, encoding: "UTF-16")
    }
    let text = bytes.withoutByteOrderMark
    self.path = path
    hasMasks = try MaskNotation.isPresent(in: text)
    layout = Self.layout(of: text, path: path, kind)
    let elements =
      layout == .objects && !JSONElements.areListsOnLines(text)
      ? try JSONElements.records(of: text, check: check) : nil
    unit = elements == nil ? .line : .element
    records =
      layout == .commas
      ? RecordList(try Self.separated(text, by: Self.separator(of: text), check: check))
      : try elements.map(RecordList.init) ?? RecordList(linesOf: text)
    guard let first = records.first else { throw TaskFault.empty(path: path) }
    guard layout != .objects, !path.hasExtension("txt"),
      case .list(let names)? = try unlessItFails({ try fields(of: first) }),
      TaskColumn.kind(ofColumns: names) != nil
    else { return }
    header = names
    records.removeHeader()
    guard !records.isEmpty else { throw TaskFault.empty(path: path) }
  }

  /// The name decides; without a telling one the first character does, or commas in a first line that names columns.
  private static func layout(
    of text: ArraySlice<UInt8>, path: String, _ kind: MeasurementTask.Kind?
  ) -> Layout {
    if path.hasExtension("csv") { return .commas }
    if path.hasExtension("jsonl") || path.hasExtension("json") { return .objects }
    let isNamed = path.hasExtension("tsv") || path.hasExtension("txt")
    if kind == .pairs || kind == nil && !isNamed, JSONElements.beginObject(in: text) { return .objects }
    if isNamed { return .tabs }
    return hasHeader(text, separator: UInt8(ascii: ",")) ? .commas : .tabs
  }

  /// Whether the first line names columns.
  private static func hasHeader(_ text: ArraySlice<UInt8>, separator: UInt8) -> Bool {
    let names = text.prefix(1000).prefix { $0 != 0x0A && $0 != 0x0D }.split(separator: separator)
    return TaskColumn.kind(ofColumns: names.map { String(decoding: $0, as: UTF8.self) }) != nil
  }

  /// Spreadsheets write semicolons where numbers have commas.
  private static func separator(of text: ArraySlice<UInt8>) -> UInt8 {
    hasHeader(text, separator: UInt8(ascii: ";")) ? UInt8(ascii: ";") : UInt8(ascii: ",")
  }

  /// Bytes of one row as text, whatever the format.
  ///
  /// - Throws: ``RowFault``
  static func text(_ bytes: some Collection<UInt8>) throws -> String {
    guard bytes.count <= longestLine else { throw RowFault.tooLong(bytes: bytes.count, limit: longestLine) }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw RowFault.notUTF8 }
    if bytes.contains(0) { throw RowFault.control("a NUL character") }
    return text
  }
}

extension String {
  func hasExtension(_ name: String) -> Bool { lowercased().hasSuffix("." + name) }
}
