import Foundation
import Results
import Testing

@testable import Rendering

#if canImport(FoundationXML)
  import FoundationXML
#endif

private func svg(_ chart: Chart) throws -> String { try ChartSVG(chart).drawing().text() }

@Test func theChartHasAnElementForEachThing() throws {
  let lines = try svg(Charts.lines)
  #expect(lines.components(of: "<g class=\"point\">") == 5)
  // The gap leaves two single points, which no line joins.
  #expect(lines.components(of: "<polyline") == 1)
  #expect(lines.components(of: "class=\"legend\"") == 2)
  #expect(lines.contains("1 point not drawn: no finite number"))
  #expect(lines.contains("<title>SS: heads 4, accuracy 0.75</title>"))
  let bars = try svg(Charts.bars)
  #expect(bars.components(of: "class=\"bar\"") == 4)
  #expect(bars.contains("<title>word 作者, influence -0.75</title>"))
  #expect(bars.contains(">nan</text>"))
}

@Test func ofCollidingLabelsTheFirstStays() throws {
  let text = try svg(Charts.points)
  func isWritten(_ label: String) -> Bool { text.contains("text-anchor=\"middle\">\(label)</text>") }
  #expect(isWritten("L0H0") && isWritten("L1H1") && isWritten("作&lt;者&gt;") && !isWritten("hidden"))
  #expect(text.contains("<title>hidden: effect 1, score 1</title>"))
  #expect(text.contains("score = effect"))
  let crowd = Chart(
    title: "", kind: .scatter, xAxis: "x", yAxis: "y",
    series: [
      .init(
        name: "", points: (0..<500).map { .init(x: Double($0 % 10), y: Double($0), label: "label \($0)") })
    ])
  let boxes = try labelBoxes(svg(crowd))
  #expect((20...60).contains(boxes.count))
  for (index, box) in boxes.enumerated() {
    for other in boxes[..<index] { #expect(!box.intersects(other)) }
  }
}

/// Where labels stand, from their anchors and estimated widths.
private func labelBoxes(_ svg: String) -> [Box] {
  svg.matches(of: /<text x="([0-9.]+)" y="([0-9.]+)" font-size="11" class="label"[^>]*>([^<]*)</).compactMap {
    match in
    guard let x = Double(match.1), let y = Double(match.2) else { return nil }
    let width = estimatedWidth(String(match.3), fontSize: 11)
    return Box(x: x - width / 2, y: y - 9, width: width, height: 10)
  }
}

@Test(arguments: Charts.every.indices) func chartsAreWellFormed(index: Int) throws {
  let chart = Charts.every[index]
  let text = try svg(chart)
  let parser = XMLParser(data: Data(text.utf8))
  #expect(parser.parse(), "\(parser.parserError.debugDescription)")
  for outside in ["href", "<script", "<image", "@import", "\u{1B}"] { #expect(!text.contains(outside)) }
  for number in ["nan\"", "inf\"", "=\"-inf"] { #expect(!text.contains(number)) }
  #expect(try svg(chart) == text)
}

@Test func hostileTextsAreEscaped() throws {
  let hostile = "</text><script>alert(1)</script>\u{1B}\u{0}\"'&]]>"
  for kind in Chart.Kind.allCases {
    let chart = Chart(
      title: hostile, subtitle: hostile, kind: kind, xAxis: hostile, yAxis: hostile, categories: [hostile],
      series: [
        .init(name: hostile, points: [.init(x: 0, y: 1, label: hostile)]), Charts.series(hostile, []),
      ],
      showsDiagonal: true)
    let text = try svg(chart)
    #expect(!text.contains("<script") && !text.contains("\u{1B}") && !text.contains("\u{0}"))
    #expect(XMLParser(data: Data(text.utf8)).parse())
    let page = try #require(try HTMLFormat().encode(.figure(.chart(chart)), name: "x"))
    #expect(!String(decoding: page, as: UTF8.self).contains("<script"))
  }
}

/// All texts of slanted and level names lie within the drawing.
@Test func longNamesAreNotClipped() throws {
  for count in [1, 3, 12, 40, 400] {
    let names = (0..<count).map { "a rather long name \($0)" }
    for kind in Chart.Kind.allCases {
      let chart = Chart(
        title: "names", kind: kind, xAxis: "x", yAxis: "y", categories: names,
        series: [Charts.series("", names.indices.map { (Double($0), Double($0 % 7) - 3) })])
      let text = try svg(chart)
      let width = try #require(text.firstMatch(of: /width="([0-9.]+)"/).flatMap { Double($0.1) })
      for match in text.matches(of: /translate\(([0-9.]+) [0-9.]+\) rotate\(45\)[^>]*>([^<]*)</) {
        let x = try #require(Double(match.1))
        #expect(x + 0.7072 * estimatedWidth(String(match.2), fontSize: 12) <= width)
      }
    }
  }
}
