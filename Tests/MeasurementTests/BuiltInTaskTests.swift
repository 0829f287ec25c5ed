import Testing

@testable import Measurement

@Suite struct BuiltInTaskTests {
  @Test(arguments: BuiltInTasks.names) func everyTaskIsBalanced(name: String) throws {
    let task = try #require(try BuiltInTasks.task(named: name))
    #expect(task.name == name)
    #expect(task.rows.count == 200)
    #expect(task.badRows.isEmpty)
    let counts = Dictionary(grouping: task.rows, by: \.caseName).mapValues(\.count)
    #expect(Set(counts.values) == [200 / counts.count])
  }

  /// So that the first rows are as balanced as all: each group of as many rows as there are cases has each once.
  @Test(arguments: BuiltInTasks.names) func casesComeInTurn(name: String) throws {
    let task = try #require(try BuiltInTasks.task(named: name))
    let size = task.cases.count
    #expect(size > 1)
    for start in stride(from: 0, to: task.rows.count, by: size) {
      #expect(Set(task.rows[start..<start + size].map(\.caseName)).sorted() == task.cases)
    }
  }

  @Test func unknownNamesAreNoTasks() throws { #expect(try BuiltInTasks.task(named: "nothing") == nil) }
}
