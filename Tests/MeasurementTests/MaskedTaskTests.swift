import Faults
import Testing

@testable import Measurement

@Suite struct MaskedTaskTests {
  @Test func rowsAreRead() throws {
    let task = try MaskedTask(
      name: "t", tsv: "t\tSP\ta [MASK] b .\tis\tare\r\n\nt\tPP\t[MASK]\tx\ty", path: "t.tsv")
    #expect(
      task.rows == [
        .init(caseName: "SP", sentence: "a [MASK] b .", correct: "is", wrong: "are"),
        .init(caseName: "PP", sentence: "[MASK]", correct: "x", wrong: "y"),
      ])
  }

  @Test(arguments: [
    ("t\tSP\ta [MASK]\tis", "t.tsv:1: expected 5 fields between tabs, found 4"),
    ("t\tS\t[MASK]\ta\tb\nt\tS\tno mask\ta\tb", "t.tsv:2: expected one [MASK] in the sentence, found 0"),
    ("t\tS\t[MASK] [MASK]\ta\tb", "t.tsv:1: expected one [MASK] in the sentence, found 2"),
    ("\n", "t.tsv: no rows"),
  ])
  func badRowsAreNamedByLine(text: String, message: String) {
    let fault = #expect(throws: TaskFault.self) { try MaskedTask(name: "t", tsv: text, path: "t.tsv") }
    #expect(fault?.message == message)
  }
}

@Suite struct BuiltInTaskTests {
  @Test(arguments: BuiltInTasks.names) func everyTaskIsBalanced(name: String) throws {
    let task = try #require(try BuiltInTasks.task(named: name))
    #expect(task.rows.count == 200)
    #expect(Dictionary(grouping: task.rows, by: \.caseName).values.allSatisfy { $0.count == 50 })
  }

  @Test func unknownNamesAreNoTasks() throws { #expect(try BuiltInTasks.task(named: "nothing") == nil) }
}
