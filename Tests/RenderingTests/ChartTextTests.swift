import Results
import Testing

@testable import Rendering

private func text(_ chart: Chart, width: Int = 48, unicode: Bool = true, maxRows: Int? = nil) -> String {
  table(.figure(.chart(chart)), width: width, unicode: unicode, maxRows: maxRows)
}

@Test func linesEndWhereNumbersAreMissing() {
  #expect(text(Charts.lines) == """
GOLDEN lines
""")
}

@Test func withoutUnicodeChartsAreASCII() {
  #expect(text(Charts.lines, unicode: false) == """
GOLDEN lines ascii
""")
  for chart in [Charts.lines, Charts.one, Charts.empty] {
    #expect(text(chart, unicode: false).utf8.allSatisfy { $0 < 0x80 })
  }
}

@Test func labelsThatWouldCollideAreDropped() {
  #expect(text(Charts.points) == """
GOLDEN points
""")
}

@Test func barsHaveTheirNamesAndNumbers() {
  #expect(text(Charts.bars) == """
GOLDEN bars
""")
  #expect(text(Charts.bars, maxRows: 2).hasSuffix("… 3 more bars\n1 bar not drawn: no finite number"))
}

@Test func barsOfSeveralSeriesStandTogether() {
  let chart = Chart(
    title: "", kind: .bar, xAxis: "case", yAxis: "accuracy", categories: ["SS", "SP"],
    series: [Charts.series("intact", [(0, 1), (1, 0.5)]), Charts.series("ablated", [(1, 0.25)])])
  #expect(text(chart, unicode: false) == """
GOLDEN groups
""")
}

@Test func emptyChartsSayThatTheyAre() {
  #expect(text(Charts.empty) == "nothing\n(no points)")
  #expect(text(Charts.allMissing) == "missing\n(no points)\n2 points not drawn: no finite number")
}

@Test func onePointHasAFrame() {
  #expect(text(Charts.one, width: 30) == """
GOLDEN one
""")
}

@Test(arguments: [1, 2, 5, 8, 13, 20, 40, 80, .max])
func chartsKeepToTheirWidth(width: Int) {
  for chart in Charts.every {
    for unicode in [false, true] {
      let lines = text(chart, width: width, unicode: unicode).split(separator: "\n")
      // Numbers of bars are never cut.
      let least = chart.kind == .bar ? 30 : 3
      #expect(lines.allSatisfy { displayWidth(String($0)) <= max(width, least) }, "\(chart.title) \(width)")
    }
  }
}

@Test func hostileNamesStayOnTheirLines() {
  let names = ["a\nb", "\u{1B}[31mred", "\u{200D}", "e\u{301}", "👩‍👩‍👧"]
  for kind in Chart.Kind.allCases {
    let chart = Chart(
      title: "t\n\u{1B}", subtitle: "s\r", kind: kind, xAxis: "x\n", yAxis: "y\u{7}", categories: names,
      series: [
        .init(
          name: "n\n",
          points: names.indices.map { .init(x: Double($0), y: Double($0), label: names[$0]) }),
        Charts.series("\u{1B}c", [(0, 1)]),
      ])
    let shown = text(chart, width: 60)
    #expect(!shown.contains("\u{1B}") && !shown.contains("\r") && !shown.contains("\u{7}"))
    #expect(shown.contains("a\\nb") && shown.contains("t\\n"))
  }
}

@Test func chartsAsData() {
  #expect(
    csv(.figure(.chart(Charts.lines)))
      == "series,x,y\r\nSS,0,1\r\nSS,4,0.75\r\nSS,8,0.7\r\nSP,0,0.5\r\nSP,4,nan\r\nSP,8,0.2\r\n")
  #expect(csv(.figure(.chart(Charts.points))).hasPrefix("x,y,label\r\n0,0,L0H0\r\n2,2.5,L1H1\r\n"))
  #expect(csv(.figure(.chart(Charts.bars))).hasPrefix("x,y\r\nthe,1.5\r\n作者,-0.75\r\nthe,nan\r\n"))
  #expect(
    json(.figure(.chart(Charts.one)))
      == #"{"title": "", "subtitle": "", "kind": "scatter", "x_axis": "x", "y_axis": "y", "diagonal": false, "points": [{"x": 3, "y": 0.25}]}"#
  )
  #expect(table(.list([.figure(.chart(Charts.one)), 1])).contains("0.25"))
}
