import Faults
import Testing

@testable import Measurement

/// A file's text as a task.
func read(
  _ text: String, path: String = "t.tsv", kind: MeasurementTask.Kind? = nil, strict: Bool = false
) throws -> MeasurementTask {
  try MeasurementTask(name: "t", bytes: Array(text.utf8), path: path, kind: kind, strict: strict)
}

@Suite struct TaskReadingTests {
  @Test func maskedRows() throws {
    let task = try read("t\tSP\ta [MASK] b .\tis\tare\r\n\nt\tPP\t[MASK]\tx\ty")
    #expect(task.kind == .masked)
    #expect(
      task.rows == [
        .init(
          line: 1, caseName: "SP", content: .masked(sentence: "a [MASK] b .", correct: "is", wrong: "are")),
        .init(line: 3, caseName: "PP", content: .masked(sentence: "[MASK]", correct: "x", wrong: "y")),
      ])
  }

  @Test func minimalPairs() throws {
    let task = try read(
      """
      {"sentence_good":"A sings.","sentence_bad":"A sing.","UID":"agreement","pairID":"0","extra":[1]}
      {"sentence_good":"caf\\u00e9","sentence_bad":"tea","pairID":7}
      """, path: "t.jsonl")
    #expect(task.kind == .pairs)
    #expect(
      task.rows == [
        .init(
          line: 1, caseName: "agreement", content: .pair(good: "A sings.", bad: "A sing.", id: "0")),
        .init(line: 2, caseName: "", content: .pair(good: "café", bad: "tea", id: "7")),
      ])
    #expect(task.cases == ["agreement"])
  }

  @Test func labelledRows() throws {
    let task = try read("good film\t1\nbad film\tnegative\n")
    #expect(task.kind == .labels)
    #expect(
      task.rows == [
        .init(line: 1, caseName: "1", content: .labelled(sentence: "good film", label: "1")),
        .init(line: 2, caseName: "negative", content: .labelled(sentence: "bad film", label: "negative")),
      ])
  }

  @Test func plainText() throws {
    let task = try read("one .\n   \ntwo\n", path: "t.txt")
    #expect(task.kind == .text)
    #expect(
      task.rows == [
        .init(line: 1, caseName: "", content: .text("one .")),
        .init(line: 3, caseName: "", content: .text("two")),
      ])
    #expect(task.cases.isEmpty)
  }

  @Test func choosingRows() throws {
    let task = try read("a\t1\nb\t0\nc\t1\n")
    #expect(task.first(2).rows.map(\.line) == [1, 2])
    #expect(task.first(9).rows.count == 3)
    #expect(try task.rows(ofCase: "1").rows.map(\.line) == [1, 3])
    let fault = #expect(throws: TaskFault.self) { try task.rows(ofCase: "2") }
    #expect(fault?.message == "t has no case \"2\"")
  }

  /// The composed and the decomposed form of an accented letter are two cases, two labels and two columns.
  @Test func canonicallyEquivalentNamesAreTwo() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    let task = try read("t\t\(composed)\t[MASK] a\tis\tare\nt\t\(decomposed)\t[MASK] b\tis\tare\n")
    #expect(task.cases.map(\.unicodeScalars.count) == [2, 1])
    #expect(try task.rows(ofCase: decomposed).rows.map(\.line) == [2])
    #expect(try read("a\t\(composed)\nb\t\(decomposed)\n").labels.count == 2)
    // Words that differ so are not the same word.
    #expect(try read("t\tc\t[MASK] a\t\(composed)\t\(decomposed)\n").rows.count == 1)
    // A mark behind a tab belongs to the next column, and does not hide the tab.
    #expect(try read("t\tc\t[MASK] a\tis\t\u{301}are\n").rows.count == 1)
  }
}
