import Faults
import Testing

@testable import Measurement

@Suite struct TaskFaultTests {
  /// The one good row first, so that the bad one is left out.
  @Test(arguments: [
    ("t\tS\t[MASK]\ta\tb\nt\tSP\ta [MASK]\tis", "expected 5 columns, found 4"),
    ("t\tS\t[MASK]\ta\tb\nt\tS\tno mask\ta\tb", "expected one [MASK] in the sentence, found 0"),
    ("t\tS\t[MASK]\ta\tb\nt\tS\t[MASK] [MASK]\ta\tb", "expected one [MASK] in the sentence, found 2"),
    ("t\tS\t[MASK]\ta\tb\nt\tS\t[MASK]\t \tb", "the correct word is empty"),
    ("t\tS\t[MASK]\ta\tb\nt\tS\t[MASK]\ta\t", "the wrong word is empty"),
    ("t\tS\t[MASK]\ta\tb\nt\tS\t[MASK]\ta\ta", "\"a\" is both the correct and the wrong word"),
    ("a\t1\n\t1", "the sentence is empty"),
    ("a\t1\nb\t ", "the label is empty"),
    ("a\t1\nb\u{0}\t1", "a NUL character within the line"),
    ("a\t1\nb\rc\t1", "a carriage return within the line"),
    ("a\t1\nb\t1\t2", "expected 2 columns, found 3"),
  ])
  func badRowsAreLeftOut(text: String, message: String) throws {
    let task = try read(text)
    #expect(task.rows.map(\.line) == [1])
    #expect(task.badRows.map(\.message) == ["line 2: \(message)"])
    let fault = #expect(throws: TaskFault.self) { try read(text, strict: true) }
    #expect(fault?.message == "t.tsv:2: \(message)")
  }

  @Test(arguments: [
    ("nothing", "column 1: expected a value, found 'n'"),
    (#"{"sentence_good":"a"}"#, #"expected the key "sentence_bad", found an object with key sentence_good"#),
    (#"{"sentence_good":"a","sentence_bad":null}"#, "sentence_bad: expected a string, found null"),
    (#"{"sentence_good":"a","sentence_bad":"b","UID":1}"#, "UID: expected a string, found 1"),
    (
      #"{"sentence_good":"a","sentence_bad":"b","pairID":1.5}"#,
      "pairID: expected a whole number from 0, found 1.5"
    ),
    (#"{"sentence_good":"","sentence_bad":"a"}"#, "the sentence_good is empty"),
    (#"{"sentence_good":"a","sentence_bad":"b"} x"#, "column 42: expected the end of the text, found 'x'"),
  ])
  func badPairs(line: String, message: String) throws {
    let good = #"{"sentence_good":"a","sentence_bad":"b"}"#
    let task = try read("\(good)\n\(line)\n\(good)\n", path: "t.jsonl")
    #expect(task.rows.map(\.line) == [1, 3])
    #expect(task.badRows.map(\.message) == ["line 2: \(message)"])
  }

  @Test func invalidUTF8NamesItsLine() throws {
    let bytes = Array("a\n".utf8) + [0xFF, 0x0A] + Array("c\n".utf8)
    let task = try MeasurementTask(name: "t", bytes: bytes, path: "t.txt")
    #expect(task.rows.map(\.line) == [1, 3])
    #expect(task.badRows.map(\.message) == ["line 2: not UTF-8 text"])
  }

  @Test func byteOrderMarksAreNoText() throws {
    let task = try MeasurementTask(name: "t", bytes: [0xEF, 0xBB, 0xBF, 0x61], path: "t.txt")
    #expect(task.rows == [.init(line: 1, caseName: "", content: .text("a"))])
    for bytes: [UInt8] in [[0xFF, 0xFE, 0x61, 0], [0xFE, 0xFF, 0, 0x61]] {
      let fault = #expect(throws: TaskFault.self) {
        try MeasurementTask(name: "t", bytes: bytes, path: "t.txt")
      }
      #expect(fault?.message == "t.txt: not UTF-8 text, it begins as UTF-16 does")
    }
  }

  @Test func giganticLinesAreLeftOut() throws {
    let limit = TaskFile.longestLine
    let task = try read(String(repeating: "a", count: limit + 1) + "\nb\n", path: "t.txt")
    #expect(task.rows.map(\.line) == [2])
    #expect(task.badRows.map(\.message) == ["line 1: \(limit + 1) bytes long, at most \(limit) are read"])
  }

  @Test(arguments: ["", "\n", "  \r\n\n", "\u{FEFF}"])
  func emptyFiles(text: String) {
    let fault = #expect(throws: TaskFault.self) { try read(text) }
    #expect(fault?.message == "t.tsv: no rows")
  }

  @Test func onlyBadRows() {
    let fault = #expect(throws: TaskFault.self) { try read("a\nb\n", kind: .labels) }
    #expect(
      fault?.message
        == "t.tsv: none of 2 rows can be used: line 1: expected 2 columns, found 1")
    #expect(
      fault?.remedy
        == "a row is a sentence and its label; other columns need names in the first row: sentence, label")
  }

  @Test func aWarningShowsTheFirstRows() throws {
    let task = try read("a\t1\nb\nc\nd\ne\n")
    #expect(
      task.badRows.summary() == (2...4).map { "line \($0): expected 2 columns, found 1" }
        + ["and 1 more"])
  }

  /// Whatever the bytes: every line that is not blank is a row or a bad row, or there is a fault.
  @Test func anyBytesAreRead() {
    var generator = SystemRandomNumberGenerator()
    let alphabet = Array("a 1\t\t\t\n\n\r{}\":,[MASK]".utf8) + [0, 0xFF, 0xC3, 0xA9, 0xEF]
    for _ in 0..<300 {
      // What begins with a list of objects has elements, not lines.
      let bytes = (0..<Int.random(in: 0..<80, using: &generator)).map { _ in
        alphabet.randomElement(using: &generator)!
      }
      for kind in MeasurementTask.Kind.allCases {
        guard let task = try? MeasurementTask(name: "t", bytes: bytes, path: "t", kind: kind),
          task.unit == .line
        else { continue }
        let lines = task.rows.map(\.line) + task.badRows.map(\.line)
        let filled = bytes.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated().filter {
          !$0.element.filter { $0 != 0x20 }.isEmpty
            && !($0.element.last == 0x0D && $0.element.dropLast().allSatisfy { $0 == 0x20 })
        }
        #expect(lines.sorted() == filled.map { $0.offset + 1 }, "\(bytes)")
      }
    }
  }
}
