import Files
import ScratchFolders
import Testing

/// Names that are canonically equivalent are two names.
@Suite struct NormalizationTests {
  @Test func tensorsAndMetadata() throws {
    let header =
      "{\"__metadata__\":{\"e\\u0301\":\"1\",\"\\u00e9\":\"2\"},"
      + "\"e\\u0301\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
      + "\"\\u00e9\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[1,2]}}"
    let scratch = try Scratch()
    let path = try scratch.write(safetensors(header: header, data: [1, 2]), to: "a.safetensors")
    let file = try SafetensorsFile(path: path)
    #expect(try file.namesInOrder.map { Array($0.unicodeScalars) } == [["e", "\u{301}"], ["\u{E9}"]])
    #expect(file.header.metadata["e\u{301}"] == "1" && file.header.metadata["\u{E9}"] == "2")
    for (name, byte) in [("e\u{301}", 1), ("\u{E9}", 2)] as [(String, UInt8)] {
      let entry = try #require(file.header.entries[name])
      #expect(try file.bytes(entry, named: name) == [byte])
    }
  }
}
