import Faults
import Results

extension ScoreComparison {
  /// So many points have their names beside them.
  private static let mostNamed = 12

  /// The first numbers over the second, the line on which both are equal, and the names of the points farthest from it.
  ///
  /// - Throws: ``Interrupted``.
  func chart(title given: String?) throws -> Chart {
    let distances = try names.indices.interruptibleMap { abs(first.values[$0] - second.values[$0]) }
    func size(_ row: Int) -> Double { distances[row].isNaN ? -1 : distances[row] }
    let order = try names.indices.interruptibleSorted { (-size($0), $0) < (-size($1), $1) }
    let points = order.enumerated().map { place, row in
      Chart.Point(
        x: second.values[row], y: first.values[row], label: names[row], showsLabel: place < Self.mostNamed)
    }
    return Chart(
      title: given ?? "\(title): rank correlation \(correlation.map(shown) ?? "undefined")",
      subtitle: "\(names.count) \(column)s, named those farthest from the line", kind: .scatter,
      xAxis: second.name, yAxis: first.name, series: [Chart.Series(name: "", points: points)],
      showsDiagonal: true)
  }
}
