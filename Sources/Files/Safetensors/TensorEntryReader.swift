import ExactText
import JSONReading

/// Reads the header's entry of one tensor.
struct TensorEntryReader {
  let file: String
  let tensor: String

  func entry(from value: JSONValue) throws -> TensorEntry {
    guard case .object(let fields) = value else {
      throw fault(.field("the entry", expected: "an object", found: value.description))
    }
    let dtype = try dtype(from: fields["dtype"])
    let shape = try integers(from: fields["shape"], field: "shape")
    let range = try range(from: fields["data_offsets"])
    let bytes = try byteCount(of: shape, dtype)
    guard bytes == range.count else {
      throw fault(.wrongSize(shape: shape, dtype, expected: bytes, found: range.count))
    }
    return TensorEntry(dtype: dtype, shape: shape, range: range)
  }

  private func dtype(from value: JSONValue?) throws -> DType {
    guard let value else { throw fault(.missing(field: "dtype")) }
    guard case .string(let name) = value else {
      throw fault(.field("dtype", expected: "a string", found: value.description))
    }
    guard let dtype = DType(named: name) else { throw fault(.unknownType(name)) }
    return dtype
  }

  private func range(from value: JSONValue?) throws -> Range<Int> {
    let offsets = try integers(from: value, field: "data_offsets")
    guard offsets.count == 2 else {
      throw fault(.field("data_offsets", expected: "a list of 2", found: "a list of \(offsets.count)"))
    }
    guard offsets[0] <= offsets[1] else { throw fault(.reversed(begin: offsets[0], end: offsets[1])) }
    return offsets[0]..<offsets[1]
  }

  private func integers(from value: JSONValue?, field: String) throws -> [Int] {
    guard let value else { throw fault(.missing(field: field)) }
    guard case .array(let items) = value else {
      throw fault(.field(field, expected: "a list of whole numbers", found: value.description))
    }
    return try items.enumerated().map { index, item in
      guard let number = item.integer, number >= 0 else {
        throw fault(
          .field(
            "\(field)[\(index)]", expected: "a whole number from 0 to \(Int.max)", found: item.description))
      }
      return number
    }
  }

  /// The product of all sizes and the element's; the product without the zero sizes must fit as well, so
  /// that strides of views can be computed.
  private func byteCount(of shape: [Int], _ dtype: DType) throws -> Int {
    var product = dtype.size
    for size in shape where size > 0 {
      let (next, overflow) = product.multipliedReportingOverflow(by: size)
      guard !overflow else { throw fault(.tooLarge(shape: shape)) }
      product = next
    }
    return shape.contains(0) ? 0 : product
  }

  private func fault(_ problem: TensorProblem) -> FileFault {
    .tensor(file: file, name: tensor, problem)
  }
}
