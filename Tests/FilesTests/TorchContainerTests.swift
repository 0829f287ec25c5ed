import Faults
import ScratchFolders
import Testing

@testable import Files

/// What is around the pickle.
@Suite struct TorchContainerTests {
  private static let tensors = [PickledTensor("a", elements: 2, shape: [2], strides: [1])]
  private let pickle = PickleText.dictionary(tensors)
  private let old = PickleText.dictionary(tensors, isSequence: true)
  private let data = bytes([1, 2])

  private func found(_ bytes: [UInt8]) throws -> (message: String, remedy: String?)? {
    let scratch = try Scratch()
    let path = try scratch.write(bytes, to: "m.bin")
    return fault(in: scratch) { _ = try TorchFile(path: path) }
  }

  private func message(_ bytes: [UInt8]) throws -> String? {
    try found(bytes)?.message.replacing("DIR/m.bin: ", with: "")
  }

  @Test func bothForms() throws {
    let scratch = try Scratch()
    for file in [
      try torchArchive(pickle, storages: [("0", data)]), torchSequence(old, storages: [("0", 2, data)]),
    ] {
      let file = try TorchFile(path: scratch.write(file, to: "m.bin"))
      #expect(try file.tensor(named: "a").values == [1, 2])
      #expect(file.dataBytes == 8)
    }
  }

  @Test func noFileOfTorch() throws {
    #expect(try message([]) == "expected a file of torch.save, found an empty file")
    #expect(
      try message(Array("hello".utf8))
        == "expected a file of torch.save, found neither a ZIP archive nor a pickle")
    let pointer = try found(Array("version https://git-lfs.github.com/spec/v1\n".utf8))
    #expect(pointer?.message == "DIR/m.bin: expected a file of torch.save, found a Git LFS pointer to it")
    #expect(pointer?.remedy == "fetch the real file with: git lfs pull")
    let tar = Array(repeating: UInt8(ascii: "a"), count: 257) + Array("ustar\u{0}00".utf8)
    #expect(try message(tar) == "expected a file of torch.save since 0.1.10, found a tar archive")
    #expect(try message(Array("PK".utf8)) == "expected a ZIP archive, found 2 bytes")
  }

  @Test func archives() throws {
    #expect(
      try message(torchArchive(pickle, storages: [("0", data)], others: [("m/constants.pkl", "")]))
        == "expected a state dictionary, found a TorchScript program")
    #expect(
      try message(torchArchive(pickle, storages: [("0", data)], others: [("n/data.pkl", "")]))
        == "expected one entry NAME/data.pkl, found 2")
    var none = ZIPWriter()
    try none.append(name: "m/data/0", data)
    #expect(try message(none.finished()) == "expected one entry NAME/data.pkl, found 0")
    for (version, isRead) in [("3\n", true), ("11\n", false), ("", false), ("x", false)] {
      var writer = ZIPWriter()
      try writer.append(name: "m/data.pkl", pickle)
      try writer.append(name: "m/data/0", data)
      try writer.append(name: "m/version", Array(version.utf8))
      let expected = "expected a file of torch.save in version 1 to 10, found \(quoted(version))"
      #expect(try message(writer.finished()) == (isRead ? nil : expected))
    }
  }

  @Test func namesMayHoldAnything() throws {
    var writer = ZIPWriter()
    try writer.append(name: "\u{5}/data.pkl", [0x2E])
    let expected = "\\u{5}/data.pkl, byte 0: expected a value on the stack, found none"
    #expect(try message(writer.finished()) == expected)
  }

  /// NumPy's archives may be compressed, those of torch may not.
  @Test func compressedEntries() throws {
    var bytes = try torchArchive(pickle, storages: [("0", data)])
    let directory = try #require(bytes.firstRange(of: [0x50, 0x4B, 1, 2]))
    bytes[directory.lowerBound + 10] = 8
    #expect(try message(bytes) == "\"m/data.pkl\": a compressed entry of weights is not read")
    bytes[directory.lowerBound + 10] = 0
    bytes[directory.lowerBound + 8] |= 1
    #expect(try message(bytes) == "\"m/data.pkl\": an encrypted entry is not read")
  }

  @Test func sequences() throws {
    func sequence(_ storages: [(String, Int, [UInt8])]) throws -> String? {
      try message(torchSequence(old, storages: storages))
    }
    #expect(try sequence([]) == "expected the data of storage \"0\", found none")
    #expect(try sequence([("1", 2, data)]) == "expected the data of storage \"1\", found none")
    #expect(
      try sequence([("0", 2, data), ("0", 2, data)]) == "expected the data of storage \"0\", found none")
    #expect(try sequence([("0", 3, data)]) == "storage \"0\": expected 2 elements, found 3")
    #expect(try sequence([("0", -1, data)]) == "storage \"0\": expected 2 elements, found \(Int.max)")
    #expect(
      try sequence([("0", 2, Array(data.dropLast()))])
        == "storage \"0\": expected 8 bytes, found 7 before the end of the file")
    #expect(
      try sequence([("0", 2, data + [0])]) == "expected to end with the last storage, found 1 byte after it")
  }

  @Test func startsOfSequences() throws {
    let whole = torchSequence(old, storages: [("0", 2, data)])
    #expect(try message(old) == "byte 0: expected torch's magic number, found a dictionary of 1")
    var version = whole
    version[19] = 4
    #expect(try message(version) == "byte 15: expected torch's protocol 1001, found 1257")
    var order = whole
    order[torchSequenceStart.count - 3] = 0x89
    #expect(try message(order) == "expected numbers in little-endian order, found big-endian ones")
    let keys = torchSequenceStart + old + [0x80, 2, 0x4E, 0x2E]
    #expect(try message(keys)?.hasSuffix("expected a list of the storages' keys, found None") == true)
  }

  /// An archive's directory may say anything of where its entries are.
  @Test func entriesThatOverlap() throws {
    var bytes = try torchArchive(pickle, storages: [("0", data)])
    var places: [Int] = []
    for place in bytes.indices.dropLast(4) where bytes[place...].starts(with: [0x50, 0x4B, 1, 2]) {
      places.append(place)
    }
    // The sizes of all entries, packed and not, as large as the archive.
    for place in places {
      for offset in [20, 24] {
        bytes.replaceSubrange(place + offset..<place + offset + 4, with: littleEndian(UInt32(places[0])))
      }
    }
    #expect(try message(bytes) == "expected entries beside each other, found entries that overlap")
  }
}
