import Attribution
import Checkpoints
import Transformers
import Files

extension Intervention {
  /// Tells it from others that read alike: SHA-256 of what is replaced and of what takes its place, without the number.
  ///
  /// Activations count by the sentences they are computed of, not by their values, which another number of threads
  /// rounds differently.
  var fingerprint: String {
    var hash = SHA256()
    scope.add(to: &hash)
    source.add(to: &hash)
    return hash.finalize()
  }

  /// One for several, in their order; nil for none.
  static func fingerprint(of interventions: [Intervention]) -> String? {
    guard !interventions.isEmpty else { return nil }
    var hash = SHA256()
    for intervention in interventions { hash.add(intervention.fingerprint) }
    return hash.finalize()
  }
}

extension Intervention.Scope {
  fileprivate func add(to hash: inout SHA256) {
    switch self {
    case .nodes(let nodes): hash.add("nodes \(nodes.map(\.name))")
    case .edges(let edges): hash.add("edges \(edges.edges.map(\.name))")
    case .cuts(let cuts): hash.add("cuts \(cuts.names) \(cuts.mode.rawValue)")
    case .allBut(let kept):
      switch kept.content {
      case .nodes(let nodes): hash.add("all but \(nodes.map(\.name))")
      case .patterns(let set, let level):
        hash.add("all but patterns at \(level.rawValue)")
        for sentence in set.sentences { sentence.add(to: &hash) }
      }
    }
  }
}

extension PatternSet.Sentence {
  /// What a mask takes of it.
  fileprivate func add(to hash: inout SHA256) {
    hash.add("\(tokens) to \(patterns.target) for \(quantity)")
    for word in patterns.words {
      hash.add("\(word.position): \(word.embedding.nodes) \(word.attention?.choices ?? [])")
      if let steps = word.feedForward?.steps { hash.add("\(steps.map { $0?.rawValue ?? "" })") }
    }
  }
}

extension ReplacementSource {
  fileprivate func add(to hash: inout SHA256) {
    switch self {
    case .zero: hash.add("zero")
    case .mask: hash.add("mask")
    case .means(let means): hash.add("mean \(means.scope)", of: means.texts)
    case .baseline(let baseline): hash.add("baseline \(baseline.description(nil))")
    case .resample(let resampling): hash.add("resample \(resampling.seed)", of: resampling.rows)
    case .counterfactual: hash.add("counterfactual")
    case .text(let from): hash.add("text", of: [from.text])
    }
  }
}

extension SHA256 {
  /// With its length, so that no two lists of texts run together alike.
  fileprivate mutating func add(_ text: String) {
    update("\(text.utf8.count):".utf8)
    update(text.utf8)
  }

  fileprivate mutating func add(_ kind: String, of texts: [EncodedText]) {
    add("\(kind) of \(texts.count)")
    for text in texts {
      // Sentences of other words may have the same tokens, and resampling chooses by the words.
      for part in [text.source.text, text.source.pair ?? ""] { add(part) }
      add("\(text.encoding.ids) \(text.encoding.types)")
    }
  }
}
