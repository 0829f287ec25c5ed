import Files
import ScratchFolders
import Tensors
import Testing

@Suite struct SafetensorsWriterTests {
  @Test func whatIsWrittenIsRead() throws {
    var writer = SafetensorsWriter()
    let names = ["b", "a\"\\\n\u{1}é🙂"]
    for name in names {
      let array = StoredArray(element: .float32, shape: [1, 2], bytes: bytes([1, -.infinity]))
      try writer.append(array, named: name)
    }
    try writer.append(StoredArray(element: .signed(bytes: 2), shape: [], bytes: [0xFE, 0xFF]), named: "n")
    writer.append(text: "a \"text\"\u{7F}", named: "t")
    let scratch = try Scratch()
    let file = try SafetensorsFile(path: scratch.write(writer.finished(), to: "a.safetensors"))
    #expect(file.header.metadata == ["t": "a \"text\"\u{7F}"])
    #expect(try file.namesInOrder == names + ["n"])
    for name in names { #expect(try file.tensor(name) == Tensor(shape: [1, 2], [1, -.infinity])) }
    #expect(file.header.dataStart % 8 == 0)
    let entry = try #require(file.header.entries["n"])
    #expect(entry.dtype == .i16 && entry.shape == [])
    #expect(try file.bytes(entry, named: "n") == [0xFE, 0xFF])
  }

  @Test func theNameOfTheMetadataIsTaken() {
    var writer = SafetensorsWriter()
    let array = StoredArray(element: .bool, shape: [0], bytes: [])
    #expect(throws: EncodingProblem.reservedName("__metadata__")) {
      try writer.append(array, named: "__metadata__")
    }
  }
}
