import OrderedCollections
import Results

/// `.safetensors`: a JSON header, then the tensors' bytes. https://github.com/huggingface/safetensors
///
/// Fields as ``ArrayFields`` finds them: tensors as F32, numbers as F64, bools as BOOL; everything else as JSON text
/// in `__metadata__`.
struct SafetensorsFormat: FileFormat {
  let fileExtension = ".safetensors"

  let holds = "numbers: a tensor, a list of numbers, or a record or table with at least one field of them"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    guard let fields = try ArrayFields(value, name: name) else { return nil }
    var tensors = Record()
    var texts = Record()
    var contents: [UInt8] = []
    for (key, value, array) in fields.entries {
      guard let array, array.isNumeric else {
        texts[key] = .string(try JSONText.string(value))
        continue
      }
      if key == Self.metadata { throw EncodingProblem.reservedName(key) }
      let bytes = try array.bytes
      tensors[key] = Self.entry(array, bytes: contents.count..<(contents.count + bytes.count))
      contents += bytes
    }
    let header: Record = texts.isEmpty ? [:] : [Self.metadata: .record(texts)]
    return try Self.padded(header.merging(tensors) { $1 }) + contents
  }

  private static let metadata = "__metadata__"

  private static func entry(_ array: ArrayData, bytes: Range<Int>) -> Value {
    [
      "dtype": .string(array.typeCode), "shape": .numbers(array.shape),
      "data_offsets": .numbers([bytes.lowerBound, bytes.upperBound]),
    ]
  }

  /// The header's length, then the header, followed by spaces to a multiple of 8 bytes.
  private static func padded(_ header: Record) throws -> [UInt8] {
    let text = Array(try JSONText.string(.record(header)).utf8)
    let padding = Array(repeating: UInt8(0x20), count: (8 - text.count % 8) % 8)
    return littleEndian(UInt64(text.count + padding.count)) + text + padding
  }
}

extension ArrayData {
  fileprivate var typeCode: String {
    switch elements {
    case .floats: "F32"
    case .doubles: "F64"
    case .bools: "BOOL"
    case .strings: preconditionFailure("texts are metadata")
    }
  }
}
