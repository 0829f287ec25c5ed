import ExactText
import Faults
import JSONReading

/// Writes `.safetensors`: the length of a JSON header, the header, then the tensors' bytes.
/// https://github.com/huggingface/safetensors#format
package struct SafetensorsWriter {
  private var texts: [String] = []
  private var entries: [String] = []
  private var contents: [UInt8] = []

  private static let metadata = "__metadata__"

  package init() {}

  /// Adds a text beside the tensors.
  package mutating func append(text: String, named name: String) {
    texts.append("\(jsonString(name)): \(jsonString(text))")
  }

  /// - Throws: ``EncodingProblem/reservedName(_:)``, ``Interrupted``.
  package mutating func append(_ array: StoredArray, named name: String) throws {
    guard name != Self.metadata else { throw EncodingProblem.reservedName(name) }
    guard let type = DType(array.element) else { preconditionFailure("\(array.element) is no tensor's") }
    let range = contents.count..<(contents.count + array.bytes.count)
    entries.append(
      "\(jsonString(name)): {\"dtype\": \"\(type.rawValue)\", \"shape\": \(array.shape), "
        + "\"data_offsets\": [\(range.lowerBound), \(range.upperBound)]}")
    try contents.appendInterruptibly(array.bytes)
  }

  /// The header is followed by spaces to a multiple of 8 bytes.
  ///
  /// - Throws: ``Interrupted``.
  package func finished() throws -> [UInt8] {
    let metadata = texts.isEmpty ? [] : ["\"\(Self.metadata)\": {\(texts.joined(separator: ", "))}"]
    let header = Array("{\((metadata + entries).joined(separator: ", "))}".utf8)
    let padding = Array(repeating: UInt8(0x20), count: (8 - header.count % 8) % 8)
    return try concatenated([littleEndian(UInt64(header.count + padding.count)), header, padding, contents])
  }
}
