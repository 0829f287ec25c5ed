import ExactText
import Faults
import RealModule
import Results

/// An axis of a chart: from the least to the greatest value.
struct ChartScale {
  struct Tick: Equatable {
    let value: Double
    let text: String
  }

  let lower: Double
  let upper: Double
  /// Whether ticks stand at whole numbers alone, as where heads are counted.
  let isWhole: Bool
  private let logarithms: ChartLogarithms?

  /// - Parameter values: what is drawn, all finite; without any the axis goes from 0 to 1, with one value around it.
  /// - Throws: ``Interrupted``.
  init(_ values: [Double], includesZero: Bool = false) throws {
    var (least, greatest) = includesZero ? (0, 0) : (Double.infinity, -Double.infinity)
    var steps = Steps()
    for value in values {
      try steps.next()
      (least, greatest) = (min(least, value), max(greatest, value))
    }
    isWhole = !values.isEmpty && values.allSatisfy { $0 == $0.rounded() }
    logarithms = nil
    switch (least, greatest) {
    case (_, -.infinity): (lower, upper) = (0, 1)
    case (0, 0): (lower, upper) = includesZero ? (0, 1) : (-1, 1)
    case let (x, y) where x == y:
      let room = isWhole && abs(x) < 0x1p52 ? 1 : abs(x) / 2
      (lower, upper) = (max(x - room, -.greatestFiniteMagnitude), min(x + room, .greatestFiniteMagnitude))
    default: (lower, upper) = (least, greatest)
    }
  }

  /// From one number to another, of colours.
  init(from lower: Double, to upper: Double) {
    (self.lower, self.upper) = (lower, upper)
    isWhole = false
    logarithms = nil
  }

  /// Of names: each has a place of width 1 around its index.
  init(names count: Int) {
    (lower, upper) = (-0.5, Double(max(count, 1)) - 0.5)
    isWhole = true
    logarithms = nil
  }

  /// Of numbers that are drawn by their logarithms.
  ///
  /// - Parameter values: none below 0.
  /// - Throws: ``Interrupted``.
  init(logarithmsOf values: [Double]) throws {
    let linear = try ChartScale(values.interruptibleFlatMap { $0 > 0 ? [$0] : [] })
    (lower, upper, isWhole) = (linear.lower, linear.upper, linear.isWhole)
    logarithms = try ChartLogarithms(values)
  }

  /// Whether 0 has a place of its own on an axis of logarithms.
  var setsZeroApart: Bool { logarithms?.hasZero ?? false }

  /// Halved, since the difference of two finite numbers may be infinite.
  private var halfSpan: Double { upper / 2 - lower / 2 }

  /// Where `value` lies, 0 at ``lower``, 1 at ``upper``.
  func position(_ value: Double) -> Double {
    if let logarithms { return logarithms.position(value) }
    return halfSpan > 0 ? min(max((value / 2 - lower / 2) / halfSpan, 0), 1) : 0.5
  }

  /// The closest ticks at 1, 2 or 5 times a power of ten that are not more than `count`, at least 2; the ends of the axis where
  /// numbers are too close together for others.
  ///
  /// - Throws: ``Interrupted``.
  func ticks(atMost count: Int) throws -> [Tick] {
    guard let logarithms else { return try evenTicks(atMost: count) }
    if let ticks = logarithms.ticks(atMost: count) { return ticks }
    let zero = logarithms.hasZero ? [Tick(value: 0, text: "0")] : []
    let room = max(count - zero.count, 1)
    // What is rounded may reach 0.
    return try zero + evenTicks(atMost: room).filter { $0.value > 0 }.prefix(room)
  }

  private func evenTicks(atMost count: Int) throws -> [Tick] {
    let closest = halfSpan / Double(max(count, 1)) * 2
    let power = closest > 0 && closest.isFinite ? Int(Double.log10(closest).rounded(.down)) : 0
    for exponent in (power - 1)...(power + 2) {
      for mantissa in [1, 2, 5] where exponent >= 0 || !isWhole {
        guard let indices = indices(mantissa, exponent), indices.count <= max(count, 1) else { continue }
        let values = indices.compactMap { Double("\($0 * mantissa)e\(exponent)") }
        // Also the digits before the point.
        let digits = Int(Double.log10(max(abs(lower), abs(upper))).rounded(.down)) - exponent + 2
        return try texts(values, precision: min(max(digits, 3), 15))
      }
    }
    return try texts([lower, upper], precision: 15)
  }

  /// The multiples of a step within the axis; nil where there are none, or so many that numbers do not tell them apart.
  private func indices(_ mantissa: Int, _ exponent: Int) -> ClosedRange<Int>? {
    guard let step = Double("\(mantissa)e\(exponent)"), step > 0, step.isFinite else { return nil }
    let (first, last) = (lower / step, upper / step)
    guard max(abs(first), abs(last)) < 0x1p50 else { return nil }
    // 0.3 / 0.1 is less than 3.
    let low = Int((first - 1e-9 * max(1, abs(first))).rounded(.up))
    let high = Int((last + 1e-9 * max(1, abs(last))).rounded(.down))
    return low <= high ? low...high : nil
  }

  private func texts(_ values: [Double], precision: Int) throws -> [Tick] {
    zip(values, try alignNumbers(values, precision: precision)).map { value, text in
      Tick(value: value, text: String(text.drop { $0 == " " }.prefix { $0 != " " }))
    }
  }

  /// - Parameter fits: whether ticks have room for their texts.
  /// - Throws: ``Interrupted``.
  func ticks(atMost count: Int, where fits: ([Tick]) -> Bool) throws -> [Tick] {
    for most in stride(from: count, through: 2, by: -1) {
      let ticks = try ticks(atMost: most)
      if fits(ticks) { return ticks }
    }
    return Array(try ticks(atMost: 1).prefix(1))
  }

  /// Every name, or every 2nd, 5th, 10th, ..., the least distance at which they have room.
  func ticks(names: [String], where fits: ([Tick]) -> Bool) -> [Tick] {
    var power = 1
    while power < max(names.count, 2) {
      for distance in [power, 2 * power, 5 * power] {
        let ticks = stride(from: 0, to: names.count, by: distance).map {
          Tick(value: Double($0), text: names[$0])
        }
        if fits(ticks) { return ticks }
      }
      power *= 10
    }
    return names.prefix(1).map { Tick(value: 0, text: $0) }
  }
}

/// The least of 1, 2, 5, 10, 20, 50, ... that is not below `least`.
func roundStep(atLeast least: Double) -> Int {
  var power = 1
  while true {
    for factor in [1, 2, 5] where Double(factor * power) >= least { return factor * power }
    power *= 10
  }
}
