import Foundation
import Testing

@testable import Language
@testable import Workbench

@Suite struct ProvenanceTests {
  @Test(arguments: ["demo", "a b", "", "q\"\\", "é=1", "tab\there"])
  func valuesReadBack(value: String) throws {
    let line = Provenance(fields: [("a", value), ("b", "x")]).line
    let read = try #require(Provenance(line: line))
    #expect(read["a"] == value && read["b"] == "x" && read.fields.count == 2)
  }

  @Test func otherCommentsAreNone() {
    #expect(Provenance(line: "# ipsh is a shell") == nil)
    #expect(Provenance(line: "print 1") == nil)
  }

  @Test func theHeaderSaysWhatRuns() throws {
    let header = try #require(Provenance(line: Provenance.header(seed: 7)))
    #expect(header["version"] == Release.version && header["seed"] == "7")
    #expect(header["date"]?.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ/) != nil)
    #expect(Provenance(line: Provenance.header(seed: nil))?["seed"] == nil)
  }
}
