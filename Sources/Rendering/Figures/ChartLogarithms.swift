import ExactText
import Faults
import RealModule
import Results

/// An axis of logarithms: equal factors are equally far apart. 0, which has none, stands at the left end, as far before the
/// least other number as decades are apart, at most an eighth of the axis.
struct ChartLogarithms {
  /// Decimal logarithms of the least and the greatest number above 0.
  private let least: Double
  private let greatest: Double
  let hasZero: Bool

  /// - Parameter values: none below 0, all finite; without any above 0 the axis goes from 1 to 10.
  /// - Throws: ``Interrupted``.
  init(_ values: [Double]) throws {
    var (least, greatest, hasZero) = (Double.infinity, 0.0, false)
    var steps = Steps()
    for value in values {
      try steps.next()
      if value == 0 { hasZero = true } else { (least, greatest) = (min(least, value), max(greatest, value)) }
    }
    self.hasZero = hasZero
    switch (Double.log10(least), Double.log10(greatest)) {
    case (.infinity, _): (self.least, self.greatest) = (0, 1)
    case let (x, y) where x == y: (self.least, self.greatest) = (x - 0.5, x + 0.5)
    case let (x, y): (self.least, self.greatest) = (x, y)
    }
  }

  /// The part of the axis that lies before the least number above 0.
  private var zeroShare: Double { hasZero ? min(1 / (greatest - least + 1), 0.125) : 0 }

  /// 0 at the left end, 1 at the right one.
  func position(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    let place = (Double.log10(value) - least) / (greatest - least)
    return zeroShare + (1 - zeroShare) * min(max(place, 0), 1)
  }

  /// The closest of: all multiples of powers of ten, 1, 2 and 5 times a power, every power, every 2nd, 5th, 10th, ... that are
  /// not more than `count`; with 0 where it is set apart. nil where these are less than two of numbers within a decade, of which
  /// ticks in equal steps tell more.
  func ticks(atMost count: Int) -> [ChartScale.Tick]? {
    let room = max(count - (hasZero ? 1 : 0), 1)
    let (first, last) = (Int(least.rounded(.down)), Int(greatest.rounded(.up)))
    var choices = [Array(1...9), [1, 2, 5]].map { (factors: $0, distance: 1) }
    for power in [1, 10, 100] { choices += [1, 2, 5].map { ([1], $0 * power) } }
    let zero = hasZero ? [ChartScale.Tick(value: 0, text: "0")] : []
    var closer: [ChartScale.Tick] = []
    for (factors, distance) in choices {
      let ticks = (first...last).filter { $0.isMultiple(of: distance) }.flatMap { exponent in
        factors.compactMap { Self.tick($0, exponent) }
      }.filter { within($0.value) }
      if ticks.count <= room, zero.count + ticks.count >= 2, !ticks.isEmpty { return zero + ticks }
      if ticks.count < 2 { break }
      closer = ticks
    }
    return greatest - least < 1 ? nil : zero + closer.prefix(room)
  }

  private func within(_ value: Double) -> Bool {
    let place = Double.log10(value)
    return least - 1e-9 <= place && place <= greatest + 1e-9
  }

  /// `200`, `1k`, `20M`, `0.05`, `1e-7`.
  private static func tick(_ factor: Int, _ exponent: Int) -> ChartScale.Tick? {
    guard let value = Double("\(factor)e\(exponent)"), value > 0, value.isFinite else { return nil }
    let units = ["", "k", "M", "G", "T"]
    let text =
      switch exponent {
      case 0..<(3 * units.count):
        "\(factor)" + String(repeating: "0", count: exponent % 3) + units[exponent / 3]
      case -3..<0: "0." + String(repeating: "0", count: -exponent - 1) + "\(factor)"
      default: "\(factor)e\(exponent)"
      }
    return ChartScale.Tick(value: value, text: text)
  }
}
