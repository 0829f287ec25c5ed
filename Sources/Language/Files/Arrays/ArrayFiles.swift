import ExactText
import Faults
import Files
import JSONReading
import Results

/// Files of arrays as values: what `save` wrote comes back.
///
/// Tensors (float32, float16) come back as tensors; numbers, bools and texts as they are or in lists. Files with several
/// arrays are records of them, in their order; what was no array comes back from `.safetensors` as it was and from
/// `.npz` as JSON text.
package enum ArrayFiles {
  package static func npy(at path: String) throws -> Value {
    try NPYReader(at: ArrayPlace(path: path)).read(ScriptFile.bytes(at: path)[...]).value()
  }

  package static func npz(at path: String) throws -> Value {
    var record: Record = [:]
    let archive = try ZIPReader(ScriptFile.bytes(at: path), path: path, limit: ScriptFile.sizeLimit)
    for entry in archive.entries {
      let place = ArrayPlace(path: path, part: entry.name)
      guard entry.name.hasSuffix(".npy") else {
        throw place.malformed(expected: "entries NAME.npy", found: "another name")
      }
      let array = try NPYReader(at: place).read(archive.contents(of: entry))
      record[String(entry.name.dropLast(4))] = try array.value()
    }
    return .record(record)
  }

  /// Half-precision tensors are widened to Float32.
  package static func safetensors(at path: String) throws -> Value {
    let file = try SafetensorsFile(path: path)
    var record: Record = [:]
    for (name, text) in file.header.metadata.sorted(by: { $0.key < $1.key }) {
      // Others write plain text there.
      record[name] =
        try unlessItFails { try Value(JSONReader.read(Array(text.utf8), .saved)) } ?? .string(text)
    }
    for name in try file.namesInOrder {
      guard let entry = file.header.entries[name] else { continue }
      record[name] = try value(of: entry, named: name, in: file)
    }
    return .record(record)
  }

  private static func value(
    of entry: TensorEntry, named name: String, in file: SafetensorsFile
  ) throws -> Value {
    guard let element = entry.dtype.element, element != .float32, element != .float16 else {
      return .tensor(try file.tensor(entry, named: name))
    }
    let bytes = try file.bytes(entry, named: name)
    let place = ArrayPlace(path: file.file.path, part: name)
    return try StoredArray(element: element, shape: entry.shape, bytes: bytes[...], at: place).value()
  }
}
