import ExactText
import Faults

/// Reads NumPy's `.npy`, versions 1.0 to 3.0.
/// https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
package struct NPYReader {
  private let place: ArrayPlace

  private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  /// - Parameter place: the file, or the array's place in an archive.
  package init(at place: ArrayPlace) { self.place = place }

  /// The array, whose elements are brought into C order and little-endian bytes.
  ///
  /// - Throws: ``FileFault``, ``Interrupted``.
  package func read(_ bytes: ArraySlice<UInt8>) throws -> StoredArray {
    let header = try header(of: bytes)
    let fields = try fields(of: header, from: bytes.startIndex)
    let code = try plainType(fields.type)
    guard let element = StoredArray.Element(npyCode: code) else {
      throw place.unsupported(
        StoredArray.Element.npyKind(code), remedy: "save it as float32 or float64: a.astype('<f8')")
    }
    var array = try StoredArray(
      element: element, shape: fields.shape, bytes: bytes[header.endIndex...], at: place)
    if code.hasPrefix(">") { array = try array.reorderedFromBigEndian() }
    return fields.isFortranOrder ? try array.reorderedFromFortran() : array
  }

  /// Behind magic, version and length, which has 2 bytes in version 1.0 and 4 in the others.
  private func header(of bytes: ArraySlice<UInt8>) throws -> ArraySlice<UInt8> {
    guard bytes.starts(with: Self.magic) else {
      throw fault("a file that begins with \\x93NUMPY", "\(bytes.count) bytes that do not")
    }
    guard bytes.count >= 12 else { throw fault("12 bytes before the header", "\(bytes.count)") }
    let base = bytes.startIndex
    let (major, minor) = (bytes[base + 6], bytes[base + 7])
    guard 1...3 ~= major, minor == 0 else {
      throw place.unsupported(
        "version \(major).\(minor) of the format", remedy: "numpy.save writes version 1.0 for plain arrays")
    }
    let start = base + (major == 1 ? 10 : 12)
    let length = bytes[(base + 8)..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard length <= bytes.endIndex - start else {
      throw fault("a header of \(length) bytes", "\(bytes.endIndex - start)")
    }
    return bytes[start..<(start + length)]
  }

  private func fields(of header: ArraySlice<UInt8>, from base: Int) throws -> NPYHeader.Fields {
    var header = NPYHeader(header)
    if let fields = header.fields() { return fields }
    throw fault(
      "a header {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
      "something else at byte \(header.position - base)")
  }

  private func plainType(_ type: NPYHeader.ElementType) throws -> String {
    switch type {
    case .plain(let code): return code
    case .structured(let fields):
      throw place.unsupported(
        "an array of records \(shortened(fields, to: 60))",
        remedy: "save each field as an array of its own: a['NAME']")
    }
  }

  private func fault(_ expected: String, _ found: String) -> FileFault {
    place.malformed(expected: expected, found: found)
  }
}
