import Faults
import Checkpoints
import JSONReading
import Results
import Tensors

/// Files of arrays as values: what `save` wrote comes back.
///
/// Tensors (float32) come back as tensors; numbers, bools and texts as they are or in lists. Files with several arrays
/// are records of them, in their order; what was no array comes back from `.safetensors` as it was and from `.npz` as
/// JSON text.
package enum ArrayFiles {
  package static func npy(at path: String) throws -> Value {
    try NPYReader(path: path, part: "").read(ScriptFile.bytes(at: path)[...]).value()
  }

  package static func npz(at path: String) throws -> Value {
    var record: Record = [:]
    for (name, contents) in try ZIPReader(try ScriptFile.bytes(at: path), path: path).entries() {
      guard name.hasSuffix(".npy") else {
        throw ArrayFileFault.malformed(
          path: path, part: name, expected: "entries NAME.npy", found: "another name")
      }
      record[String(name.dropLast(4))] = try NPYReader(path: path, part: name).read(contents).value()
    }
    return .record(record)
  }

  /// Half-precision tensors are widened to Float32.
  package static func safetensors(at path: String) throws -> Value {
    let checkpoint = try Checkpoint(safetensors: path)
    var record: Record = [:]
    for (name, text) in checkpoint.metadata.sorted(by: { $0.key < $1.key }) {
      // Others write plain text there.
      record[name] = try unlessItFails { try Value(JSONReader.read(Array(text.utf8))) } ?? .string(text)
    }
    for name in checkpoint.namesInOrder {
      guard let type = checkpoint.dtype(of: name), let shape = checkpoint.shape(of: name) else { continue }
      guard let element = element(of: type) else {
        record[name] = .tensor(try checkpoint.tensor(named: name))
        continue
      }
      let bytes = try checkpoint.bytes(named: name)
      record[name] = try StoredArray(
        element: element, shape: shape, bytes: bytes[...], path: path, part: name
      ).value()
    }
    return .record(record)
  }

  /// nil for what the checkpoint's reader makes a tensor of, or refuses.
  private static func element(of type: DType) -> StoredArray.Element? {
    switch type {
    case .f64: .float64
    case .i8, .i16, .i32, .i64: .signed(bytes: type.size)
    case .u8, .u16, .u32, .u64: .unsigned(bytes: type.size)
    case .bool: .bool
    case .f32, .f16, .bf16, .f8e4m3, .f8e5m2: nil
    }
  }
}
