import Results

enum Charts {
  /// Two lines, of which one misses a number.
  static let lines = Chart(
    title: "accuracy against heads", kind: .line, xAxis: "heads", yAxis: "accuracy",
    series: [
      series("SS", [(0, 1), (4, 0.75), (8, 0.7)]), series("SP", [(0, 0.5), (4, .nan), (8, 0.2)]),
    ])

  /// A word occurs twice, one has no number.
  static let bars = Chart(
    title: "influence", subtitle: "one sentence", kind: .bar, xAxis: "word", yAxis: "influence",
    categories: ["the", "作者", "the", "<b>\u{1B}[1m&\"", "."],
    series: [series("", [(0, 1.5), (1, -0.75), (2, .nan), (3, 0.25), (4, 0)])])

  /// Scores over effects.
  static let points = Chart(
    title: "scores", kind: .scatter, xAxis: "effect", yAxis: "score",
    series: [
      .init(
        name: "",
        points: [
          .init(x: 0, y: 0, label: "L0H0"), .init(x: 2, y: 2.5, label: "L1H1"),
          .init(x: 2.01, y: 2.5, label: "L1H2"), .init(x: -1, y: 1, label: "作<者>"),
          .init(x: 1, y: 1, label: "hidden", showsLabel: false), .init(x: .infinity, y: 1, label: "far"),
        ])
    ], showsDiagonal: true)

  static let empty = Chart(title: "nothing", kind: .line, xAxis: "x", yAxis: "y", series: [])

  static let one = Chart(
    title: "", kind: .scatter, xAxis: "x", yAxis: "y", series: [series("", [(3, 0.25)])])

  static let allMissing = Chart(
    title: "missing", kind: .line, xAxis: "x", yAxis: "y", series: [series("", [(3, .nan), (.infinity, 1)])])

  static let every = [lines, bars, points, empty, one, allMissing]

  static func series(_ name: String, _ points: [(Double, Double)]) -> Chart.Series {
    .init(name: name, points: points.map { .init(x: $0, y: $1) })
  }
}
