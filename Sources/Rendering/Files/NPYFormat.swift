import Files
import Results

/// NumPy's `.npy`. Tensors are `<f4`, numbers `<f8`, bools `|b1`, strings `<U`.
struct NPYFormat: FileFormat {
  let fileExtension = ".npy"

  let holds = "a tensor, number, bool or string, or an equally nested list of one of these kinds"

  func encode(_ value: Value, name: String) throws -> [UInt8]? {
    try ArrayData(value).map { try NPYWriter.bytes($0.stored) }
  }
}
