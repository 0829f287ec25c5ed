import Attribution

/// How far the input influences are from adding up to Q(x) - Q(b), for different numbers of points on the path.
public struct ConvergenceExperiment: Experiment {
  /// A path's points.
  public struct Setting: Sendable, Hashable {
    public let quadrature: Quadrature
    public let points: Int

    public init(_ quadrature: Quadrature, _ points: Int) {
      (self.quadrature, self.points) = (quadrature, points)
    }
  }

  public let settings: [Setting]

  public init(settings: [Setting]) { self.settings = settings }

  /// A plain mean and Gauss points at numbers of points up to `maximum`, which is one of them.
  public static func settings(upTo maximum: Int) -> [Setting] {
    let counts = [2, 3, 5, 10, 20, 50, 100, 200, 500, 1000].filter { $0 < maximum } + [maximum]
    return [Quadrature.uniform, .gauss].flatMap { quadrature in counts.map { Setting(quadrature, $0) } }
  }

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [ConvergenceFinding] {
    let results = try settings.map { setting in
      var options = context.options
      (options.points, options.quadrature) = (setting.points, setting.quadrature)
      return try context.attributor.inputInfluence(
        rows.map { context.rows[$0].input }, options: options, check: context.check)
    }
    return rows.indices.map { place in
      ConvergenceFinding(
        gaps: results.map { $0[place].completenessGap },
        change: results.first.map { $0[place].quantity - $0[place].quantityAtBaseline } ?? 0)
    }
  }
}

/// The gaps of one sentence, for each setting.
public struct ConvergenceFinding: Finding, Equatable {
  public let gaps: [Double]
  /// Q(x) - Q(b).
  public let change: Double

  init(gaps: [Double], change: Double) { (self.gaps, self.change) = (gaps, change) }

  public var numbers: NamedNumbers { NamedNumbers(["gaps": gaps, "change": [change]]) }

  public init?(numbers: NamedNumbers) {
    guard let gaps = numbers["gaps"], let change = numbers.number("change") else { return nil }
    self.init(gaps: gaps, change: change)
  }
}

public struct ConvergenceSummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    public let setting: ConvergenceExperiment.Setting
    /// Mean and maximum over rows of |sum of influences - (Q(x) - Q(b))|.
    public let meanGap: Double
    public let maximumGap: Double
    /// Sum of the gaps over the sum of |Q(x) - Q(b)|: a mean of ratios would be that of the rows that hardly change.
    public let relativeGap: Double
  }

  public let lines: [Line]

  public init(_ findings: [ConvergenceFinding], settings: [ConvergenceExperiment.Setting]) {
    let change = findings.reduce(0) { $0 + abs($1.change) }
    lines = settings.enumerated().map { index, setting in
      let gaps = findings.map { abs($0.gaps[index]) }
      return Line(
        setting: setting, meanGap: mean(gaps), maximumGap: gaps.max() ?? .nan,
        relativeGap: gaps.reduce(0, +) / change)
    }
  }
}
