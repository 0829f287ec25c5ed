import Foundation
import ScratchFolders
import Testing

@testable import Files

/// Files that change while they are loaded.
@Suite struct ChangingFileTests {
  private func openFile(in scratch: Scratch, elements: Int) throws -> (SafetensorsFile, String) {
    let path = try scratch.write(
      safetensors(["a": Array(repeating: 1, count: elements)]), to: "m.safetensors")
    return (try SafetensorsFile(path: path), path)
  }

  /// Reading lost pages raises SIGBUS, which must become a fault.
  @Test(arguments: [0, 4096, 40_000]) func truncated(size: Int) throws {
    let scratch = try Scratch()
    let (checkpoint, path) = try openFile(in: scratch, elements: 100_000)
    #expect(truncate(path, off_t(size)) == 0)
    for _ in 0..<2 {
      let found = fault(in: scratch) { _ = try checkpoint.tensor("a") }
      #expect(found?.message == "DIR/m.safetensors: the file changed while tensor \"a\" was read from it")
      #expect(found?.remedy == "read it again")
    }
  }

  @Test func truncatedInManyThreads() async throws {
    let scratch = try Scratch()
    let (checkpoint, path) = try openFile(in: scratch, elements: 100_000)
    #expect(truncate(path, 4096) == 0)
    let faults = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<8 {
        group.addTask { (try? checkpoint.tensor("a")) == nil }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(faults == 8)
  }

  @Test func rewrittenInPlace() throws {
    let scratch = try Scratch()
    let (checkpoint, path) = try openFile(in: scratch, elements: 10)
    // An explicit time: a write within the clock's tick would leave it as it was.
    let handle = try #require(FileHandle(forWritingAtPath: path))
    try handle.seek(toOffset: 100)
    try handle.write(contentsOf: Data([9, 9]))
    try handle.close()
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: path)
    let found = fault(in: scratch) { _ = try checkpoint.tensor("a") }
    #expect(found?.message == "DIR/m.safetensors: the file changed while tensor \"a\" was read from it")
  }

  /// A file put in its place by renaming is another file; the open one stays whole.
  @Test func replacedByRenaming() throws {
    let scratch = try Scratch()
    let (checkpoint, path) = try openFile(in: scratch, elements: 3)
    let other = try scratch.write("", to: "other")
    #expect(rename(other, path) == 0)
    #expect(try checkpoint.tensor("a").values == [1, 1, 1])
  }
}
