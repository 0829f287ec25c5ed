import Faults
import Transformers

/// Points chosen for each input instead of once for all.
extension Attributor {
  /// The completeness gap that is accepted, as a part of the sum of absolute influences.
  static let acceptedGap = 0.01

  /// Steps of the path: the first that are tried, and how often they are halved at most.
  static let (triedSteps, halvings) = (12, 4)

  /// Integrated gradients by the trapezoid rule, whose steps are halved until the completeness gap is at most 1 % of the sum of
  /// absolute influences, ``halvings`` times at most: ``InputInfluence/points`` tells what an input took.
  ///
  /// Halved steps keep all points from before, and the ends of the path are points: nothing is computed twice.
  ///
  /// - Complexity: a forward and a reverse pass at the points that an input takes.
  func settledPoints(
    _ inputs: [AttributionInput], options: AttributionOptions, check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport
  ) throws -> [InputInfluence] {
    var results = try inputInfluence(inputs, options: options.settled(at: Self.triedSteps + 1), check: check)
    for _ in 0..<Self.halvings {
      let open = results.indices.filter { !results[$0].isSettled }
      progress(1 - Double(open.count) / Double(inputs.count))
      guard let first = open.first else { break }
      // All that are open have taken as many.
      let points = 2 * results[first].points - 1
      let between = try inBetween(open.map { inputs[$0] }, points, options, check)
      for (index, influence) in zip(open, between) {
        results[index] = results[index].refined(by: influence, points: points)
      }
    }
    return results
  }

  /// What every second of `points` adds.
  private func inBetween(
    _ inputs: [AttributionInput], _ points: Int, _ options: AttributionOptions,
    _ check: @escaping InterruptionCheck
  ) throws -> [InputInfluence] {
    let own = Quadrature.trapezoid.points(points).enumerated().filter { !$0.offset.isMultiple(of: 2) }
    let request = try Request(
      self, inputs, options.settled(at: own.count), points: own.map(\.element), check: check,
      progress: { _ in })
    return try execution.perform(request.inputInfluence())
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
    (options.choosesPoints, options.points, options.quadrature) = (false, points, .trapezoid)
    return options
  }
}

extension InputInfluence {
  /// Whether the gap is accepted. NaN is: more points would not help.
  fileprivate var isSettled: Bool {
    let sum = influence.reduce(0) { $0 + abs($1) }
    return !(abs(completenessGap) > Attributor.acceptedGap * sum)
  }

  /// With the points between, whose share `other` is, the points from before count half.
  fileprivate func refined(by other: InputInfluence, points: Int) -> InputInfluence {
    InputInfluence(
      influence: zip(influence, other.influence).map { $0 / 2 + $1 }, quantity: quantity,
      quantityAtBaseline: quantityAtBaseline, points: points)
  }
}
