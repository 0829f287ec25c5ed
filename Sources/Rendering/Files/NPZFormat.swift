import Files
import Results

/// NumPy's `.npz`: a ZIP archive, not compressed, of one `.npy` a field.
///
/// Fields as ``ArrayFields`` finds them; one that is no array (null, a list of records, ...) is kept
/// as JSON text, so that nothing is lost.
struct NPZFormat: FileFormat {
  let fileExtension = ".npz"

  let holds = "numbers: a tensor, a list of numbers, or a record or table with at least one field of them"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    guard let fields = try ArrayFields(value, name: name) else { return nil }
    var archive = ZIPWriter()
    for (key, value, array) in fields.entries {
      let array = try array ?? ArrayData(text: JSONText.string(value, .saved))
      try archive.append(name: key + ".npy", NPYWriter.bytes(array.stored))
    }
    return try archive.finished()
  }
}
