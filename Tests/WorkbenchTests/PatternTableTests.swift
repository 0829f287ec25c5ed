import Testing

@testable import Language
@testable import Workbench

/// The table of `patterns`.
@Suite struct PatternTableTests {
  @Test func rowsSayWhichSentenceTheyBelongTo() throws {
    let shell = try TestShell()
    let table = try shell.run("load \"demo\"\npatterns sva_obj rows=3 points=3")
    let lines = table.split(separator: "\n").drop { !$0.hasPrefix("sentence  position") }.dropFirst()
    let count = try shell.run(
      "let p = patterns(sva_obj, rows=3, points=3)\nfor s in p.sentences { print len(s.words) }")
    let expected = count.split(separator: "\n").enumerated().flatMap { index, words in
      Array(repeating: String(index), count: Int(words) ?? 0)
    }
    #expect(lines.map { String($0.split(separator: " ")[0]) } == expected)
    #expect(Set(expected) == ["0", "1", "2"])
  }

  /// The path in the table and the choices in the record are the same.
  @Test func runsOfSkipConnectionsAreWrittenOnce() throws {
    let shell = try TestShell()
    try shell.run(
      "load \"demo\"\ntext \"the author that the guards like [MASK] young .\"\nqoi is - are\nlet p = patterns(points=3)"
    )
    let table = try shell.run("p").split(separator: "\n").drop { !$0.contains("attention path") }.dropFirst()
    for (index, row) in table.prefix(10).enumerated() {
      let choices = try shell.run("print p.words[\(index)].attention.nodes")
        .filter { !"[],\n".contains($0) }.split(separator: " ").map(String.init)
      let words = row.split(separator: " ").map(String.init)
      let read = words.flatMap { word -> [String] in
        if word == "skip" { return ["-1"] }
        if word.hasPrefix("skip*") { return Array(repeating: "-1", count: Int(word.dropFirst(5)) ?? 0) }
        return word.hasPrefix("H") ? [String(word.dropFirst())] : []
      }
      #expect(read == choices, "\(row)")
      #expect(!row.contains("skip \(words[0]) skip"), "\(row)")
    }
    #expect(table.contains { $0.contains("skip*") })
  }
}
