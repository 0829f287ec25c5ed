import Testing

@testable import Measurement

@Suite struct BuiltInTaskTests {
  @Test(arguments: BuiltInTasks.names) func everyTaskIsBalanced(name: String) throws {
    let task = try #require(try BuiltInTasks.task(named: name))
    #expect(task.name == name)
    let expected = ["ioi": 300, "greater_than": 306][name] ?? 200
    #expect(task.rows.count == expected)
    #expect(task.badRows.isEmpty)
    let counts = Dictionary(grouping: task.rows, by: \.caseName).mapValues(\.count)
    #expect(Set(counts.values) == [expected / counts.count])
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

  @Test(arguments: BuiltInTasks.names.filter { $0 != "sst2" }) func everyRowHasACounterfactual(name: String)
    throws
  {
    let task = try #require(try BuiltInTasks.task(named: name))
    #expect(task.keepsRowsWithoutFit == (task.name.hasPrefix("sva") || task.name.hasPrefix("reflexive")))
    for row in task.rows {
      let (words, others) = (
        row.sentences[0].split(separator: " "), row.counterfactual?.split(separator: " ")
      )
      #expect(words.count == others?.count)
      let differing = zip(words, others ?? []).count { $0 != $1 }
      #expect(differing == (name == "sva_subj" ? 2 : 1), "\(row.sentences[0])")
    }
  }

  @Test func unknownNamesAreNoTasks() throws { #expect(try BuiltInTasks.task(named: "nothing") == nil) }
}
