import ScratchFolders
import Testing

@testable import Files

/// A malformed file and the sentence about it, after the file's name.
struct Malformation: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let file: [UInt8]
  let message: String

  init(_ what: String, _ file: [UInt8], _ message: String) {
    (testDescription, self.file, self.message) = (what, file, message)
  }

  /// One tensor `a` with this entry, before 8 bytes of data.
  init(_ what: String, entry: String, data: Int = 8, _ message: String) {
    self.init(
      what, safetensors(header: "{\"a\":\(entry)}", data: Array(repeating: 0, count: data)),
      "tensor \"a\": \(message)")
  }
}

private let types = "F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I64, U64, I32, U32, I16, U16, I8, U8 or BOOL"
private let wholeNumber = "expected a whole number from 0 to 9223372036854775807"

@Suite struct MalformedHeaderTests {
  static let files: [Malformation] = [
    Malformation("empty file", [], "expected a safetensors file, found an empty file"),
    Malformation("shorter than 8 bytes", [1, 0, 0], "expected 8 bytes of header length, found 3 bytes"),
    Malformation(
      "length beyond the file", littleEndian(UInt64(100)) + Array("{}".utf8),
      "expected a header of 100 bytes, found 2 before the end of the file"),
    Malformation(
      "absurd length", littleEndian(UInt64.max) + Array("{}".utf8),
      "expected a header of at most 100000000 bytes, found length 18446744073709551615"),
    Malformation(
      "a pointer instead of the file", Array("version https://git-lfs.github.com/spec/v1".utf8),
      "expected a safetensors file, found a Git LFS pointer to it"),
    Malformation(
      "no header", littleEndian(UInt64(0)),
      "header, byte 0: expected a value, found the end of the text"),
    Malformation(
      "not JSON", safetensors(header: "{\"a\" 1}"), "header, byte 5: expected ':', found '1'"),
    Malformation(
      "a header that breaks off", safetensors(header: "{\"a\":{\"dtype\":\"F3"),
      "header, byte 17: expected '\"', found the end of the text"),
    Malformation(
      "bytes after the object", safetensors(header: "{} x"),
      "header, byte 3: expected the end of the text, found 'x'"),
    Malformation(
      "not an object", safetensors(header: "[1, 2]"), "header: expected an object, found a list of 2"),
    Malformation(
      "not UTF-8", safetensors(header: Array("{\"".utf8) + [0xC3, 0x28] + Array("\":1}".utf8), data: []),
      "header, byte 2: expected UTF-8, found byte 0xc3"),
    Malformation(
      "UTF-16", safetensors(header: "{}".utf8.flatMap { [$0, 0] }, data: []),
      "header, byte 1: expected a key in double quotes, found byte 0x00"),
    Malformation(
      "deep nesting", safetensors(header: String(repeating: "[", count: 100_000)),
      "header, byte 128: expected at most 128 levels of nesting, found '['"),
    Malformation(
      "the last of a name twice leaves the first one's data to nobody",
      safetensors(
        header: "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
          + "\"\\u0061\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}", data: [1, 2]),
      "tensor \"a\": expected to begin at byte 0, found a hole up to 1"),
    Malformation(
      "metadata that is no object", safetensors(header: "{\"__metadata__\":3}"),
      "header: expected __metadata__ to hold strings by key, found 3"),
    Malformation(
      "metadata that is no string", safetensors(header: "{\"__metadata__\":{\"n\":3}}"),
      "header: expected __metadata__ to hold strings by key, found 3"),
    Malformation(
      "trailing bytes",
      safetensors(
        header: "{\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}", data: [1, 2, 3]),
      "expected the data to end at byte 1, found 2 bytes after it"),
  ]

  static let entries: [Malformation] = [
    Malformation("entry is a number", entry: "3", "the entry: expected an object, found 3"),
    Malformation(
      "no dtype", entry: "{\"shape\":[2],\"data_offsets\":[0,8]}",
      "expected dtype, shape and data_offsets, found no dtype"),
    Malformation(
      "no shape", entry: "{\"dtype\":\"F32\",\"data_offsets\":[0,8]}",
      "expected dtype, shape and data_offsets, found no shape"),
    Malformation(
      "no offsets", entry: "{\"dtype\":\"F32\",\"shape\":[2]}",
      "expected dtype, shape and data_offsets, found no data_offsets"),
    Malformation(
      "dtype is null", entry: "{\"dtype\":null,\"shape\":[2],\"data_offsets\":[0,8]}",
      "dtype: expected a string, found null"),
    Malformation(
      "unknown dtype", entry: "{\"dtype\":\"F33\",\"shape\":[2],\"data_offsets\":[0,8]}",
      "expected dtype \(types), found \"F33\""),
    Malformation(
      "shape is a number", entry: "{\"dtype\":\"F32\",\"shape\":2,\"data_offsets\":[0,8]}",
      "shape: expected a list of whole numbers, found 2"),
    Malformation(
      "negative size", entry: "{\"dtype\":\"F32\",\"shape\":[2,-1],\"data_offsets\":[0,8]}",
      "shape[1]: \(wholeNumber), found -1"),
    Malformation(
      "size with a fraction", entry: "{\"dtype\":\"F32\",\"shape\":[2.5],\"data_offsets\":[0,8]}",
      "shape[0]: \(wholeNumber), found 2.5"),
    Malformation(
      "size beyond 64 bits",
      entry: "{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,8]}",
      "shape[0]: \(wholeNumber), found 99999999999999999999"),
    Malformation(
      "sizes whose product overflows",
      entry: "{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],\"data_offsets\":[0,8]}",
      "shape: expected less than 9223372036854775807 bytes, found [4294967296, 4294967296]"),
    Malformation(
      "a zero that hides an overflow",
      entry: "{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,0],\"data_offsets\":[0,0]}", data: 0,
      "shape: expected less than 9223372036854775807 bytes, found [4294967296, 4294967296, 0]"),
    Malformation(
      "one offset", entry: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8]}",
      "data_offsets: expected a list of 2, found a list of 1"),
    Malformation(
      "negative offset", entry: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[-8,0]}",
      "data_offsets[0]: \(wholeNumber), found -8"),
    Malformation(
      "begin after end", entry: "{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[8,0]}",
      "data_offsets: expected begin <= end, found [8, 0]"),
    Malformation(
      "out of the file", entry: "{\"dtype\":\"F32\",\"shape\":[4],\"data_offsets\":[0,16]}",
      "data_offsets: expected at most 8, found [0, 16]"),
    Malformation(
      "size and shape differ", entry: "{\"dtype\":\"F16\",\"shape\":[2],\"data_offsets\":[0,8]}",
      "expected 4 bytes for shape [2] of F16, found 8"),
    Malformation(
      "a hole before the first", entry: "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[4,8]}",
      "expected to begin at byte 0, found a hole up to 4"),
    Malformation(
      "a hole between",
      entry: "{\"dtype\":\"U8\",\"shape\":[2],\"data_offsets\":[6,8]},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}",
      "expected to begin at byte 4, found a hole up to 6"),
    Malformation(
      "an overlap",
      entry: "{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[3,7]},"
        + "\"b\":{\"dtype\":\"U8\",\"shape\":[4],\"data_offsets\":[0,4]}",
      "expected to begin at byte 4, after \"b\", found an overlap from 3"),
  ]

  @Test(arguments: files + entries) func isOneSentence(_ malformation: Malformation) throws {
    let scratch = try Scratch()
    let path = try scratch.write(malformation.file, to: "model.safetensors")
    let found = fault(in: scratch) { _ = try SafetensorsFile(path: path) }
    #expect(found?.message == "DIR/model.safetensors: \(malformation.message)")
  }

  /// The first as the safetensors library reads it, the second as Python's json does.
  @Test(arguments: [
    "{\"__metadata__\":null,\"a\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}",
    "{\"a\":{\"dtype\":\"I8\",\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]}}   ",
  ])
  func headersThatAreRead(_ header: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(safetensors(header: header, data: [7]), to: "model.safetensors")
    let file = try SafetensorsFile(path: path)
    #expect(try file.bytes(#require(file.header.entries["a"]), named: "a") == [7])
    #expect(file.header.metadata.isEmpty)
  }

  @Test func pointerComesWithARemedy() throws {
    let scratch = try Scratch()
    let path = try scratch.write("version https://git-lfs.github.com/spec/v1", to: "m.safetensors")
    let found = fault(in: scratch) { _ = try SafetensorsFile(path: path) }
    #expect(found?.remedy == "fetch the real file with: git lfs pull")
  }
}
