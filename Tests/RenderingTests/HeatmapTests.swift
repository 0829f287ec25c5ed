import Results
import Tensors
import Testing

@testable import Rendering

private func map(
  _ labels: [String], columns: [String]? = nil, title: String = "L3H5", _ values: [Float]
) -> Value {
  let columns = columns ?? labels
  return .figure(
    .heatmap(
      Heatmap(
        title: title, rowAxis: "query", columnAxis: "key", rowLabels: labels, columnLabels: columns,
        values: Tensor(shape: [labels.count, columns.count], values))))
}

private func svg(_ value: Value) throws -> String {
  let bytes = try #require(try SVGFormat().encode(value, name: "x"))
  return String(decoding: bytes, as: UTF8.self)
}

private let square: Value = map(["[CLS]", "作者"], [0.5, -1, 0.25, .nan])

@Test func withoutColourAMatrixOfNumbers() {
  #expect(
    table(square) == """
      L3H5
      query/key   [CLS]    作者
      [CLS]        0.50   -1.00
      作者         0.25  nan
      """)
  #expect(table(square, width: 20).hasSuffix("… 1 more column: 作…"))
}

@Test func fewerDigitsBeforeFewerColumns() {
  let third = map(["a", "b", "c"], Array(repeating: 1 / 3, count: 9))
  #expect(table(third, width: 80).contains("0.33333  0.33333  0.33333"))
  #expect(table(third, width: 32).contains("0.333  0.333  0.333"))
  #expect(table(third, width: 26).contains("0.33  0.33  0.33"))
}

@Test func wideCellsHoldNumbersOnTheirColour() {
  #expect(
    table(square, color: true) == """
      \u{1B}[1mL3H5\u{1B}[0m
      query/key  [CLS] 作者
      [CLS]     \u{1B}[48;5;210;38;5;16m  0.50\u{1B}[0m\u{1B}[48;5;18;38;5;231m -1.00\u{1B}[0m
      作者      \u{1B}[48;5;217;38;5;16m  0.25\u{1B}[0m\u{1B}[48;5;247;38;5;16m   nan\u{1B}[0m
      """ + "\n" + table(square, color: true).split(separator: "\n")[4])
}

@Test func narrowCellsStandUnderIndices() {
  let words = (0..<12).map { "w\($0)" }
  let value = map(words, (0..<144).map { Float($0) })
  let plain = stripEscapes(table(value, width: 40, color: true)).split(separator: "\n")
  #expect(
    plain[1] == "query/key 0 2 4 6 8 10" || plain[1] == "query/key 0   2   4   6   8   10", "\(plain[1])")
  #expect(plain[2] == " 0 w0     " + spaces(24))
  #expect(plain[13] == "11 w11    " + spaces(24))
  #expect(plain[14] == "0 \(spaces(16)) 143")
}

@Test func otherColumnLabelsHaveALegend() {
  let value = map(["a"], columns: ["one", "two", "three"], [1, 2, 3])
  let plain = stripEscapes(table(value, width: 15, color: true)).split(separator: "\n")
  #expect(plain[3...] == ["key:  0 one", "1 two  2 three", "1 \(spaces(16)) 3"])
}

@Test func columnsThatDoNotFitAreCounted() {
  let words = (0..<40).map { "w\($0)" }
  let text = stripEscapes(table(map(words, Array(repeating: 1, count: 1600)), width: 30, color: true))
  #expect(text.contains("\nquery/k… 0    5    10   15   20\n"))
  #expect(text.contains("\n… 19 more columns\n"))
}

@Test func emptyMapsSayTheirShape() {
  #expect(table(map([], [])) == "L3H5\nheat map (0, 0)")
  #expect(table(map(["a"], columns: [], title: "", []), color: true) == "heat map (1, 0)")
}

@Test(arguments: [1, 2, 8, 11, 25, .max])
func everyWidthShowsEveryRow(width: Int) {
  for color in [false, true] {
    let lines = table(square, width: width, color: color).split(separator: "\n")
    #expect(lines.count >= 4)
  }
}

@Test func scalesFollowTheSigns() throws {
  func scale(_ values: [Float]) throws -> ColorScale { try ColorScale(Tensor(shape: [values.count], values)) }
  let both = try scale([-1, 4, .nan, .infinity])
  #expect(both.isDiverging && both.lower == -4 && both.upper == 4)
  #expect(both.position(0) == 0.5 && both.position(.infinity) == 1 && both.position(.nan) == nil)
  #expect(both.color(0) == RGB(246, 246, 246))
  let positive = try scale([0.25, 0.75])
  #expect(!positive.isDiverging && positive.position(0.25) == 0 && positive.position(0.75) == 1)
  #expect(positive.color(0.25).isLight && !positive.color(0.75).isLight)
  let negative = try scale([-3, -1])
  #expect(!negative.color(-3).isLight && negative.color(-1).isLight)
  for constant in try [scale([]), scale([2, 2]), scale([.nan])] {
    #expect(constant.color(2).hex.count == 7)
  }
}

@Test func trueColourWhenTheTerminalHasIt() throws {
  let scale = try ColorScale(Tensor(shape: [2], [-1, 1]))
  #expect(scale.background(of: "x", -1, trueColor: true).ansi == "\u{1B}[48;2;148;50;10;38;5;231mx\u{1B}[0m")
  #expect(scale.background(of: "x", 0, trueColor: false).ansi == "\u{1B}[48;5;255;38;5;16mx\u{1B}[0m")
}

@Test func drawingsAreSelfContained() throws {
  let text = try svg(map(["<a>", "\u{1B}&\""], title: "a < b & \"c\"", [1, .nan, -1, 0]))
  #expect(text.hasPrefix("<svg xmlns=\"http://www.w3.org/2000/svg\" width="))
  #expect(text.hasSuffix("</svg>\n"))
  #expect(text.contains("<title>a &lt; b &amp; &quot;c&quot;</title>"))
  #expect(text.contains("<title>&lt;a&gt; (0), \\u{1B}&amp;&quot; (1): nan</title>"))
  #expect(text.components(of: "<rect x=") == 6, "four cells, the scale and what is missing")
  for outside in ["href", "<script", "<image", "@import", "\u{1B}"] { #expect(!text.contains(outside)) }
}

@Test func pagesHoldTheDrawing() throws {
  let value = map(["a"], title: "", [1])
  let page = String(decoding: try #require(try HTMLFormat().encode(value, name: "p")), as: UTF8.self)
  #expect(
    page.hasPrefix("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>p</title>"))
  #expect(page.contains(try svg(value)))
}

private func stripEscapes(_ text: String) -> String {
  text.replacing(/\u{1B}\[[0-9;]*m/, with: "")
}
