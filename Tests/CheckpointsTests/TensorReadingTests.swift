import Faults
import Files
import Foundation
import ScratchFolders
import Tensors
import Testing

@testable import Checkpoints

@Suite struct TensorReadingTests {
  @Test func namesShapesTypesAndValues() throws {
    let scratch = try Scratch()
    let header = """
      {"__metadata__":{"format":"pt"},
       "b":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},
       "a":{"dtype":"I64","shape":[],"data_offsets":[16,24]},
       "empty":{"dtype":"F32","shape":[0,3],"data_offsets":[24,24]}}
      """
    let data = bytes([1, -2, .infinity, 0.1]) + littleEndian(Int64(7))
    let path = try scratch.write(safetensors(header: header, data: data), to: "m.safetensors")
    let checkpoint = try Checkpoint(safetensors: path)
    #expect(checkpoint.names == ["a", "b", "empty"])
    #expect(checkpoint.shape(of: "b") == [2, 2])
    #expect(checkpoint.shape(of: "a") == [])
    #expect(checkpoint.shape(of: "c") == nil)
    #expect(checkpoint.dtype(of: "a") == .i64)
    #expect(checkpoint.byteCount == 24)
    #expect(try checkpoint.tensor(named: "b") == Tensor(shape: [2, 2], [1, -2, .infinity, 0.1]))
    #expect(try checkpoint.tensor(named: "empty").shape == [0, 3])
  }

  static let conversions: [(String, [UInt8], [Float])] = [
    ("F16", [0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00], [1, -2, 0x1p-24]),
    ("BF16", [0x80, 0x3F, 0x00, 0xC0, 0x80, 0x7F], [1, -2, .infinity]),
    (
      "F64", [1.0, -2.0, 0x1p-140].flatMap { (value: Double) in littleEndian(value.bitPattern) },
      [1, -2, 0x1p-140]
    ),
    ("F32", bytes([1, -2, 0x1p-140]), [1, -2, 0x1p-140]),
  ]

  /// The values are exact in every type, and an odd header length leaves the data unaligned.
  @Test(arguments: conversions)
  func converts(type: String, data: [UInt8], expected: [Float]) throws {
    for padding in 0..<2 {
      let header =
        "{\"a\":{\"dtype\":\"\(type)\",\"shape\":[3],\"data_offsets\":[0,\(data.count)]}}"
        + String(repeating: " ", count: padding)
      let scratch = try Scratch()
      let path = try scratch.write(safetensors(header: header, data: data), to: "m.safetensors")
      #expect(try Checkpoint(safetensors: path).tensor(named: "a").values == expected)
    }
  }

  /// More elements than are converted at a time.
  @Test func longHalves() throws {
    let count = 70_000
    let data = (0..<count).flatMap { littleEndian(Float16($0 % 2048).bitPattern) }
    let scratch = try Scratch()
    let header = "{\"a\":{\"dtype\":\"F16\",\"shape\":[\(count)],\"data_offsets\":[0,\(2 * count)]}}"
    let path = try scratch.write(safetensors(header: header, data: data), to: "m.safetensors")
    let values = try Checkpoint(safetensors: path).tensor(named: "a").values
    #expect(values == (0..<count).map { Float($0 % 2048) })
  }

  @Test func integersDoNotConvert() throws {
    let scratch = try Scratch()
    let header = "{\"a\":{\"dtype\":\"I8\",\"shape\":[1],\"data_offsets\":[0,1]}}"
    let path = try scratch.write(safetensors(header: header, data: [1]), to: "m.safetensors")
    let checkpoint = try Checkpoint(safetensors: path)
    let found = fault(in: scratch) { _ = try checkpoint.tensor(named: "a") }
    #expect(
      found?.message == "DIR/m.safetensors: tensor \"a\": expected dtype F64, F32, F16 or BF16, found I8")
  }

  @Test func absentTensorSuggestsTheClosest() throws {
    let scratch = try Scratch()
    let path = try scratch.write(safetensors(["bert.weight": [1]]), to: "m.safetensors")
    let checkpoint = try Checkpoint(safetensors: path)
    let found = fault(in: scratch) { _ = try checkpoint.tensor(named: "bert.weigth") }
    #expect(found?.message == "no tensor \"bert.weigth\" in DIR/m.safetensors")
    #expect(found?.remedy == "did you mean \"bert.weight\"?")
  }

  @Test func unreadableFiles() throws {
    let scratch = try Scratch()
    let folder = fault(in: scratch) { _ = try Checkpoint(safetensors: scratch.path) }
    #expect(folder?.message == "cannot read DIR: not a regular file")
    let absent = fault(in: scratch) { _ = try Checkpoint(safetensors: "\(scratch.path)/m.safetensors") }
    #expect(absent?.message == "cannot read DIR/m.safetensors: No such file or directory")
    #expect(mkfifo("\(scratch.path)/pipe", 0o600) == 0)
    let pipe = fault(in: scratch) { _ = try Checkpoint(safetensors: "\(scratch.path)/pipe") }
    #expect(pipe?.message == "cannot read DIR/pipe: not a regular file")
  }

  @Test func finiteWeights() throws {
    let scratch = try Scratch()
    let file = safetensors(["c": [.nan], "b": [1, .nan, -.infinity, .infinity], "a": [0, 1]])
    let path = try scratch.write(file, to: "m.safetensors")
    let found = fault(in: scratch) { try Checkpoint(safetensors: path).verifyFinite() }
    #expect(found?.message == "DIR/m.safetensors: tensor \"b\" has 1 NaN and 2 infinite of 4 elements")
    try Checkpoint(safetensors: scratch.write(safetensors(["a": [0, 1]]), to: "ok")).verifyFinite()
  }

  @Test func doublesBeyondFloatAreInfinite() throws {
    let data = littleEndian((1e39 as Double).bitPattern)
    let header = "{\"a\":{\"dtype\":\"F64\",\"shape\":[1],\"data_offsets\":[0,8]}}"
    let scratch = try Scratch()
    let path = try scratch.write(safetensors(header: header, data: data), to: "m.safetensors")
    let found = fault(in: scratch) { try Checkpoint(safetensors: path).verifyFinite() }
    #expect(found?.message == "DIR/m.safetensors: tensor \"a\" has 0 NaN and 1 infinite of 1 elements")
  }

  @Test func interruptionStopsTheCheck() throws {
    let scratch = try Scratch()
    let checkpoint = try Checkpoint(safetensors: scratch.write(safetensors(["a": [0]]), to: "m"))
    struct Stop: Error {}
    #expect(throws: Stop.self) { try Interruption.asking({ throw Stop() }) { try checkpoint.verifyFinite() } }
  }
}
