import Faults
import Measurement

/// Task files of every format: rows and bad rows have lines of the file, in order, and causes that can be shown.
package struct TaskTarget: FuzzTarget {
  package init() {}

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    if generator.chance(15) { return generator.randomBytes(0...80) }
    let kind = generator.pick(MeasurementTask.Kind.allCases)
    let text = generator.joined(0...6, separator: generator.pick(["\n", "\n", "\r\n"])) { row(kind, &$0) }
    let bytes = Array((text + generator.pick(["\n", ""])).utf8)
    return generator.chance(3) ? bytes : generator.mutated(bytes)
  }

  private func row(_ kind: MeasurementTask.Kind, _ generator: inout SeededGenerator) -> String {
    let sentence = generator.pick([
      "the author laughs .", "é 日本", "", "a [MASK] b", "[MASK]", "x [MASK] [MASK]",
    ])
    let label = generator.pick(["0", "1", "positive", "-1", ""])
    switch kind {
    case .masked:
      return
        "t\t\(generator.pick(["SS", "SP", ""]))\t\(sentence)\tis\tare\(generator.pick(["", "\ta [MASK] c"]))"
    case .prefixes:
      return
        #"{"clean_prefix": "\#(sentence)", "patch_prefix": "\#(label)", "clean_answer": " a", "patch_answer": "\#(label)"}"#
    case .greaterThan:
      return
        #"{"clean": "\#(sentence)", "corrupted": "\#(label)", "label": \#(generator.pick(["7", "\"07\"", "99", "x"]))}"#
    case .labels: return "\(sentence)\t\(label)"
    case .text: return sentence
    case .pairs:
      return
        #"{"sentence_good": "\#(sentence)", "sentence_bad": "\#(label)", "UID": "u", "pairID": "\#(label)"}"#
    }
  }

  package func run(_ input: [UInt8]) throws -> String {
    let lines = input.count { $0 == UInt8(ascii: "\n") } + 1
    for kind in MeasurementTask.Kind.allCases {
      _ = try outcome {
        try check(MeasurementTask(name: "t", bytes: input, path: "t.txt", kind: kind), lines)
      }
    }
    let outcomes = try ["t.tsv", "t.jsonl", "t.txt", "t.csv", "t.json"].map { path in
      try outcome { try check(MeasurementTask(name: "t", bytes: input, path: path), lines) }
    }
    return outcomes.first { $0 == "accepted" } ?? outcomes[0]
  }

  private func check(_ task: MeasurementTask, _ lines: Int) throws {
    for numbers in [task.rows.map(\.line), task.badRows.map(\.line)] {
      try require(numbers == numbers.sorted() && Set(numbers).count == numbers.count, "lines \(numbers)")
      let last = task.unit == .line ? lines : Int.max
      try require(numbers.allSatisfy { (1...last).contains($0) }, "lines \(numbers) of \(lines)")
    }
    try require(Set(task.rows.map(\.line)).isDisjoint(with: task.badRows.map(\.line)), "a row that is bad")
    for bad in task.badRows { _ = try outcome { throw bad.cause } }
  }
}
