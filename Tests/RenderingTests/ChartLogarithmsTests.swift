import Fuzzing
import Results
import Testing

@testable import Rendering

private func ticks(_ values: [Double], atMost count: Int) throws -> [String] {
  try ChartScale(logarithmsOf: values).ticks(atMost: count).map(\.text)
}

@Suite struct ChartLogarithmsTests {
  @Test func ticksStandAtPowers() throws {
    #expect(try ticks([1, 143_000], atMost: 12) == ["1", "10", "100", "1k", "10k", "100k"])
    #expect(try ticks([0, 1, 143_000], atMost: 12) == ["0", "1", "10", "100", "1k", "10k", "100k"])
    #expect(try ticks([0, 1, 143_000], atMost: 5) == ["0", "1", "100", "10k"])
    #expect(try ticks([3, 450], atMost: 7) == ["5", "10", "20", "50", "100", "200"])
    #expect(try ticks([1e-5, 0.2], atMost: 8) == ["1e-5", "1e-4", "0.001", "0.01", "0.1"])
    #expect(try ticks([1e6, 1e13, 1e16], atMost: 12).suffix(5) == ["1T", "10T", "100T", "1e15", "1e16"])
    #expect(try ticks([512, 1000], atMost: 6) == ["600", "700", "800", "900", "1k"])
    // Within less than two of them: equal steps.
    #expect(try ticks([520, 540], atMost: 4) == ["520", "530", "540"])
  }

  @Test func equalFactorsAreEquallyFarApart() throws {
    let scale = try ChartScale(logarithmsOf: [1, 10, 10_000])
    #expect(abs(scale.position(100) - 0.5) < 1e-12 && scale.position(1) == 0 && scale.position(10_000) == 1)
    #expect(!scale.setsZeroApart)
  }

  @Test func zeroIsSetApart() throws {
    let scale = try ChartScale(logarithmsOf: [0, 1, 2, 143_000])
    #expect(scale.setsZeroApart && scale.position(0) == 0)
    #expect(scale.position(1) == 0.125 && scale.position(143_000) == 1)
    let alone = try ChartScale(logarithmsOf: [0])
    #expect(alone.position(0) == 0 && alone.position(10) == 1)
  }

  /// In order, in the axis, as many as asked for, whatever the numbers.
  @Test func ticksOfRandomAxes() throws {
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<2000 {
      var values = (0..<3).compactMap { _ in Double("1e\(Int.random(in: -300...300, using: &generator))") }
      if Bool.random(using: &generator) {
        values = values.map { _ in Double.random(in: 1...1000, using: &generator) }
      }
      if Bool.random(using: &generator) { values.append(0) }
      let scale = try ChartScale(logarithmsOf: values)
      for count in 1...12 {
        let ticks = try scale.ticks(atMost: count)
        #expect(!ticks.isEmpty && ticks.count <= max(count, 2), "\(values) \(count)")
        for (a, b) in zip(ticks, ticks.dropFirst()) {
          #expect(a.value < b.value && a.text != b.text, "\(values)")
          #expect(scale.position(a.value) < scale.position(b.value), "\(values)")
        }
      }
    }
  }

  private let curve = Chart(
    title: "t", kind: .line, xAxis: "step", yAxis: "y", logarithms: [.x],
    series: [
      .init(name: "", points: [-1, 0, 1, 2, 512, 1000, 143_000].map { .init(x: $0, y: $0 / 1e5) })
    ])

  @Test func drawingsSayWhatBecomesOfZeroAndLess() throws {
    let text = try ChartText(curve, RenderOptions()).lines(width: 80).map(\.plain).joined(separator: "\n")
    let svg = try ChartSVG(curve).drawing().text()
    for drawing in [text, svg] {
      #expect(drawing.contains("step (logarithmic, 0 set apart)"))
      #expect(drawing.contains("1 point not drawn: no finite number, or below 0, which has no logarithm"))
      #expect(drawing.contains("100k"))
    }
  }
}
