import Faults
import Testing

@testable import Measurement

/// Rows with counterfactuals.
@Suite struct PairTaskTests {
  @Test func prefixesOfJSONLinesAreAsWritten() throws {
    let task = try read(
      """
      {"clean_prefix": "The uncles behind", "patch_prefix": "The uncle behind", "clean_answer": " do", "patch_answer": " does", "case": "plural"}
      {"clean_prefix": "The cat ", "clean_answer": "52", "patch_answer": "7"}
      """, path: "t.json")
    #expect(task.kind == .prefixes && task.unit == .line)
    #expect(
      task.rows == [
        .init(
          line: 1, caseName: "plural",
          content: .prefix(text: "The uncles behind", correct: " do", wrong: " does", answers: .words),
          counterfactual: "The uncle behind"),
        .init(
          line: 2, caseName: "",
          content: .prefix(text: "The cat ", correct: "52", wrong: "7", answers: .words)),
      ])
    #expect(task.cases == ["plural"])
  }

  @Test func columnsWithoutANameArePassedOver() throws {
    let task = try read(
      ",clean,corrupted,other,correct,incorrect\n7,\"A, b\",\"A, c\",x, d, e\n", path: "t.csv")
    let content = MeasurementTask.Row.Content.prefix(
      text: "A, b", correct: " d", wrong: " e", answers: .words)
    #expect(task.rows == [.init(line: 2, caseName: "", content: content, counterfactual: "A, c")])
  }

  @Test func numbersOfEntriesAreSaidToBeSome() throws {
    let text =
      ",clean,corrupted,correct_idx,incorrect_idx\n0,a b,a c,47764,26757\n1,a b,a c,x,3\n2,a b,a c,4,4\n"
    let fault = #expect(throws: TaskFault.self) { try read(text, path: "t.csv") }
    #expect(fault?.code == "task-answers")
    #expect(fault?.message.contains("correct_idx and incorrect_idx") == true)
    #expect(fault?.remedy?.contains("answers=ids") == true)
    let task = try MeasurementTask(name: "t", bytes: Array(text.utf8), path: "t.csv", answers: .ids)
    #expect(
      task.rows.map(\.content) == [.prefix(text: "a b", correct: "47764", wrong: "26757", answers: .ids)])
    #expect(task.rows[0].counterfactual == "a c")
    #expect(
      task.badRows.map(\.message) == [
        "line 3: \"x\" is no number of an entry", "line 4: \"4\" is both the correct and the wrong word",
      ])
  }

  /// Ids may stand in the columns of words too.
  @Test func wordColumnsHoldIdsWhereThatIsSaid() throws {
    let text = "clean,corrupted,correct,incorrect\na,b,5,6\na,b,five,6\n"
    let task = try MeasurementTask(name: "t", bytes: Array(text.utf8), path: "t.csv", answers: .ids)
    #expect(task.rows.map(\.content) == [.prefix(text: "a", correct: "5", wrong: "6", answers: .ids)])
    #expect(task.badRows.count == 1)
  }

  @Test func labelsAreYearsThatTheRightOnesExceed() throws {
    let task = try read(
      "clean,corrupted,label\nfrom 1352 to 13,from 1301 to 13,52\na,b,7\na,b,99\na,b,1352\na,b,good\na,,07\n",
      path: "t.csv")
    #expect(task.kind == .greaterThan)
    #expect(
      task.rows == [
        .init(
          line: 2, caseName: "", content: .greaterThan(text: "from 1352 to 13", year: "52"),
          counterfactual: "from 1301 to 13"),
        .init(line: 3, caseName: "", content: .greaterThan(text: "a", year: "07"), counterfactual: "b"),
        .init(line: 7, caseName: "", content: .greaterThan(text: "a", year: "07")),
      ])
    #expect(task.badRows.map(\.line) == [4, 5, 6])
    #expect(task.badRows[0].message == "line 4: no two digits exceed the label 99")
  }

  @Test func maskedRowsHaveTheCounterfactualAsSixthColumn() throws {
    let task = try read("t\tS\ta [MASK] b\tis\tare\tc [MASK] b\nt\tP\ta [MASK] b\tis\tare\n")
    #expect(task.kind == .masked)
    #expect(task.rows.map(\.counterfactual) == ["c [MASK] b", nil])
    #expect(task.rows[0].content == task.rows[1].content)
    #expect(task.rows[0] != task.rows[1])
    let all = try read("t\tS\ta [MASK] b\tis\tare\tc [MASK] b\nt\tS\ta [MASK]\tis\tare\tc\n")
    #expect(all.rows.count == 1)
    #expect(all.badRows.map(\.message) == ["line 2: expected one [MASK] in the sentence, found 0"])
  }

  @Test func otherKindsHaveAColumnOfThatName() throws {
    let labels = try read("sentence\tlabel\tcounterfactual\ngood .\t1\tbad .\nfine .\t1\t\n")
    #expect(labels.kind == .labels)
    #expect(labels.rows.map(\.counterfactual) == ["bad .", nil])
    let masked = try read("sentence,correct,wrong,counterfactual\na,b,c,d\n", path: "t.csv")
    #expect(masked.kind == .masked && masked.rows[0].counterfactual == "d")
    let text = try read("{\"sentence\": \"a b\", \"counterfactual\": \"a c\"}", path: "t.jsonl", kind: .text)
    #expect(text.rows.map(\.counterfactual) == ["a c"])
  }

  /// Thousands of rows share one text: each has its own columns in it.
  @Test func counterfactualsAreThoseOfTheirRows() throws {
    let lines = (0..<3000).map { "t\tc\ts\($0) [MASK]\tis\tare" + ($0 % 3 == 0 ? "" : "\tx\($0) [MASK]") }
    let task = try read(lines.joined(separator: "\n"))
    #expect(task.rows.count == 3000)
    for (index, row) in task.rows.enumerated() {
      #expect(row.sentences == ["s\(index) [MASK]"])
      #expect(row.counterfactual == (index % 3 == 0 ? nil : "x\(index) [MASK]"))
    }
  }
}
