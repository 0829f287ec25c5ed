import ExactText
import Faults
import RealModule
import Rendering
import Results

/// Hundreds of named numbers: how many have which value, and the strongest by name.
struct Distribution {
  let title: String
  let subtitle: String
  /// What has a number, as "neuron", and what the number is.
  let nameAxis: String
  let valueAxis: String
  let names: [String]
  let values: [Double]

  /// More names than these are not read one by one.
  static let fewest = 200
  private static let strongest = 20
  private static let mostBins = 24

  /// - Throws: ``Interrupted``.
  var figure: Figure {
    get throws { .several([.chart(try histogram), .chart(try strongest)]) }
  }

  /// By the size of the number, largest first.
  private var strongest: Chart {
    get throws {
      func size(_ index: Int) -> Double { values[index].isNaN ? -1 : abs(values[index]) }
      let order = try values.indices.interruptibleSorted { (-size($0), $0) < (-size($1), $1) }
        .prefix(Self.strongest)
      return Chart(
        title: "the \(order.count) strongest of \(values.count)", kind: .bar, xAxis: nameAxis,
        yAxis: valueAxis,
        categories: order.map { names[$0] },
        series: [
          .init(name: "", points: order.enumerated().map { .init(x: Double($0), y: values[$1]) })
        ])
    }
  }

  private var histogram: Chart {
    get throws {
      let finite = try values.interruptibleFilter(\.isFinite)
      let (least, greatest) = (finite.min() ?? 0, finite.max() ?? 0)
      let step = Self.step(from: least, to: greatest)
      let first = (least / step).rounded(.down)
      var counts = [Int](repeating: 0, count: Int((greatest / step).rounded(.down) - first) + 1)
      var steps = Steps()
      for value in finite {
        try steps.next()
        counts[min(max(Int((value / step).rounded(.down) - first), 0), counts.count - 1)] += 1
      }
      let missing = values.count - finite.count
      let note = missing > 0 ? ["\(missing) without a finite number"] : []
      return Chart(
        title: title, subtitle: ([subtitle] + note).filter { !$0.isEmpty }.joined(separator: "; "),
        kind: .bar, xAxis: "\(valueAxis) from", yAxis: "how many",
        categories: counts.indices.map { Self.text((first + Double($0)) * step, step: step) },
        series: [.init(name: "", points: counts.enumerated().map { .init(x: Double($0), y: Double($1)) })])
    }
  }

  /// With the decimals of the step, or as the number is where these are many.
  private static func text(_ value: Double, step: Double) -> String {
    let decimals = max(0, -Int(Double.log10(step).rounded(.down)))
    return decimals <= 6 && abs(value) < 1e9 ? formatFixed(value + 0, decimals: decimals) : shown(value)
  }

  /// 1, 2 or 5 times a power of ten, of which at most ``mostBins`` lead from one end to the other.
  private static func step(from least: Double, to greatest: Double) -> Double {
    // Halved, since the difference of two finite numbers may be infinite.
    let wanted = (greatest / 2 - least / 2) / Double(mostBins - 2) * 2
    guard wanted > 0, wanted.isFinite else { return max(abs(greatest), 1) }
    let power = Double.pow(10, Double.log10(wanted).rounded(.down))
    return [1, 2, 5, 10].map { $0 * power }.first { $0 >= wanted } ?? 10 * power
  }
}
