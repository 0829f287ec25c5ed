import Results
import Testing

@testable import Rendering

private func text(_ chart: Chart, width: Int = 48, unicode: Bool = true, maxRows: Int? = nil) -> String {
  table(.figure(.chart(chart)), width: width, unicode: unicode, maxRows: maxRows)
}

@Test func linesEndWhereNumbersAreMissing() {
  #expect(
    text(Charts.lines)
      == """
      accuracy against heads
      ● SS   ■ SP
      accuracy
      1.0 ┤●⠒⠢⠤⣀⡀
          │     ⠈⠑⠒⠤⢄⣀
          │           ⠉⠑⠒⠤⢄⡀
      0.8 ┤                ⠈⠉⠒⠢⠤●⣀⣀⣀
          │                         ⠉⠉⠉⠉⠉⠉⠉⠒⠒⠒⠒⠒⠒⠒⠤⠤⠤●
          │
      0.6 ┤
          │■
      0.4 ┤
          │
          │
      0.2 ┤                                          ■
          └┬─────────┬──────────┬──────────┬─────────┬
           0         2          4          6         8
                              heads
      1 point not drawn: no finite number
      """)
}

@Test func withoutUnicodeChartsAreASCII() {
  #expect(
    text(Charts.lines, unicode: false)
      == """
      accuracy against heads
      * SS   # SP
      accuracy
      1.0 +*...
          |    .......
          |           .......
      0.8 +                  ...*..........
          |                                ..........*
          |
      0.6 +
          |#
      0.4 +
          |
          |
      0.2 +                                          #
          ++----------+---------+----------+---------+
           0          2         4          6         8
                              heads
      1 point not drawn: no finite number
      """)
  for chart in [Charts.lines, Charts.one, Charts.empty] {
    #expect(text(chart, unicode: false).utf8.allSatisfy { $0 < 0x80 })
  }
}

@Test func labelsThatWouldCollideAreDropped() {
  #expect(
    text(Charts.points)
      == """
      scores
      ⠂⠂ score = effect
      score
        │                                        L1H1●
        │
      2 ┤                                           ⠠
        │                                        ⠠ ⠁
        │                                     ⠠ ⠁
        │                                  ⠠ ⠁
        │                               ⠠ ⠁
      1 ┤●作<者>                     ⠠●⠁
        │                        ⡀⠐ ⠁
        │                     ⡀⠐
        │                  ⡀⠐
      0 ┤               ●L0H0
        └┬──────┬───────┬──────┬──────┬───────┬──────┬
       -1.0   -0.5      0     0.5    1.0     1.5   2.0
                            effect
      1 point not drawn: no finite number
      """)
}

@Test func barsHaveTheirNamesAndNumbers() {
  #expect(
    text(Charts.bars)
      == """
      influence
      one sentence
      word            influence
      the               1.50         │████████████████
      作者             -0.75 ████████│
      the             nan            │
      <b>\\u{1B}[1m&"    0.25         │██▋
      .                 0            │
      1 bar not drawn: no finite number
      """)
  #expect(text(Charts.bars, maxRows: 2).hasSuffix("… 3 more bars\n1 bar not drawn: no finite number"))
}

@Test func barsOfSeveralSeriesStandTogether() {
  let chart = Chart(
    title: "", kind: .bar, xAxis: "case", yAxis: "accuracy", categories: ["SS", "SP"],
    series: [Charts.series("intact", [(0, 1), (1, 0.5)]), Charts.series("ablated", [(1, 0.25)])])
  #expect(
    text(chart, unicode: false)
      == """
      case           accuracy
      SS    intact   1.00 |###########################
      SP    intact   0.50 |##############
            ablated  0.25 |#######
      """)
}

@Test func emptyChartsSayThatTheyAre() {
  #expect(text(Charts.empty) == "nothing\n(no points)")
  #expect(text(Charts.allMissing) == "missing\n(no points)\n2 points not drawn: no finite number")
}

@Test func onePointHasAFrame() {
  #expect(
    text(Charts.one, width: 30)
      == """
      y
          │
          │
      0.3 ┤
          │            ●
      0.2 ┤
          │
          │
          └┬───────────┬───────────┬
           2           3           4
                       x
      """)
}

@Test(arguments: [1, 2, 5, 8, 13, 20, 40, 80, .max])
func chartsKeepToTheirWidth(width: Int) {
  for chart in Charts.every {
    for unicode in [false, true] {
      let lines = text(chart, width: width, unicode: unicode).split(separator: "\n")
      // Numbers of bars are never cut.
      let least = chart.kind == .bar ? 30 : 4
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
      == #"{"title": "", "subtitle": "", "kind": "scatter", "x_axis": "x", "y_axis": "y", "x_scale": "linear", "y_scale": "linear", "diagonal": false, "points": [{"x": 3, "y": 0.25}]}"#
  )
  #expect(table(.list([.figure(.chart(Charts.one)), 1])).contains("0.25"))
}
