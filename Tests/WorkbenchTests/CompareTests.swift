import Testing

@testable import Language
@testable import Workbench

/// Results with nothing of their own to compare: their numbers, paired by what they belong to.
@Suite struct CompareTests {
  private func rows(_ script: String) throws -> [[String]] {
    try TestShell(format: "csv").run(script).split(separator: "\r\n")
      .map { $0.split(separator: ",").map(String.init) }
  }

  @Test func recordsArePairedByTheirNames() throws {
    let table = try rows(
      """
      let a = {position: 3, predictions: [{token: "is", id: 7, prob: 0.5}, {token: "was", id: 9, prob: 0.25}]}
      let b = {position: 4, predictions: [{token: "was", id: 9, prob: 0.75}, {token: "are", id: 1, prob: 0.1}]}
      compare a b
      """)
    #expect(
      table == [
        ["what", "before", "after", "difference"], ["predictions[was].prob", "0.25", "0.75", "0.5"],
      ])
  }

  /// Where a name occurs twice, or an element has none, the rank decides.
  @Test(arguments: ["[{token: \"a\", x: 1}, {token: \"a\", x: 2}]", "[{token: \"a\", x: 1}, {x: 2}]"])
  func othersArePairedByRank(list: String) throws {
    let table = try rows("compare \(list) [{token: \"b\", x: 5}, {token: \"c\", x: 5}]")
    #expect(table.dropFirst() == [["[0].x", "1", "5", "4"], ["[1].x", "2", "5", "3"]])
  }

  @Test func countsHaveNoDecimals() throws {
    let table = try TestShell().run("compare {rows: 12, share: 0.25} {rows: 14, share: 0.5}")
    #expect(
      table == """
        what   before  after  difference
        rows       12     14           2
        share    0.25    0.5        0.25

        """)
  }

  @Test func predictionsAreComparedWordByWord() throws {
    let table = try rows(
      """
      load "demo"
      let a = forward("the author that the guards like [MASK] young .", top=3)
      compare a forward("the authors that the guard likes [MASK] young .", top=3)
      """
    ).drop { $0.first != "what" }.dropFirst()
    #expect(!table.isEmpty)
    for row in table {
      #expect(row[0].hasPrefix("predictions[") && !row[0].hasSuffix(".id"), "\(row)")
      #expect(Int(row[0].dropFirst("predictions[".count).prefix { $0 != "]" }) == nil, "\(row)")
    }
  }

  @Test func nothingInCommonIsAFault() throws {
    #expect(try TestShell().failure("compare {x: 1} {y: 1}").contains("compare"))
  }
}
