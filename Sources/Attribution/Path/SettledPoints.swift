import Faults
import RealModule
import Transformers

/// Points chosen for each input instead of once for all.
extension Attributor {
  /// The completeness gap that is accepted, as a part of the sum of absolute influences.
  static let acceptedGap = 0.01

  /// Counts of points: the first that is tried, and the largest.
  static let triedPoints = 6...250

  /// Integrated gradients on Gauss-Legendre points, raised until the completeness gap is at most 1 % of the sum of absolute
  /// influences, or ``triedPoints`` are exhausted: ``InputInfluence/points`` tells what an input took.
  ///
  /// The next count is the one at which the gap would be small enough if it fell as K^-2.5, with a tenth to spare: that is
  /// about how it falls on the tasks measured, so that most inputs settle at the second try.
  ///
  /// - Complexity: a forward and a reverse pass at the points of each try, and a forward pass at the ends.
  func settledPoints(
    _ inputs: [AttributionInput], options: AttributionOptions, check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport
  ) throws -> [InputInfluence] {
    var results = [InputInfluence?](repeating: nil, count: inputs.count)
    var next = [Int?](repeating: Self.triedPoints.lowerBound, count: inputs.count)
    while let points = next.compactMap(\.self).min() {
      let open = inputs.indices.filter { next[$0] == points }
      let found = try inputInfluence(
        open.map { inputs[$0] }, options: options.settled(at: points), check: check)
      for (index, influence) in zip(open, found) {
        results[index] = influence
        next[index] = influence.pointsToTry
      }
      progress(Double(next.count { $0 == nil }) / Double(inputs.count))
    }
    return results.compactMap(\.self)
  }

  /// The same options with the points at which an input's influences have settled, for questions that choose none.
  public func settled(
    _ options: AttributionOptions, on input: AttributionInput, check: @escaping InterruptionCheck
  ) throws -> AttributionOptions {
    guard options.choosesPoints else { return options }
    let found = try settledPoints([input], options: options, check: check, progress: { _ in })
    return options.settled(at: found[0].points)
  }

  /// Patterns on the points at which each input's influences have settled.
  func settledPatterns(
    _ inputs: [AttributionInput], options: AttributionOptions, check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport
  ) throws -> [SentencePatterns] {
    let points = try settledPoints(inputs, options: options, check: check, progress: { _ in }).map(\.points)
    var results = [SentencePatterns?](repeating: nil, count: inputs.count)
    for count in Set(points).sorted() {
      let own = inputs.indices.filter { points[$0] == count }
      let found = try patterns(
        own.map { inputs[$0] }, options: options.settled(at: count), check: check, progress: progress)
      for (index, patterns) in zip(own, found) { results[index] = patterns }
    }
    return results.compactMap(\.self)
  }
}

extension AttributionOptions {
  fileprivate func settled(at points: Int) -> AttributionOptions {
    var options = self
    (options.choosesPoints, options.points, options.quadrature) = (false, points, .gauss)
    return options
  }
}

extension InputInfluence {
  /// The next count of points; nil where these are enough, or no more are tried. NaN is enough: more would not help.
  fileprivate var pointsToTry: Int? {
    let sum = influence.reduce(0) { $0 + abs($1) }
    let excess = abs(completenessGap) / (Attributor.acceptedGap * sum)
    guard excess > 1, points < Attributor.triedPoints.upperBound else { return nil }
    let growth = min(4, max(1.25, 1.1 * Double.pow(excess, 0.4)))
    return min(Attributor.triedPoints.upperBound, Int((Double(points) * growth).rounded(.up)))
  }
}
