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
    ("t.tsv", "sentence\tlabel\na\t1\n", .labels),
    ("t.csv", "text,label\na,1\n", .labels),
    ("t", "idx,Sentence,Label\n0,a,1\n", .labels),
    ("t.csv", "a,1\n", .labels),
    ("t.tsv", "x\ty\ta\tb\n", .pairs),
    ("t.tsv", "sen\twrong_sen\na\tb\n", .pairs),
    ("t.csv", "id,text\n1,a\n", .text),
    ("t.json", "[\(pair)]", .pairs),
    ("t.json", #"{"text": "a", "label": 1}"#, .labels),
    ("t.jsonl", #"{"sentence": "[MASK]", "correct": "a", "wrong": "b"}"#, .masked),
    ("t", "[MASK] a\t1\n", .labels),
    ("t.tsv", "a ***mask*** b\tis\tare\n", .masked),
    ("t.csv", "a <mask> b,is,are\n", .masked),
    ("t.csv", "wrong;sentence;correct\nare;a [MASK], b;is\n", .masked),
    ("t.csv", "Sentence Good,Sentence-Bad\na,b\n", .pairs),
    ("t.csv", "grammatical,ungrammatical\na,b\n", .pairs),
    ("t.csv", "the cat sleeps,the cat sleep\nthe dogs sleep,the dogs sleeps\n", .pairs),
    ("t.tsv", "the cat sleeps\tthe cat sleep\n", .pairs),
    ("t.tsv", "the cat sleeps\tvery good\n", .labels),
    ("t.tsv", "the cat sleeps\tsleeps\n", .labels),
    ("t.json", #"[["the cat sleeps", "the cat sleep"], ["a b", "a c"]]"#, .pairs),
    ("t.json", #"[["the cat sleeps", 1], ["a b", 0]]"#, .labels),
    ("t.json", #"["the cat sleeps", "a b"]"#, .text),
    ("t.jsonl", "[\"the cat sleeps\", \"the cat sleep\"]\n[\"a b\", \"a c\"]\n", .pairs),
    ("t.jsonl", #"{"sentence_good": "a"}"# + "\n" + pair, .pairs),
  ])
  func nameAndContentTell(path: String, text: String, kind: MeasurementTask.Kind) throws {
    #expect(try read(text, path: path).kind == kind)
  }

  @Test func theFormatGivenWins() throws {
    #expect(try read("a\t1\n", kind: .text).rows[0].content == .text("a\t1"))
    #expect(try read(Self.pair, path: "t.txt", kind: .pairs).kind == .pairs)
  }

  /// The message shows what was seen, the remedy leads on.
  @Test(arguments: [
    ("t.tsv", "a\tb\tc\n", #""a", "b", "c""#), ("t", "a\tb\tc\n", #""a", "b", "c""#),
    ("t.csv", "id,phrase,mood\n1,a,b\n", #""id", "phrase", "mood""#),
    ("t.json", #"[{"phrase": "a", "mood": 1}]"#, #""phrase": "a", "mood": 1"#),
    ("t.jsonl", #"{"phrase": "a", "mood": [1]}"#, #""phrase": "a", "mood": a list of 1"#),
    ("t.json", #"[["a", "b", "c"]]"#, #""a", "b", "c""#),
    ("t.tsv", "\(String(repeating: "x", count: 30))\n", #""\#(String(repeating: "x", count: 24))...""#),
    ("t.csv", "a,b,c,d,e,f,g,h,i,j\n", #""a", "b", "c", "d", "e", "f", "g", "h" and 2 more"#),
  ])
  func unknownFormats(path: String, text: String, seen: String) {
    let fault = #expect(throws: TaskFault.self) { try read(text, path: path) }
    #expect(
      fault?.message == "\(path): neither name nor content tell what the rows are; the first is \(seen)")
    #expect(
      fault?.remedy
        == "name the columns in the first row: sentence, correct, wrong; sentence_good, sentence_bad; sentence, label; "
        + "clean, corrupted, correct, wrong; clean, corrupted, label; or sentence. Or give "
        + "format=masked|prefixes|greater_than|pairs|labels|text")
  }
}
