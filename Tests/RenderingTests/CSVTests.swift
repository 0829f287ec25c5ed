import Results
import Tensors
import Testing

@testable import Rendering

private func lines(_ lines: String...) -> String { lines.map { $0 + "\r\n" }.joined() }

@Test func tablesAndListsOfRecordsHaveAHeader() {
  let rows = Table(columns: ["name", "x"], rows: [["a,b", 0.1], [nil, .number(.nan)]])
  #expect(csv(.table(rows)) == lines("name,x", "\"a,b\",0.1", ",nan"))
  let records: Value = [["a": 1, "n": ["x": 2, "y": [3, 4]]], ["b": true]]
  #expect(csv(records) == lines("a,n.x,n.y,b", "1,2,\"[3, 4]\",", ",,,true"))
  #expect(csv(.table(Table(columns: ["a", "b"]))) == lines("a,b"))
}

@Test func listsOfOneLengthAreColumns() {
  let value: Value = [
    "tokens": ["[CLS]", "作者"], "influence": .tensor(Tensor(shape: [2], [0.1, -.infinity])),
    "offsets": [[0, 0], [0, 2]], "qoi": 1.5,
  ]
  #expect(
    csv(value)
      == lines(
        "tokens,influence,offsets,qoi", "[CLS],0.1,\"[0, 0]\",1.5", "作者,-inf,\"[0, 2]\",1.5"))
}

@Test func otherRecordsAreKeysAndValues() {
  let value: Value = [
    "a": 1, "tokens": ["x", "y"], "n": ["b": "z", "e": [:]], "p": [["c": 2]], "l": [],
    "t": .tensor(Tensor(shape: [1, 2], [5, 6])),
  ]
  #expect(
    csv(value)
      == lines(
        "key,value", "a,1", "tokens.0,x", "tokens.1,y", "n.b,z", "n.e,{}", "p.0.c,2", "l,[]", "t.0.0,5",
        "t.0.1,6"))
  #expect(csv(["a": 1, "b": nil]) == lines("key,value", "a,1", "b,"))
  #expect(csv(["a": 1, "labels": ["x", "y"]]) == lines("key,value", "a,1", "labels.0,x", "labels.1,y"))
  #expect(csv(["labels": ["x", "y"]]) == lines("labels", "x", "y"))
}

@Test(
  arguments: [
    ([], [0.5], ["0.5"]), ([2], [1, .nan], ["1", "nan"]), ([2, 2], [1, 2, 3, 4], ["1,2", "3,4"]),
    ([0], [], []),
    ([2, 1, 2], [1, 2, 3, 4], ["d0,d1,d2,value", "0,0,0,1", "0,0,1,2", "1,0,0,3", "1,0,1,4"]),
  ] as [([Int], [Float], [String])])
func tensorsAreRows(shape: [Int], values: [Float], expected: [String]) {
  #expect(csv(.tensor(Tensor(shape: shape, values))) == expected.map { $0 + "\r\n" }.joined())
}

@Test func cellsAreQuotedAsRFC4180Says() {
  let cells: Value = ["plain", "a,b", "say \"hi\"", "line\nbreak", "cr\rlf\r\n", " pad", "", "作者", nil]
  let expected = [
    "plain", "\"a,b\"", "\"say \"\"hi\"\"\"", "\"line\nbreak\"", "\"cr\rlf\r\n\"", "\" pad\"", "\"\"", "作者",
    "\"\"",
  ]
  #expect(csv(cells) == expected.map { $0 + "\r\n" }.joined())
}

@Test func tabsAreEscapedInTSV() throws {
  let rows = Table(columns: ["a", "b"], rows: [["x\ty", "1\n2\r"], [#"\n"#, 3], ["\"q\"", nil]])
  #expect(try SeparatedText.tsv.string(.table(rows)) == "a\tb\nx\\ty\t1\\n2\\r\n\\\\n\t3\n\"q\"\t\n")
}

@Test func heatMapsCarryTheirLabels() {
  let map = Heatmap(
    title: "t", rowAxis: "query", columnAxis: "key", rowLabels: ["r", ","], columnLabels: ["c", "d"],
    values: Tensor(shape: [2, 2], [1, 2, 3, 4]))
  #expect(csv(.figure(.heatmap(map))) == lines("query/key,c,d", "r,1,2", "\",\",3,4"))
}

@Test func listsOfListsAreRows() {
  #expect(csv([[1, 2], [3, 4]]) == lines("1,2", "3,4"))
  #expect(csv(.range(IntegerRange(0, upTo: 2))) == lines(#""{""lower"": 0, ""upper"": 2}""#))
  #expect(csv(nil) == "")
  #expect(csv([]) == "")
}
