import Faults
import Transformers

extension Attributor {
  /// Attribution patching of activations:
  ///
  ///     (a(x) - a(x')) . dQ/da at x
  ///
  /// to first order what Q loses when a takes its value at the other end. Nanda, "Attribution Patching: Activation Patching At
  /// Industrial Scale", 2023; with `rule` of relevance it is RelP, Rezaei Jafari et al., 2025.
  ///
  /// - Parameter sites: of the kinds that ``SiteScores`` has
  /// - Complexity: three forward passes and a reverse pass for all sites.
  public func patchingScores(
    of sites: Set<Site>, _ inputs: [AttributionInput], rule: ReverseRule = .exact, end: ScoreEnd = .start,
    options: AttributionOptions = AttributionOptions(), check: @escaping InterruptionCheck,
    progress: @escaping ProgressReport = { _ in }
  ) throws -> [SiteScores] {
    let request = try Request(self, inputs, options, points: [(1, 1)], check: check, progress: progress)
    return try execution.perform(request.patchingScores(of: sites, rule: rule, end: end))
  }

  /// AtP*: for queries and keys the attention probabilities are computed anew with the changed scores; and for each layer once
  /// again with no gradient through that layer's branches, against cancellation of direct and indirect effects.
  ///
  /// Kramár et al., "AtP*: An efficient and scalable method for localizing LLM behaviour to components", 2024, sections 3.1.1
  /// and 3.1.2: a node's score is the mean of the absolute scores over the layers other than its own.
  ///
  /// - Returns: For each input the scores with each layer dropped.
  /// - Complexity: three forward passes, a reverse pass for each layer, for keys a pass over the scores for each key.
  public func droppedScores(
    of sites: Set<Site>, _ inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [[SiteScores]] {
    let request = try Request(self, inputs, options, points: [(1, 1)], check: check, progress: progress)
    return try execution.perform(request.droppedScores(of: sites))
  }

  /// Conductance of activations: the mean over the path of (da/dalpha) . dQ/da.
  ///
  /// Dhamdhere, Sundararajan, Yan, "How Important Is a Neuron?", ICLR 2019. Through all activations that a path can take it adds
  /// up to Q(x) - Q(x').
  ///
  /// - Complexity: two forward passes and a reverse pass for each point.
  public func conductanceScores(
    of sites: Set<Site>, _ inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [SiteScores] {
    let request = try Request(self, inputs, options, check: check, progress: progress)
    return try execution.perform(request.conductanceScores(of: sites))
  }
}
