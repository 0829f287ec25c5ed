import Foundation
import Testing

@Suite struct MeasureTests {
  private struct Case: Decodable {
    let rows: Int
    let accuracy: Double
    let qoi_mean: Double
  }

  private struct Measured: Decodable {
    struct Intact: Decodable {
      let accuracy: Double
      let qoi_mean: Double
      let cases: [String: Case]
    }

    let task: String
    let rows: Int
    let skipped: Int
    let accuracy: Double
    let qoi_mean: Double
    let accuracy_interval: [Double]
    let qoi_interval: [Double]
    let cases: [String: Case]
    let intact: Intact?
    let kl_mean: Double?
    let qoi_difference: Double?
    let agreement: Double?
  }

  /// Within 2e-5 of the float64 reference.
  @Test func theMeanIsTheReferences() throws {
    let expected = try ScoreFixture.read().sva_obj
    let measured: Measured = try jsonResult("load \"demo\"\nmeasure sva_obj rows=\(expected.count)")
    #expect(measured.task == "sva_obj" && measured.rows == expected.count && measured.skipped == 0)
    #expect(abs(measured.qoi_mean - expected.mean) < 2e-5)
    let right = expected.filter { $0 > 0 }.count
    #expect(measured.accuracy == Double(right) / Double(expected.count))
    #expect(measured.qoi_interval[0] < expected.mean && expected.mean < measured.qoi_interval[1])
    #expect(measured.cases.values.map(\.rows).reduce(0, +) == expected.count)
    let weighted = measured.cases.values.map { Double($0.rows) * $0.qoi_mean }.reduce(0, +)
    #expect(abs(weighted / Double(expected.count) - measured.qoi_mean) < 1e-9)
  }

  /// Within 2e-5 of the float64 reference, which zeroes the head with a hook.
  @Test func ablationsAreMeasured() throws {
    let fixture = try ScoreFixture.read()
    let (expected, intact) = (try #require(fixture.without["L3H1"]), fixture.sva_obj)
    let measured: Measured = try jsonResult(
      "load \"demo\"\nablate L3H1\nmeasure sva_obj rows=\(expected.count) intact")
    #expect(abs(measured.qoi_mean - expected.mean) < 2e-5)
    #expect(abs(try #require(measured.intact).qoi_mean - intact.mean) < 2e-5)
    #expect(abs(try #require(measured.qoi_difference) - (expected.mean - intact.mean)) < 4e-5)
    #expect(try #require(measured.kl_mean) > 0.01)
    let agreeing = zip(expected, intact).filter { ($0 > 0) == ($1 > 0) }.count
    #expect(measured.agreement == Double(agreeing) / Double(expected.count))
  }

  @Test func nothingChangesWithoutInterventions() throws {
    let measured: Measured = try jsonResult("load \"demo\"\nmeasure sva_obj rows=8 intact")
    #expect(abs(try #require(measured.kl_mean)) < 1e-6)
    #expect(measured.qoi_difference == 0 && measured.agreement == 1)
  }

  @Test func badRowsAreCounted() throws {
    let shell = try TestShell()
    let path = shell.path("rows.tsv")
    let rows = [
      "t\tS\tparis [MASK] big .\tis\tare", "t\tS\tparis big .\tis\tare", "t\tP\tcats [MASK] big .\tare\tis",
    ]
    try rows.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    let measured: Measured = try jsonResult("load \"demo\"\nmeasure(task(\"\(path)\"))")
    #expect(measured.rows == 2 && measured.skipped == 1)
    #expect(Set(measured.cases.keys) == ["S", "P"])
  }

  @Test func severalTasksAreATable() throws {
    struct Table: Decodable {
      struct Row: Decodable {
        let task: String
        let rows: Int
        let accuracy: Double
        let cases: [String: Case]
      }
      let rows: [Row]
    }
    let table: Table = try jsonResult("load \"demo\"\nmeasure sva_obj sva_subj rows=4")
    #expect(table.rows.map(\.task) == ["sva_obj", "sva_subj"])
    let accuracy: Double = try jsonResult("load \"demo\"\naccuracy(sva_subj, rows=4)")
    #expect(table.rows[1].accuracy == accuracy)
    #expect(table.rows.map { Set($0.cases.keys) } == [["PP", "PS", "SP", "SS"], ["PP", "PS", "SP", "SS"]])
    let count: Double = try jsonResult(
      "load \"demo\"\nmeasure(sva_obj, sva_subj, rows=4)[1].cases.SP.rows")
    #expect(count == 1)
  }

  @Test func aTaskWithoutCasesHasNone() throws {
    let shell = try TestShell()
    let path = shell.path("rows.jsonl")
    let row = #"{"sentence_good": "paris is big .", "sentence_bad": "paris are big ."}"#
    try "\(row)\n\(row)\n".write(toFile: path, atomically: true, encoding: .utf8)
    let script = "load \"demo\"\nmeasure(task(\"\(path)\"), intact)"
    let measured: Measured = try jsonResult(script)
    #expect(measured.cases.isEmpty)
    let printed = try shell.run(script)
    #expect(printed.contains("accuracy") && !printed.contains("cases"))
  }

  @Test func comparisonsHaveARowForEachCase() throws {
    let printed = try TestShell(format: "csv").run(
      "load \"demo\"\ncompare measure(sva_obj, rows=80) measure(sva_subj, rows=80)")
    let lines = printed.split(separator: "\r\n").map { $0.split(separator: ",") }
    let table = lines.suffix(5)
    #expect(table.map { String($0[0]) } == ["all", "PP", "PS", "SP", "SS"])
    for row in table {
      let numbers = row.dropFirst().compactMap { Double($0) }
      #expect(abs(numbers[2] - numbers[1] - numbers[3]) < 1e-9)
      #expect(abs(numbers[5] - numbers[4] - numbers[6]) < 1e-9)
    }
  }

  @Test(arguments: [
    ("measure", "TASKS is missing"), ("measure 3", "`measure` expects a task, found number"),
    ("measure sva_obj within=l2r", "`within` does not apply"), ("accuracy(3)", "`accuracy` expects a task"),
  ])
  func refuses(command: String, message: String) throws {
    let failure = try TestShell().failure("load \"demo\"\n\(command)")
    #expect(failure.contains(message), "\(failure)")
  }
}
