import Results
import Tensors
import Testing

@testable import Rendering

@Test(
  arguments: [
    (Value.null, ""), (true, "true"), (3, "3"), (-0.0, "0"), ("a \"b\"\n", "a \"b\""), ("", ""), ([], "[]"),
    ([:], "{}"), (.range(IntegerRange(2, upTo: 5)), "2..<5"), ([1, nil, "a"], "[1, null, a]"),
    (.object(Probe(summary: "bert (3 layers)", fields: [:])), "bert (3 layers)"), (["": 1], "  1"),
  ] as [(Value, String)])
func singleValues(value: Value, text: String) {
  #expect(table(value) == text)
}

@Test func nullPrintsNothingAndOthersEndWithANewline() {
  func render(_ value: Value) -> String {
    rendered {
      try TableRenderer().render(
        CommandResult(command: "x", line: 1, value: value, interventions: ["c"]), options: .init()
      ).ansi
    }
  }
  #expect(render(nil) == "")
  #expect(render(1) == "(under 1 intervention: c)\n1\n")
  #expect(render("a\n\nb") == "(under 1 intervention: c)\na\n\nb\n")
}

@Test func nullHasItsPlaceBetweenOthers() {
  #expect(table([1, nil, ["b": []]]) == "1\nnull\nb  []")
}

@Test func listsOfOneLengthStandSideBySide() {
  let value: Value = [
    "tokens": ["[CLS]", "作者", "e\u{301}t\u{e9}", "🙂", "[SEP]"],
    "influence": .tensor(Tensor(shape: [5], [0.5, -0.25, .nan, 12, -0.0])),
    "offsets": [[0, 0], [0, 2], [2, 5], [5, 6], [0, 0]],
    "qoi": 1.23456789, "target": nil, "shape": [2, 3], "gap": 1e-9,
  ]
  #expect(
    table(value) == """
         tokens  influence  offsets
      0  [CLS]        0.50  [0, 0]
      1  作者        -0.25  [0, 2]
      2  e\u{301}t\u{e9}        nan     [2, 5]
      3  🙂          12.00  [5, 6]
      4  [SEP]        0     [0, 0]

      qoi     1.2346
      target  null
      shape   [2, 3]
      gap     1e-09
      """)
}

@Test func listsOfRecordsHaveTheUnionOfTheKeys() {
  let value: Value = [
    "sentence": "a b", "position": 7,
    "predictions": [
      ["token": "is", "prob": 0.93], ["token": "are", "id": 2024], ["prob": 0.00012345, "at": ["row": 1]],
    ],
    "qoi": nil,
  ]
  #expect(
    table(value) == """
      sentence  a b
      position  7
      predictions
        token        prob    id  at.row
        is     0.93000
        are                2024
               0.00012345             1
      qoi       null
      """)
}

@Test func nestedRecordsIndentAndLikeOnesBecomeRows() {
  let value: Value = [
    "cases": ["short": ["rows": 10, "accuracy": 0.5], "long": ["rows": 2, "accuracy": 1]],
    "model": ["name": "bert", "sizes": ["layers": 3, "note": "two\nlines"]],
  ]
  #expect(
    table(value) == """
      cases
               rows  accuracy
        short    10       0.5
        long      2       1.0
      model
        name  bert
        sizes
          layers  3
          note
            two
            lines
      """)
}

@Test func longListsBecomeColumnsAndMatricesTables() {
  let words = (0..<20).map { "word\($0)" }
  let lines = table(.strings(words), width: 40, maxRows: 2)
  #expect(lines == "0  word0\n1  word1\n… 18 more rows")
  #expect(table([[1, 2.5], [-3, 4]]) == "    0    1\n0   1  2.5\n1  -3  4.0")
  #expect(table(["steps": [[1, 2], [3, 4]]]) == "steps\n     0  1\n  0  1  2\n  1  3  4")
  #expect(table([["a": 1], 2]) == "a  1\n2")
}

@Test func aListBesideNumbersIsNoMatrix() {
  #expect(table([1, [3, 1], [3, 1]]) == "0  1\n1  [3, 1]\n2  [3, 1]")
}

@Test func tablesAreCutAtRowsAndWidth() {
  let value = Value.table(
    Table(
      columns: ["node", "text", "accuracy"],
      rows: [["L0H1", "a rather long description", 0.91666], ["L0H2", "short", 1], ["L1H0", nil, nil]]))
  #expect(
    table(value) == """
      node  text                       accuracy
      L0H1  a rather long description   0.91666
      L0H2  short                       1.0000
      L1H0
      """)
  #expect(
    table(value, width: 30, maxRows: 1) == """
      node  text            accuracy
      L0H1  a rather long    0.91666
            description
      … 2 more rows
      """)
  #expect(
    table(value, width: 16, unicode: false) == """
      node  text
      L0H1  a rather
            long
            descrip...
      L0H2  short
      L1H0
      ... 1 more co...
      """)
  #expect(table(value, width: 3, maxRows: 0) == "no…\n… …\n… 3 more rows")
  #expect(table(.table(Table(columns: ["a", "b"]))) == "a  b\n(no rows)")
}

/// Rows of paths, as `patterns` shows them.
private let paths = Value.table(
  Table(
    columns: ["position", "token", "influence", "attention path", "through it"],
    rows: [
      [0, "[CLS]", 0.34457, "0 H11 5 skip*4 5 H8 7", 0.027056], [2, "author", 2.5297, "2 H7 7", 0.20363],
    ]))

@Test func textsWrapAtBlanksBeforeAnythingIsCut() {
  #expect(
    table(paths, width: 60) == """
      position  token   influence  attention path       through it
             0  [CLS]     0.34457  0 H11 5 skip*4 5 H8    0.027056
                                   7
             2  author    2.5297   2 H7 7                 0.20363
      """)
  // Numbers keep their digits; words of headers are cut before a column is left out.
  let narrow = table(paths, width: 40)
  #expect(
    narrow == """
      pos…  token   influe…  attent…   through
                             path           it
         0  [CLS]   0.34457  0 H11 5  0.027056
                             skip*4
                             5 H8 7
         2  author  2.5297   2 H7 7   0.20363
      """)
  for width in 60...90 { #expect(!table(paths, width: width).contains("…"), "\(width)") }
}

@Test func textsThatAreNotForReadingAreCutOnOneLine() {
  let data = String(repeating: "0.25 ", count: 50)
  let rows = Value.table(Table(columns: ["name", "steps"], rows: [["a", .string(data)]]))
  #expect(table(rows, width: 20) == "name  steps\na     0.25 0.25 0.2…")
  let long = wrapped(String(repeating: "ab ", count: 60), to: 4, ellipsis: "…")
  #expect(long.count == maxWrappedLines)
  #expect(long.last == "ab …")
}

@Test func quantitiesOfTheirOwnAreNotAligned() {
  let rows = Table(
    columns: ["what", "before"], rows: [["rows", 12], ["share", 0.25]], mixesQuantities: true)
  #expect(table(.table(rows)) == "what   before\nrows       12\nshare    0.25")
}

@Test(arguments: [Int.min, 0, 1, 2, 5, 9, 13, 21, 34, .max])
func noWidthBreaksTheLayout(width: Int) {
  let tokens = ["[CLS]", "作者", "🙂", "e\u{301}"]
  let value: Value = [
    "tokens": .strings(tokens), "ids": [1, 2, 3, 4], "many": ["a": ["b": ["c": ["d": .strings(tokens)]]]],
    "data": .tensor(Tensor(shape: [2, 40], repeating: -1.5)), "rows": [["a": 1], ["b": "x"]],
  ]
  let widest = table(value, width: width).split(separator: "\n").map { displayWidth(String($0)) }.max() ?? 0
  #expect(widest > 0)
  if width >= 21 { #expect(widest <= width) }
}

@Test func colourIsOnlyForEmphasis() {
  let value: Value = ["a": [1, 2], "b": [3, 4], "c": ["d": 1]]
  let colored = table(value, color: true)
  #expect(colored.hasPrefix("\u{1B}[1m   a  b\u{1B}[0m\n0  1  3\n"))
  let plain = colored.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "")
  #expect(plain == table(value))
}

@Test func cellsCannotControlTheTerminal() {
  #expect(table([["a\u{1B}": "x\ny\u{1B}[2J"]]) == "a\\u{1B}\n" + #"x\ny\u{1B}[2J"#)
}
