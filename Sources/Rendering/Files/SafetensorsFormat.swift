import Files
import Results

/// `.safetensors`.
///
/// Fields as ``ArrayFields`` finds them: tensors as F32, numbers as F64, bools as BOOL; everything else as JSON text
/// in `__metadata__`.
struct SafetensorsFormat: FileFormat {
  let fileExtension = ".safetensors"

  let holds = "numbers: a tensor, a list of numbers, or a record or table with at least one field of them"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    guard let fields = try ArrayFields(value, name: name) else { return nil }
    var writer = SafetensorsWriter()
    for (key, value, array) in fields.entries {
      if let array, array.isNumeric {
        try writer.append(array.stored, named: key)
      } else {
        writer.append(text: try JSONText.string(value, .saved), named: key)
      }
    }
    return try writer.finished()
  }
}
