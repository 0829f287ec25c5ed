import Fuzzing
import Results
import Testing

@testable import Rendering

private func ticks(_ values: [Double], atMost count: Int) throws -> [String] {
  try ChartScale(values).ticks(atMost: count).map(\.text)
}

@Test func ticksStandAtRoundNumbers() throws {
  #expect(try ticks([0, 1.05], atMost: 6) == ["0", "0.2", "0.4", "0.6", "0.8", "1.0"])
  #expect(try ticks([0, 1.05], atMost: 3) == ["0", "0.5", "1.0"])
  #expect(try ticks([-3.5, 12], atMost: 5) == ["0", "5", "10"])
  #expect(try ticks([0.1, 0.3], atMost: 3) == ["0.1", "0.2", "0.3"])
  #expect(try ticks([1e-9, 3e-9], atMost: 3) == ["1e-09", "2e-09", "3e-09"])
  #expect(try ticks([1_000_000.25, 1_000_001.25], atMost: 2) == ["1000000.5", "1000001.0"])
}

@Test func countsHaveWholeTicks() throws {
  #expect(try ticks([0, 2], atMost: 9) == ["0", "1", "2"])
  #expect(try ticks([7], atMost: 9) == ["6", "7", "8"])
  #expect(try ticks([0, 1440], atMost: 4) == ["0", "500", "1000"])
}

@Test func axesOfOneValueOrNoneHaveAnExtent() throws {
  #expect(try ticks([], atMost: 3) == ["0", "0.5", "1.0"])
  #expect(try ticks([0.25], atMost: 3) == ["0.2", "0.3"])
  #expect(try ticks([0], atMost: 3) == ["-1", "0", "1"])
  let bars = try ChartScale([3], includesZero: true)
  #expect(bars.lower == 0 && bars.upper == 3)
}

@Test func numbersAtTheEndsOfTheRangeHaveTicks() throws {
  let greatest = Double.greatestFiniteMagnitude
  for values in [
    [-greatest, greatest], [greatest], [5e-324], [0, 5e-324], [1e15, 1e15 + 0.125], [-1e-310, 1e300],
  ] {
    let scale = try ChartScale(values)
    #expect(scale.lower.isFinite && scale.upper.isFinite)
    for count in 1...12 {
      let ticks = try scale.ticks(atMost: count)
      #expect(!ticks.isEmpty && ticks.count <= max(count, 2))
      #expect(ticks.allSatisfy { (0...1).contains(scale.position($0.value)) })
    }
  }
}

/// In the axis, in order, evenly apart, as many as asked for.
@Test func ticksOfRandomAxes() throws {
  var generator = SeededGenerator(seed: 7)
  for _ in 0..<2000 {
    let size = Double.random(in: -12...12, using: &generator)
    let values = (0..<2).map { _ in Double.random(in: -1...1, using: &generator) * exponential(size) }
    let scale = try ChartScale(values)
    let ticks = try scale.ticks(atMost: 7)
    #expect(1...7 ~= ticks.count, "\(values)")
    let slack = (scale.upper - scale.lower) * 1e-8
    for (a, b) in zip(ticks, ticks.dropFirst()) {
      #expect(a.value < b.value && a.text != b.text, "\(values)")
    }
    #expect(
      ticks.allSatisfy { scale.lower - slack <= $0.value && $0.value <= scale.upper + slack }, "\(values)")
  }
}

private func exponential(_ power: Double) -> Double { Double("1e\(Int(power))") ?? 1 }

@Test func namesAreThinned() {
  let names = (0..<40).map { "w\($0)" }
  let scale = ChartScale(names: 40)
  #expect(scale.ticks(names: names) { $0.count <= 50 }.count == 40)
  #expect(
    scale.ticks(names: names) { $0.count <= 10 }.map(\.text) == [
      "w0", "w5", "w10", "w15", "w20", "w25", "w30", "w35",
    ])
  #expect(scale.ticks(names: names) { $0.count <= 1 }.map(\.text) == ["w0"])
  #expect(ChartScale(names: 0).ticks(names: []) { _ in true }.isEmpty)
}
