import ExactText
import Results

/// The words' influences as horizontal bars on one scale, with its ticks.
struct PatternPlotBars {
  struct Bar {
    let kind: InfluenceKind
    let word: PatternPlot.Word
    let value: Double
    let box: Box
  }

  struct Tick: Equatable {
    let text: String
    let x: Double
  }

  static let tickFontSize = 11.0

  let area: Box
  let bars: [Bar]
  let ticks: [Tick]
  /// x of influence 0.
  let zero: Double

  init(_ plot: PatternPlot, rows: [PatternPlotLayout.Row], sizes: PatternPlotSizes, area: Box) {
    let kinds = plot.influenceKinds
    let scale = Scale(plot.words.flatMap { word in kinds.compactMap { $0.value(of: word) } }, area: area)
    let thickness = min(9, sizes.rowPitch * 0.74 / Double(max(kinds.count, 1)))
    self.area = area
    zero = scale.x(0)
    ticks = kinds.isEmpty ? [] : scale.ticks
    bars = rows.flatMap { row in
      kinds.enumerated().compactMap { index, kind in
        guard let value = kind.value(of: row.word), value.isFinite else { return nil }
        let top = row.y + (Double(index) - Double(kinds.count) / 2) * thickness
        let (left, right) = (min(scale.x(0), scale.x(value)), max(scale.x(0), scale.x(value)))
        let box = Box(x: left, y: top, width: right - left, height: thickness - 1)
        return Bar(kind: kind, word: row.word, value: value, box: box)
      }
    }
  }
}

/// From the least to the greatest value, 0 always among them.
private struct Scale {
  let lower: Double
  let upper: Double
  let area: Box

  init(_ values: [Double], area: Box) {
    let finite = values.filter(\.isFinite)
    lower = finite.reduce(0, min)
    upper = finite.reduce(0, max)
    self.area = area
  }

  /// Halved, since the difference of two finite numbers may be infinite.
  private var halfSpan: Double { upper / 2 - lower / 2 }

  func x(_ value: Double) -> Double {
    guard halfSpan > 0 else { return area.x }
    return area.x + (value / 2 - lower / 2) / halfSpan * area.width
  }

  /// The closest ticks at 1, 2 or 5 times a power of ten whose texts stand apart.
  var ticks: [PatternPlotBars.Tick] {
    guard halfSpan > 0 else { return [.init(text: "0", x: area.x)] }
    var power = 1.0
    while power > halfSpan / 100 { power /= 10 }
    while power < halfSpan / 1000 { power *= 10 }
    for _ in 0..<8 {
      for step in [power, 2 * power, 5 * power] {
        if let ticks = ticks(step: step) { return ticks }
      }
      power *= 10
    }
    return [.init(text: "0", x: x(0))]
  }

  private func ticks(step: Double) -> [PatternPlotBars.Tick]? {
    let (first, last) = ((lower / step).rounded(.up), (upper / step).rounded(.down))
    guard last - first <= 8 else { return nil }
    let ticks = stride(from: first, through: last, by: 1).map { index in
      PatternPlotBars.Tick(text: formatNumber(index * step, precision: 3), x: x(index * step))
    }
    let room = ticks.map { estimatedWidth($0.text, fontSize: PatternPlotBars.tickFontSize) + 10 }.max() ?? 0
    return zip(ticks, ticks.dropFirst()).allSatisfy { $1.x - $0.x >= room } ? ticks : nil
  }
}
