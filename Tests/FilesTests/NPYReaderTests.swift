import Faults
import Files
import Tensors
import Testing

@Suite struct NPYReaderTests {
  private func npy(_ header: String, _ data: [UInt8] = [], version: UInt8 = 1) -> [UInt8] {
    let text = Array(header.utf8)
    let length = version == 1 ? littleEndian(UInt16(text.count)) : littleEndian(UInt32(text.count))
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + text + data
  }

  private func read(_ bytes: [UInt8]) throws -> StoredArray {
    try NPYReader(at: ArrayPlace(path: "a.npy")).read(bytes[...])
  }

  private func fault(_ bytes: [UInt8]) -> FileFault? { #expect(throws: FileFault.self) { try read(bytes) } }

  @Test(
    arguments: [
      ("'|O'", "the element type \"|O\" (Python objects)"),
      ("'<c8'", "the element type \"<c8\" (complex numbers)"),
      ("'<M8[ns]'", "the element type \"<M8[ns]\" (dates)"),
      ("'|S5'", "the element type \"|S5\" (texts of bytes)"),
      ("'<f16'", "the element type \"<f16\" (floats of this size)"),
      ("'|V2'", "the element type \"|V2\" (untyped bytes)"),
      ("'|f4'", "the element type \"|f4\" (floats of this size)"),
      ("'<i3'", "the element type \"<i3\""), ("'<U0'", "the element type \"<U0\""),
      ("''", "the element type \"\""),
      (
        "[('name', '|S10'), ('a]', '<f4', (2,)), ('deep', [('b', '<i4')])]",
        "an array of records [('name', '|S10'), ('a]', '<f4', (2,)), ('deep', [('b', '<i4…"
      ),
    ])
  func elementsThatAreNotReadAreNamed(type: String, what: String) throws {
    let header = "{'descr': \(type), 'fortran_order': False, 'shape': (1,), }\n"
    #expect(fault(npy(header))?.message == "a.npy: \(what) is not read")
    #expect(fault(npy(header))?.remedy != nil)
  }

  @Test(
    arguments: [
      "{'descr': [('a', '<f4'), 'fortran_order': False, 'shape': (1,), }\n",
      "{'descr': [('a, '<f4')], 'fortran_order': False, 'shape': (1,), }\n",
      "{'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (1,), }\n",
      "{'descr': '<f4', 'fortran_order': 0, 'shape': (1,), }\n", "{'descr': '<f4', 'shape': (1,), }\n",
      "{'descr': '<f4', 'fortran_order': False, 'shape': 1, }\n", "", "{", "[",
    ])
  func malformedHeadersAreFaults(header: String) throws {
    let message = try #require(fault(npy(header, [0, 0, 0, 0]))?.message)
    #expect(message.hasPrefix("a.npy: expected a header {'descr'"), "\(message)")
  }

  @Test func headersOfPython2AreRead() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1L, 2L)}\n"
    #expect(try read(npy(header, Array(repeating: 0, count: 8))).shape == [1, 2])
  }

  @Test func versionsHaveTheirLengths() throws {
    let header = "{'descr': '<f4', 'fortran_order': False, 'shape': (), }\n"
    for version in 1...3 as ClosedRange<UInt8> {
      #expect(try read(npy(header, [0, 0, 0x80, 0x3F], version: version)).tensor == Tensor(scalar: 1))
    }
    #expect(
      fault(npy(header, [0, 0, 0, 0], version: 4))?.message == "a.npy: version 4.0 of the format is not read")
    var bytes = npy(header, [0, 0, 0, 0], version: 2)
    bytes[11] = 0xFF
    #expect(fault(bytes)?.message.hasPrefix("a.npy: expected a header of 42") == true)
  }

  /// More elements than are converted between two looks at whether to stop, at an odd place.
  @Test func longArraysAreTensors() throws {
    let count = 200_001
    let floats = (0..<count).map { Float($0) - 0.5 }
    let single = StoredArray(
      element: .float32, shape: [count], bytes: floats.flatMap { littleEndian($0.bitPattern) })
    #expect(try read(NPYWriter.bytes(single)).tensor?.values == floats)
    let halves = (0..<count).map { Float16($0 % 2048) }
    let half = StoredArray(
      element: .float16, shape: [3, count / 3], bytes: halves.flatMap { littleEndian($0.bitPattern) })
    let tensor = try #require(try read(NPYWriter.bytes(half)).tensor)
    #expect(tensor.shape == [3, count / 3] && tensor.values == halves.map(Float.init))
  }

  @Test func readingStopsWhenTheUserAsksTo() throws {
    let header = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 2), }\n"
    let bytes = npy(header, Array(repeating: 0, count: 16))
    let plain = try read(npy(header.replacing("True", with: "False"), Array(repeating: 0, count: 16)))
    try Interruption.asking({ throw Interrupted() }) {
      #expect(throws: Interrupted.self) { try read(bytes) }
      #expect(throws: Interrupted.self) { try plain.tensor }
    }
  }
}
