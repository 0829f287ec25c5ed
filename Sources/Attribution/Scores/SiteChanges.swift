import Faults
import Tensors
import Transformers

/// a(x) - a(x') of activations of some sentences.
final class SiteChanges {
  private let states: SentenceStates
  private let end: ScoreEnd
  private let model: Transformer
  private let change = Buffer()

  init(
    _ sentences: [Sentence], _ sites: Set<Site>, _ end: ScoreEnd, _ model: Transformer,
    check: @escaping InterruptionCheck
  ) throws {
    var alphas: [Float] = [1]
    if case .start = end { alphas.append(0) }
    states = try SentenceStates(sentences, at: alphas, sites: sites, model, check: check)
    (self.end, self.model) = (end, model)
  }

  /// What scores of queries and keys with changed attention need beside them.
  static func keySites(_ sites: Set<Site>) -> Set<Site> {
    Set(
      sites.filter { $0.kind == .q || $0.kind == .k }.flatMap { site in
        [Site.Kind.q, .k, .v].map { Site($0, layer: site.layer) }
      })
  }

  /// The numbers of a token; valid until the next call.
  ///
  /// - Parameter position: in the padded input
  func callAsFunction(_ site: Site, sentence: Int, position: Int) -> Floats {
    let clean = states.row(site, sentence: sentence, place: 0, position: position)
    let width = model.configuration.width(of: site)
    let change = change.floats(width)
    switch end {
    case .zero: return clean
    case .start:
      let other = states.row(site, sentence: sentence, place: 1, position: position)
      for c in 0..<width { change[c] = clean[c] - other[c] }
    case .means(let means):
      guard let mean = means[site] else { preconditionFailure("no mean of \(site.name)") }
      for c in 0..<width { change[c] = clean[c] - mean[c] }
    }
    return Floats(change)
  }

  /// Values at both ends.
  func values(_ site: Site, sentence: Int, position: Int) -> (clean: Floats, other: Floats) {
    (
      states.row(site, sentence: sentence, place: 0, position: position),
      states.row(site, sentence: sentence, place: 1, position: position)
    )
  }
}
