import ExactText
import Faults
import JSONReading

/// Where one tensor lies in a safetensors file, and what it is.
package struct TensorEntry: Equatable, Sendable {
  package let dtype: DType
  package let shape: [Int]
  /// Bytes, counted from the end of the header.
  package let range: Range<Int>

  package var elements: Int { range.count / dtype.size }
}

/// The header of a safetensors file: 8 bytes little-endian length, then a JSON object of that length
/// that maps each tensor to `dtype`, `shape` and `data_offsets`; then the data, without holes.
///
/// Format: https://github.com/huggingface/safetensors#format
package struct SafetensorsHeader: Sendable {
  package let entries: NameTable<TensorEntry>
  /// Texts beside the tensors.
  package let metadata: NameTable<String>
  /// Where the data starts in the file.
  package let dataStart: Int

  /// The limit of the reference implementation.
  static let longest = 100_000_000

  /// - Throws: ``FileFault`` naming file, tensor, what was expected and found.
  package init(of file: MappedFile) throws {
    let text = try Self.text(of: file)
    let object = try Self.object(in: text, file: file.path)
    dataStart = 8 + text.count
    metadata = try Self.metadata(object["__metadata__"], file: file.path)
    entries = try Self.entries(of: object, file: file.path)
    try Self.checkLayout(of: entries, dataBytes: file.size - dataStart, file: file.path)
  }

  private static func text(of file: MappedFile) throws -> [UInt8] {
    func fault(_ problem: HeaderProblem) -> FileFault { .header(file: file.path, problem) }
    guard file.size >= 8 else { throw fault(.shorterThanLength(bytes: file.size)) }
    let prefix = try file.bytes(in: 0..<8, reading: "the header length")
    let length = prefix.reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    if prefix.elementsEqual("version ".utf8) { throw fault(.gitLFSPointer) }
    guard length <= UInt64(longest) else { throw fault(.tooLong(length: length)) }
    guard Int(length) <= file.size - 8 else {
      throw fault(.beyondFile(length: Int(length), available: file.size - 8))
    }
    let text = try file.bytes(in: 8..<8 + Int(length), reading: "the header")
    try file.checkUnchanged(reading: "the header")
    return text
  }

  private static func object(in text: [UInt8], file: String) throws -> JSONObject {
    do {
      let value = try JSONReader.read(text, .python)
      guard case .object(let object) = value else {
        throw FileFault.header(file: file, .notAnObject(found: value.description))
      }
      return object
    } catch JSONProblem.syntax(let byte, _, _, let expected, let found) {
      throw FileFault.header(file: file, .syntax(byte: byte, expected: expected, found: found))
    }
  }

  private static func metadata(_ value: JSONValue?, file: String) throws -> NameTable<String> {
    guard let value, !value.isNull else { return [:] }
    func fault(_ found: JSONValue) -> FileFault {
      .header(file: file, .metadata(found: found.description))
    }
    guard case .object(let metadata) = value else { throw fault(value) }
    return try metadata.members.interruptibleSorted { $0.key < $1.key }.reduce(into: NameTable<String>()) {
      texts, member in
      guard case .string(let text) = member.value else { throw fault(member.value) }
      texts[member.key] = text
    }
  }

  private static func entries(of object: JSONObject, file: String) throws -> NameTable<TensorEntry> {
    var entries: NameTable<TensorEntry> = [:]
    var steps = Steps()
    for (name, value) in try object.members.interruptibleSorted(by: { $0.key < $1.key })
    where name != "__metadata__" {
      try steps.next()
      entries[name] = try TensorEntryReader(file: file, tensor: name).entry(from: value)
    }
    return entries
  }

  /// The tensors, by their offsets, must follow each other from the header's end to the file's.
  private static func checkLayout(
    of entries: NameTable<TensorEntry>, dataBytes: Int, file: String
  ) throws {
    var end = 0
    var previous = ""
    let ordered = try entries.interruptibleSorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, Name($0.key))
        < ($1.value.range.lowerBound, $1.value.range.upperBound, Name($1.key))
    }
    var steps = Steps()
    for (name, entry) in ordered {
      try steps.next()
      func fault(_ problem: TensorProblem) -> FileFault { .tensor(file: file, name: name, problem) }
      let range = entry.range
      guard range.upperBound <= dataBytes else { throw fault(.outOfFile(range, dataBytes: dataBytes)) }
      guard range.lowerBound >= end else {
        throw fault(.overlap(begin: range.lowerBound, other: previous, end: end))
      }
      guard range.lowerBound == end else { throw fault(.hole(end..<range.lowerBound)) }
      (end, previous) = (range.upperBound, name)
    }
    guard end == dataBytes else {
      throw FileFault.header(file: file, .trailing(bytes: dataBytes - end, tensorsEnd: end))
    }
  }
}
