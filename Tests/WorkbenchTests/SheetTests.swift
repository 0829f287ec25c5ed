import Testing

@testable import Language
@testable import Workbench

/// The main results as CSV: one table each, that a spreadsheet reads.
@Suite struct SheetTests {
  private static let sentence = """
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    """

  /// The header and the number of rows of each table that `command` prints.
  private func sheets(_ command: String) throws -> [(header: String, rows: Int)] {
    let shell = try TestShell()
    try shell.run(Self.sentence)
    try shell.run("set format csv")
    let text = try shell.run(command).replacing("\r\n", with: "\n")
    return text.split(separator: "\n\n").map { table in
      let lines = table.split(separator: "\n")
      #expect(Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count <= 2)
      return (String(lines[0]), lines.count - 1)
    }
  }

  @Test(arguments: [
    ("forward top=3", "token,id,logit,prob,position,qoi,tokens", 3),
    (
      "measure sva_obj rows=8",
      "task,case,rows,accuracy,accuracy_low,accuracy_high,qoi_mean,qoi_low,qoi_high", 5
    ),
    (
      "measure sva_obj sva_subj rows=4",
      "task,case,rows,accuracy,accuracy_low,accuracy_high,qoi_mean,qoi_low,qoi_high", 10
    ),
    ("flow method=path", "position,token,score,path", 11),
    (
      "patterns points=5",
      "sentence,position,token,influence,embedding_path,embedding_influence,attention_path,attention_influence",
      10
    ),
    (
      "patterns sva_obj rows=2 points=3",
      "sentence,position,token,influence,embedding_path,embedding_influence,attention_path,attention_influence",
      20
    ),
    ("influence points=3", "tokens,influence,qoi,qoi_baseline,completeness_gap,points,baseline", 11),
  ]) func mainResultsAreOneTable(command: String, header: String, rows: Int) throws {
    let sheets = try sheets(command)
    #expect(sheets.map(\.header) == [header])
    #expect(sheets.map(\.rows) == [rows])
  }

  @Test func successiveTablesStandApart() throws {
    #expect(try sheets("forward top=2\nforward top=3\ntokenize").map(\.rows) == [2, 3, 11])
    let shell = try TestShell(format: "csv")
    #expect(try shell.run("1 + 1\n2 + 2") == "2\r\n4\r\n")
  }

  /// Tables of a changed network differ from those of the intact one.
  @Test(arguments: [
    "influence points=3", "measure sva_obj rows=3", "forward top=2", "flow", "patterns points=3",
  ])
  func interventionsAreAColumn(command: String) throws {
    let sheets = try sheets("with ablate(L3H1) { \(command) }")
    #expect(sheets[0].header.hasSuffix(",interventions") && sheets[0].rows > 0, "\(sheets)")
  }

  @Test func theComparisonWithTheIntactNetworkHasColumns() throws {
    let sheets = try sheets("with ablate(L3H1) { measure sva_obj rows=8 intact }")
    #expect(
      sheets[0].header.hasSuffix(",intact_accuracy,intact_qoi_mean,kl_mean,agreement,interventions"),
      "\(sheets)")
  }
}
