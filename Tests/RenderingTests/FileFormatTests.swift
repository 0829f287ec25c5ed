import Faults
import Files
import Results
import Tensors
import Testing

@testable import Rendering

private func encode(_ value: Value, _ path: String, name: String = "t") throws -> [UInt8] {
  try FileFormats.encode(value, name: name, for: path)
}

private func text(_ value: Value, _ path: String) throws -> String {
  String(decoding: try encode(value, path), as: UTF8.self)
}

private func faultOf(_ value: Value, _ path: String) -> RenderingFault? {
  do {
    _ = try FileFormats.encode(value, name: "t", for: path)
    return nil
  } catch { return error as? RenderingFault }
}

/// A `.npy` header as `numpy.save` writes it: 128 bytes with the data after it.
private func npy(_ descr: String, _ shape: String, _ data: [UInt8]) -> [UInt8] {
  let header = "{'descr': '\(descr)', 'fortran_order': False, 'shape': \(shape), }"
  return [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0] + Array(padRight(header, to: 117).utf8) + [0x0A]
    + data
}

private let one: [UInt8] = [0, 0, 0x80, 0x3F]
private let minusTwo: [UInt8] = [0, 0, 0, 0xC0]
private let notANumber: [UInt8] = [0, 0, 0xC0, 0x7F]
/// As Float64.
private let one64: [UInt8] = [0, 0, 0, 0, 0, 0, 0xF0, 0x3F]
private let minusTwo64: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0xC0]

@Test func npyHoldsArrays() throws {
  let values: [Float] = [1, -2, .nan]
  #expect(
    try encode(.tensor(Tensor(shape: [3], values)), "a.npy")
      == npy("<f4", "(3,)", one + minusTwo + notANumber))
  #expect(try encode(.tensor(Tensor(scalar: 1)), "a.NPY") == npy("<f4", "()", one))
  #expect(try encode(.tensor(Tensor(shape: [2, 0, 3], [])), "a.npy") == npy("<f4", "(2, 0, 3)", []))
  #expect(try encode([[1], [-2]], "dir.x/a.npy") == npy("<f8", "(2, 1)", one64 + minusTwo64))
  #expect(try encode(1, "a.npy") == npy("<f8", "()", one64))
  #expect(try encode([], "a.npy") == npy("<f8", "(0,)", []))
  #expect(try encode([true, false], "a.npy") == npy("|b1", "(2,)", [1, 0]))
  #expect(try encode(["é", ""], "a.npy") == npy("<U1", "(2,)", [0xE9, 0, 0, 0, 0, 0, 0, 0]))
  #expect(try encode(.range(IntegerRange(1, upTo: 2)), "a.npy") == npy("<f8", "(1,)", one64))
}

@Test func npyDataIsAligned() throws {
  for rank in 0..<40 {
    let bytes = try encode(.tensor(Tensor(shape: Array(repeating: 1, count: rank), [1])), "a.npy")
    #expect((bytes.count - 4) % 64 == 0)
    #expect(bytes.suffix(5) == [0x0A] + one)
  }
}

@Test func safetensorsHoldsNamedNumbersAndTheRestAsMetadata() throws {
  let single = #"{"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}"#
  #expect(
    try encode(.tensor(Tensor(shape: [2], [1, -2])), "a.safetensors", name: "w")
      == [64, 0, 0, 0, 0, 0, 0, 0] + Array(padRight(single, to: 64).utf8) + one + minusTwo)
  let record: Value = ["tokens": ["a", "\"b"], "n": ["x": 1, "ok": [true]], "none": nil]
  let header =
    #"{"__metadata__": {"tokens": "[\"a\", \"\\\"b\"]", "none": "null"}, "#
    + #""n.x": {"dtype": "F64", "shape": [], "data_offsets": [0, 8]}, "#
    + #""n.ok": {"dtype": "BOOL", "shape": [1], "data_offsets": [8, 9]}}"#
  let length = (header.utf8.count + 7) / 8 * 8
  #expect(
    try encode(record, "a.safetensors")
      == littleEndian(UInt64(length)) + Array(padRight(header, to: length).utf8) + one64 + [1])
}

@Test func npzIsAStoredArchive() throws {
  let bytes = try encode(["x": 1, "ü": [["a": 1]]], "a.npz")
  let x = npy("<f8", "()", one64)
  // CRC-32 of `x`, by Python's zlib.crc32.
  let crc: [UInt8] = [0x21, 0xFC, 0x50, 0x23]
  let size = littleEndian(UInt32(x.count))
  let entry: [UInt8] = [20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0] + crc + size + size + [5, 0, 0, 0]
  #expect(Array(bytes.prefix(35 + x.count)) == [0x50, 0x4B, 3, 4] + entry + Array("x.npy".utf8) + x)
  let central = bytes.firstRange(of: [0x50, 0x4B, 1, 2, 20, 3] + entry)
  #expect(central != nil)
  // The second name is not ASCII: flagged as UTF-8. Its value is no array: JSON text.
  #expect(bytes.firstRange(of: [0x50, 0x4B, 3, 4, 20, 0, 0, 8]) != nil)
  let json = "[{\"a\": 1}]".unicodeScalars.flatMap { littleEndian($0.value) }
  #expect(bytes.firstRange(of: npy("<U10", "()", json)) != nil)
  let end = bytes.suffix(22)
  #expect(end.prefix(12) == [0x50, 0x4B, 5, 6, 0, 0, 0, 0, 2, 0, 2, 0])
}

@Test func tablesAndListsOfRecordsAreColumns() throws {
  let rows = Table(columns: ["name", "x"], rows: [["a", 1], ["b", -2]])
  let fields = try #require(try ArrayFields(.table(rows), name: "t"))
  #expect(fields.entries.map(\.key) == ["name", "x"])
  #expect(fields.entries.compactMap { $0.array?.shape } == [[2], [2]])
  let records = try #require(try ArrayFields([["x": 1], ["x": 2]], name: "t"))
  #expect(records.entries.map(\.key) == ["x"])
}

@Test func textFormatsHoldEverything() throws {
  let value: Value = ["tokens": ["a", "b"], "x": .tensor(Tensor(shape: [2], [1, 0.5]))]
  #expect(try text(value, "a.json") == "{\n  \"tokens\": [\"a\", \"b\"],\n  \"x\": [1, 0.5]\n}\n")
  #expect(try text(value, "a.jsonl") == "{\"tokens\": [\"a\", \"b\"], \"x\": [1, 0.5]}\n")
  #expect(try text([["a": 1], 2], "a.jsonl") == "{\"a\": 1}\n2\n")
  #expect(
    try text(.table(Table(columns: ["a"], rows: [[1], ["x"]])), "a.jsonl") == "{\"a\": 1}\n{\"a\": \"x\"}\n")
  #expect(try text(value, "a.csv") == "tokens,x\r\na,1\r\nb,0.5\r\n")
  #expect(try text(value, "a.tsv") == "tokens\tx\na\t1\nb\t0.5\n")
  #expect(try text(value, "a.txt") == "   tokens    x\n0  a       1.0\n1  b       0.5\n")
  #expect(try text(nil, "a.json") == "null\n")
  #expect(try text(.strings((0..<100).map { "word\($0)" }), "a.txt").split(separator: "\n").count == 100)
}

private let known = ".npy .npz .safetensors .csv .tsv .json .jsonl .txt .svg .html"

@Test(
  arguments: [
    (
      "out/a.npx", "cannot save to out/a.npx: unknown extension .npx; known are \(known)",
      "did you mean `.npy`?"
    ),
    ("a.parquet", "cannot save to a.parquet: unknown extension .parquet; known are \(known)", nil),
    ("dir.npy/a", "cannot save to dir.npy/a: no extension; known are \(known)", nil),
    (".npy", "cannot save to .npy: no extension; known are \(known)", nil),
  ] as [(String, String, String?)])
func unknownExtensionsAreFaults(path: String, message: String, remedy: String?) throws {
  let fault = try #require(faultOf(1, path))
  #expect(fault.code == "unknown-extension")
  #expect(fault.message == message)
  #expect(fault.remedy == remedy)
}

@Test func valuesThatAFormatCannotHoldAreFaults() throws {
  let npy = try #require(faultOf(["a": 1], "r.npy"))
  #expect(npy.code == "format-cannot-hold")
  #expect(
    npy.message
      == "cannot save a value of type record to r.npy: .npy holds a tensor, number, bool or string, "
      + "or an equally nested list of one of these kinds")
  #expect(npy.remedy == "save it as .json, which holds every value")
  let svg = try #require(faultOf(.tensor(Tensor(scalar: 1)), "t.svg"))
  #expect(
    svg.message
      == "cannot save a value of type tensor to t.svg: .svg holds a heat map, patterns, a chart or coloured words"
  )
  for (value, path) in [
    ([[1], [1, 2]], "a.npy"), ([1, "a"], "a.npy"), (nil, "a.npy"), ([1, nil], "a.npy"), ([[], [1]], "a.npy"),
    ("a", "a.npz"), (["a": "b"], "a.npz"), (["a", "b"], "a.safetensors"), ([:], "a.safetensors"),
    (nil, "a.html"),
  ] as [(Value, String)] {
    #expect(faultOf(value, path)?.code == "format-cannot-hold", "\(value) in \(path)")
  }
}

@Test func numbersKeepAllDigits() throws {
  let bits = littleEndian((0.1).bitPattern)
  #expect(Array(try encode(0.1, "x.npy").suffix(8)) == bits)
  let whole = try encode([1, 16_777_217, 1e300], "ids.npy").suffix(16).prefix(8)
  #expect(Array(whole) == littleEndian((16_777_217.0).bitPattern))
  let table = Value.table(Table(columns: ["x"], rows: [[0.1], [1]]))
  #expect(Array(try encode(table, "t.safetensors").suffix(16).prefix(8)) == bits)
  #expect(try encode(table, "t.npz").firstRange(of: bits) != nil)
  // Tensors stay as they are; beside numbers nothing is rounded.
  let tensor = try encode(.tensor(Tensor(shape: [1], [0.1])), "x.npy").suffix(4)
  #expect(Array(tensor) == littleEndian(Float(0.1).bitPattern))
  let mixed: Value = [.tensor(Tensor(scalar: 1)), 0.1, .tensor(Tensor(scalar: -2))]
  #expect(try encode(mixed, "x.npy") == npy("<f8", "(3,)", one64 + bits + minusTwo64))
}

@Test func reservedNamesAreFaults() throws {
  let fault = try #require(faultOf(["__metadata__": 1], "m.safetensors"))
  #expect(fault.message == "cannot save to m.safetensors: the name __metadata__ is reserved by the format")
}
