import Foundation
import Results
import ScratchFolders
import Testing

@testable import Rendering

@Suite struct SavingTests {
  private func contents(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  @Test func theEncodedBytesAreWritten() throws {
    let scratch = try Scratch()
    let path = "\(scratch.path)/a.json"
    try FileFormats.save([1, 2], name: "x", to: path)
    #expect(try contents(path) == "[1, 2]\n")
  }

  @Test func aFailureKeepsTheOldFile() throws {
    let scratch = try Scratch()
    let path = try scratch.write("old", to: "keep.npy")
    #expect(throws: RenderingFault.self) { try FileFormats.save(["a": 1], name: "x", to: path) }
    #expect(try contents(path) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path) == ["keep.npy"])
  }
}
