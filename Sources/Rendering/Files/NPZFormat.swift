import Results

/// NumPy's `.npz`: a ZIP archive, not compressed, of one `.npy` a field.
///
/// Fields as ``ArrayFields`` finds them; one that is no array (null, a list of records, ...) is kept
/// as JSON text, so that nothing is lost.
struct NPZFormat: FileFormat {
  let fileExtension = ".npz"

  let holds = "numbers: a tensor, a list of numbers, or a record or table with at least one field of them"

  func encode(_ value: Value, name: String) throws(EncodingProblem) -> [UInt8]? {
    guard let fields = ArrayFields(value, name: name) else { return nil }
    var archive = ZIPArchive()
    for (key, value, array) in fields.entries {
      let array = array ?? ArrayData(text: JSONText.string(value))
      try archive.append(name: key + ".npy", NPYFormat.bytes(array))
    }
    return try archive.finished()
  }
}
