import Faults
import Files
import Testing

@Suite struct ZIPReaderTests {
  private func reader(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> ZIPReader {
    try ZIPReader(bytes, path: "a.npz", limit: limit)
  }

  /// Reads all entries; the message of the fault, if there is one.
  private func message(_ bytes: [UInt8], limit: Int = 1 << 20) throws -> String? {
    do {
      let archive = try reader(bytes, limit: limit)
      for entry in archive.entries { _ = try archive.contents(of: entry) }
      return nil
    } catch let fault as FileFault { return fault.message }
  }

  /// `name` with another number at `offset` of the directory's first entry.
  private func changed(_ name: String, at offset: Int, to number: UInt32) throws -> [UInt8] {
    var bytes = try ArrayFixtures.bytes(name)
    let start = try #require(bytes.firstRange(of: [0x50, 0x4B, 1, 2])).lowerBound + offset
    bytes.replaceSubrange(start..<(start + 4), with: littleEndian(number))
    return bytes
  }

  @Test(arguments: ["stored.npz", "compressed.npz", "piped.npz", "wide.npz"])
  func arraysAreAsNumPySays(archive name: String) throws {
    let expected = try ArrayFixtures.expected()
    let archive = try reader(ArrayFixtures.bytes(name))
    #expect(archive.entries.count == expected.count && expected.count == 57)
    for entry in archive.entries {
      let place = ArrayPlace(path: name, part: entry.name)
      let array = try NPYReader(at: place).read(archive.contents(of: entry))
      let right = try #require(expected[String(entry.name.dropLast(4))])
      #expect(array.shape == right.shape, "\(entry.name)")
      #expect(array.elements == right.values, "\(entry.name)")
    }
  }

  /// Where the plain record at the end says that its numbers stand in the wide one.
  @Test func theWideRecordCounts() throws {
    var bytes = try ArrayFixtures.bytes("wide.npz")
    bytes.replaceSubrange((bytes.count - 14)..<(bytes.count - 2), with: Array(repeating: 0xFF, count: 12))
    #expect(try reader(bytes).entries.count == 57)
    #expect(try message(bytes) == nil)
    // The locator's place of that record.
    bytes[bytes.count - 22 - 20 + 8] ^= 1
    #expect(try message(bytes)?.hasPrefix("a.npz: expected the ZIP64 record at byte ") == true)
  }

  @Test func contentsMustBeAsTheDirectorySays() throws {
    let name = "a.npz: \"little-f2.npy\": expected"
    let size: UInt32 = 176
    #expect(
      try message(changed("compressed.npz", at: 24, to: size + 1)) == "\(name) 177 unpacked bytes, found 176")
    #expect(
      try message(changed("compressed.npz", at: 24, to: size - 1)) == "\(name) 175 unpacked bytes, found more"
    )
    #expect(
      try message(changed("compressed.npz", at: 16, to: 1))
        == "\(name) contents with the checksum of the directory, found others")
    #expect(
      try message(changed("stored.npz", at: 24, to: size + 1))
        == "\(name) a stored entry as long as its contents, found another length")
    let cut = try message(changed("compressed.npz", at: 20, to: 20))
    #expect(cut?.hasPrefix("\(name) 176 unpacked bytes, found ") == true, "\(cut ?? "")")
    let long = try message(changed("compressed.npz", at: 20, to: 130))
    #expect(long?.hasPrefix("\(name) the entry to end with its stream, found ") == true, "\(long ?? "")")
  }

  @Test func damagedStreamsAreFaults() throws {
    var bytes = try ArrayFixtures.bytes("compressed.npz")
    // The first block's type becomes the one that is none.
    bytes[30 + "little-f2.npy".utf8.count] |= 0b110
    #expect(
      try message(bytes) == "a.npz: \"little-f2.npy\": expected a DEFLATE stream, found invalid block type")
  }

  /// A size is refused before anything of that size is made.
  @Test func sizesThatCannotBeAreRefused() throws {
    let huge = try changed("compressed.npz", at: 24, to: 0xFFFF_FFF0)
    #expect(try message(huge) == "a.npz: more than 1048576 bytes")
    let impossible = try message(huge, limit: 1 << 40)
    #expect(
      impossible?.contains("packed bytes can hold, found 4294967280 bytes") == true, "\(impossible ?? "")")
    #expect(try message(ArrayFixtures.bytes("stored.npz"), limit: 1000) == "a.npz: more than 1000 bytes")
    let overlapping = try changed("compressed.npz", at: 20, to: 1 << 20)
    #expect(
      try message(overlapping) == "a.npz: expected entries beside each other, found entries that overlap")
  }

  @Test func whatIsNotReadIsNamed() throws {
    let name = "a.npz: \"little-f2.npy\":"
    #expect(
      try message(changed("stored.npz", at: 8, to: 0x0000_0001)) == "\(name) an encrypted entry is not read")
    #expect(
      try message(changed("stored.npz", at: 8, to: 14 << 16))
        == "\(name) an entry packed with LZMA is not read")
    #expect(
      try message(changed("stored.npz", at: 8, to: 99 << 16))
        == "\(name) an entry packed with method 99 is not read")
  }

  @Test func readingStopsWhenTheUserAsksTo() throws {
    let archive = try reader(ArrayFixtures.bytes("compressed.npz"))
    #expect(throws: Interrupted.self) {
      try Interruption.asking({ throw Interrupted() }) { _ = try archive.contents(of: archive.entries[0]) }
    }
  }

  @Test(arguments: ["compressed.npz", "wide.npz"]) func noCutArchiveIsRead(name: String) throws {
    let bytes = try ArrayFixtures.bytes(name)
    for length in stride(from: 0, to: bytes.count, by: 97) {
      #expect(try message(Array(bytes[..<length])) != nil, "\(length) bytes")
    }
  }

  @Test func whatIsWrittenIsRead() throws {
    var writer = ZIPWriter()
    let contents: [(String, [UInt8])] = [("a", []), ("ü/b", Array(0...255))]
    for (name, bytes) in contents { try writer.append(name: name, bytes) }
    let archive = try reader(writer.finished())
    #expect(archive.entries.map(\.name) == ["a", "ü/b"])
    for (entry, (_, bytes)) in zip(archive.entries, contents) {
      #expect(try archive.contents(of: entry).elementsEqual(bytes))
    }
  }
}
