import Faults
import Testing

@testable import Measurement

@Suite struct FormatTests {
  private static let masked = "t\tS\t[MASK]\ta\tb\n"
  private static let pair = #"{"sentence_good":"a","sentence_bad":"b"}"#

  @Test(arguments: [
    ("t.tsv", masked, MeasurementTask.Kind.masked),
    ("t.TSV", "a\t1\n", .labels),
    ("t.tsv", "header\n" + "a\t1\nb\t0\n", .labels),
    ("t.tsv", "a\tb\tc\na\tb\tc\na\t1\n", .labels),
    ("t.tsv", "a\t1\n" + masked + masked, .masked),
    ("t.jsonl", pair, .pairs),
    ("t.txt", "a\nb\t1\n", .text),
    ("t.txt", "{a\n", .text),
    ("t.txt", "a\t1\nb\t0\nc\n", .labels),
    ("t", masked, .masked),
    ("t", "a\t1\n", .labels),
    ("t", pair, .pairs),
  ])
  func nameAndContentTell(path: String, text: String, kind: MeasurementTask.Kind) throws {
    #expect(try read(text, path: path).kind == kind)
  }

  @Test func theFormatGivenWins() throws {
    #expect(try read("a\t1\n", kind: .text).rows[0].content == .text("a\t1"))
    #expect(try read(Self.pair, path: "t.txt", kind: .pairs).kind == .pairs)
  }

  @Test(arguments: ["t.tsv", "t.csv", "t"]) func unknownFormats(path: String) {
    let fault = #expect(throws: TaskFault.self) { try read("a\tb\tc\n", path: path) }
    #expect(fault?.message == "\(path): neither name nor content tell what the rows are")
    #expect(fault?.remedy == "give format=masked|pairs|labels|text")
  }
}
