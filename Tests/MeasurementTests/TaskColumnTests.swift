import Faults
import Testing

@testable import Measurement

/// Files as data sets have them.
@Suite struct TaskColumnTests {
  private func contents(_ task: MeasurementTask) -> [MeasurementTask.Row.Content] { task.rows.map(\.content) }

  /// Nangia et al. 2020; `metric.py` counts the pairs in which `sent_more` scores higher, for both directions.
  @Test func crowSPairs() throws {
    let task = try read(
      """
      ,sent_more,sent_less,stereo_antistereo,bias_type,annotations
      0,"The cat, it seems, sat.","The ""dog"" sat.",stereo,age,"[['a'], ['b']]"
      1,He ran.,"She
      ran.",antistereo,gender,[]
      """, path: "crows.csv", strict: true)
    #expect(
      task.rows == [
        .init(
          line: 2, caseName: "age",
          content: .pair(good: "The cat, it seems, sat.", bad: "The \"dog\" sat.", id: "")),
        .init(line: 3, caseName: "gender", content: .pair(good: "He ran.", bad: "She\nran.", id: "")),
      ])
  }

  /// Marvin and Linzen 2018, and MultiBLiMP.
  @Test func minimalPairsWithTabs() throws {
    let marvin = try read("obj_rel\tsing\tthe author laughs\tthe author laugh\n", strict: true)
    #expect(
      marvin.rows == [
        .init(
          line: 1, caseName: "sing",
          content: .pair(good: "the author laughs", bad: "the author laugh", id: ""))
      ])
    let multi = try read("sen\twrong_sen\tphenomenon\na b\ta c\tSV-#\n", strict: true)
    #expect(
      multi.rows == [.init(line: 2, caseName: "SV-#", content: .pair(good: "a b", bad: "a c", id: ""))])
    #expect(
      try contents(read("a b\ta c\n", kind: .pairs, strict: true)) == [.pair(good: "a b", bad: "a c", id: "")]
    )
  }

  @Test func listsOfObjects() throws {
    let task = try read(
      #"""
      [{"sentence_good": "a, [b]", "sentence_bad": "c\"]", "UID": "u", "pairID": 3},
       {"sentence_good": 1, "sentence_bad": "b"}, {"sentence_good": "d", "sentence_bad": "e", "UID": null}]
      """#, path: "t.json")
    #expect(
      task.rows == [
        .init(line: 1, caseName: "u", content: .pair(good: "a, [b]", bad: "c\"]", id: "3")),
        .init(line: 3, caseName: "", content: .pair(good: "d", bad: "e", id: "")),
      ])
    #expect(task.badRows.map(\.message) == ["element 2: sentence_good: expected a string, found 1"])
    let fault = #expect(throws: TaskFault.self) {
      try read(#"[{"text": "a", "label": 0}, {"text": "b"}]"#, path: "t.json", strict: true)
    }
    #expect(fault?.message == #"t.json: element 2: expected the key "label", found an object with key text"#)
  }

  /// Goldberg 2019; the token of RoBERTa.
  @Test(arguments: ["***mask***", "***MASK***", "<mask>", "[mask]", "[MASK]"])
  func hiddenWordsAreWrittenInSeveralWays(mask: String) throws {
    let right = MeasurementTask.Row.Content.masked(sentence: "é [MASK] b *", correct: "is", wrong: "are")
    for text in ["0\tVBZ\té \(mask) b *\tis\tare\n", "é \(mask) b *\tis\tare\n"] {
      #expect(try contents(read(text, strict: true)) == [right])
    }
    let named = try read(
      "wrong,counterfactual,sentence,correct\nare,c \(mask),é \(mask) b *,is\n", path: "t.csv", strict: true)
    #expect(contents(named) == [right] && named.rows[0].counterfactual == "c [MASK]")
    let bad = try read("t\tS\t[MASK]\ta\tb\nt\tS\t\(mask) and \(mask)\ta\tb\n")
    #expect(bad.badRows.map(\.message) == ["line 2: expected one [MASK] in the sentence, found 2"])
  }

  /// Of JSON, in a list or a line each.
  @Test func listsOfTexts() throws {
    let pair = MeasurementTask.Row.Content.pair(good: "the cat sleeps", bad: "the cat sleep", id: "")
    for text in [
      "[[\"the cat sleeps\", \"the cat sleep\"]]",
      " [\"the cat sleeps\", \"the cat sleep\"]\n\n[\"a b\", \"a c\"]",
    ] {
      #expect(try contents(read(text, path: "t.json", strict: true)).first == pair)
    }
    #expect(
      try read("[\"a b\", \"a c\"]\n[\"a\"]\n", path: "t.jsonl").badRows.map(\.message)
        == ["line 2: expected 4 columns, found 1"])
    #expect(
      try read("[[\"a b\", \"a c\"], [\"a\", null]]", path: "t.json").badRows.map(\.message)
        == ["element 2: [1]: expected a string, found null"])
    #expect(try contents(read("[\"a\", \"b\"]", path: "t.json")) == [.text("a"), .text("b")])
  }

  /// As spreadsheets write where numbers have commas.
  @Test func semicolonsSeparateWhereTheyNameColumns() throws {
    let task = try read("\u{FEFF}Sentence;Label\r\n\"a; b\";1\r\nc, d;0\r\n", path: "t.csv", strict: true)
    #expect(task.rows.flatMap(\.sentences) == ["a; b", "c, d"])
  }

  @Test(arguments: [
    ("[{\"text\": \"a\"}", "element 2: a list that is not closed"),
    ("[{\"text\": \"a\"}] x", "element 2: text behind the list"),
    ("[{\"text\": \"a\"},]", "element 2: column 1: expected a value, found the end of the text"),
  ])
  func brokenLists(text: String, message: String) {
    let messages = (try? read(text, path: "t.json").badRows.map(\.message)) ?? []
    let fault = text.hasSuffix("}") ? try? read(text, path: "t.json") : nil
    #expect(messages == [message] || fault == nil && messages.isEmpty, "\(messages)")
  }

  /// RFC 4180, section 2; a broken row is told by its line, and the next line is read.
  @Test(arguments: [
    ("a,1\r\n\"b,c\",0\r\n", ["a", "b,c"], []),
    ("\"a \"\"b\"\"\",1", ["a \"b\""], []),
    ("a,1\nb \"c\",0\nd,1\n", ["a", "d"], ["line 2: a quote in a column that does not begin with one"]),
    ("a,1\n\"b\" c,0\nd,1\n", ["a", "d"], ["line 2: text behind the quotes of a column"]),
    ("a,1\n\"b,0\nd,1\n", ["a", "d"], ["line 2: quotes that are not closed"]),
    (
      "a,1\n\"b,0\nc,1\nd,0\n\"e\",1\nf,0\n", ["a", "c", "d", "e", "f"],
      ["line 2: text behind the quotes of a column"]
    ),
    ("a,1\n\nb\n", ["a"], ["line 3: expected 2 columns, found 1"]),
    ("\"a\nb\",1\nc\n", ["a\nb"], ["line 3: expected 2 columns, found 1"]),
    (
      "text,label\n b ,1\nc,1,2\n", [" b "],
      ["line 3: expected the 2 columns that the first row names, found 3"]
    ),
  ])
  func commas(text: String, sentences: [String], faults: [String]) throws {
    let task = try read(text, path: "t.csv", kind: .labels)
    #expect(task.rows.flatMap(\.sentences) == sentences)
    #expect(task.badRows.map(\.message) == faults)
  }

  /// A row of names is none of the rows.
  @Test func namesAreNoRows() throws {
    let task = try read("sentence\tlabel\na\t1\nb\t0\n")
    #expect(task.rows.map(\.line) == [2, 3] && task.badRows.isEmpty)
    #expect(task.first(1).rows.map(\.line) == [2])
    let fault = #expect(throws: TaskFault.self) { try read("sentence\tlabel\n") }
    #expect(fault?.message == "t.tsv: no rows")
    #expect(try read("text\nlabel\n", path: "t.txt").rows.count == 2)
  }

  /// The labels of all rows are kept with those that were chosen.
  @Test func labelsOfTheWholeFile() throws {
    let task = try read("a\t1\nb\t0\n").first(1)
    #expect(task.labels == ["1", "0"] && task.renamed("x").labels == ["1", "0"])
  }
}
