import Faults
import Transformers

/// Points chosen for each input instead of once for all.
extension Attributor {
  /// Counts of points that are tried one after another. Where a sentence settles at the third, all tries together are 21 points.
  static let triedPoints = [4, 7, 10, 15, 22, 33, 50, 75, 110, 165, 250]

  /// The completeness gap that is accepted, as a part of the sum of absolute influences.
  static let acceptedGap = 0.01

  /// Integrated gradients on Gauss-Legendre points, raised until the completeness gap is at most 1 % of the sum of absolute
  /// influences, or the counts to try are exhausted: ``InputInfluence/points`` tells what an input took.
  ///
  /// - Complexity: a forward and a reverse pass at the points of each try, and a forward pass at the ends.
  func settledPoints(
    _ inputs: [AttributionInput], options: AttributionOptions, check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport
  ) throws -> [InputInfluence] {
    var (results, open) = ([InputInfluence?](repeating: nil, count: inputs.count), Array(inputs.indices))
    for points in Self.triedPoints where !open.isEmpty {
      let found = try inputInfluence(
        open.map { inputs[$0] }, options: options.settled(at: points), check: check)
      for (index, influence) in zip(open, found) { results[index] = influence }
      open = zip(open, found).filter { !$1.isSettled }.map(\.0)
      progress(Double(inputs.count - open.count) / Double(inputs.count))
    }
    progress(1)
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
  /// NaN settles too: more points would not help.
  fileprivate var isSettled: Bool {
    let sum = influence.reduce(0) { $0 + abs($1) }
    return !(abs(completenessGap) > Attributor.acceptedGap * sum)
  }
}
