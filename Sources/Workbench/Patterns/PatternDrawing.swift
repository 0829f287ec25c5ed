import Attribution
import ExactText
import Language
import Results

/// Turns patterns into the data of a drawing: of one sentence, or of many with one structure.
struct PatternDrawing {
  private let source: PatternSet
  /// Share of a sentence's total |influence|, on the input and through the patterns, below which a word is left out.
  private let threshold: Double

  static let standardThreshold = 0.05

  private struct Step: Hashable {
    let layer: Int
    let from: Int
    let to: Int
  }

  /// One way to take a step; patterns of opposite signs are told apart, so that they do not cancel.
  private struct Way: Hashable {
    let kind: Kind
    let isNegative: Bool

    struct Kind: Hashable {
      let route: PatternPlot.Edge.Route
      let branch: PatternPlot.Edge.Branch?

      /// By the head, then what goes through the feed-forward branch.
      var order: (Int, Int) {
        let head = if case .head(let head) = route { head } else { -1 }
        return (head, branch == .feedForward ? 1 : 0)
      }
    }
  }

  /// The patterns that go one way.
  private struct Traffic {
    var influence = 0.0
    var patterns = 0
    var words: Set<Int> = []
    var sentences: Set<Int> = []

    mutating func merge(_ other: Traffic) {
      influence += other.influence
      patterns += other.patterns
      words.formUnion(other.words)
      sentences.formUnion(other.sentences)
    }
  }

  init(_ set: PatternSet, threshold: Double) {
    self.source = set
    self.threshold = threshold
  }

  /// - Precondition: the sentences have one length and one target.
  var plot: PatternPlot {
    get throws {
      guard let first = source.sentences.first else { throw PatternFault.noPatterns }
      let keptNodes = source.sentences.flatMap(\.patterns.words).flatMap(\.embedding.nodes).map(\.count)
      guard keptNodes.allSatisfy({ $0 == 1 }) else { throw PatternFault.severalKeptNodes }
      let isAggregate = source.sentences.count > 1
      return PatternPlot(
        title: "\(isAggregate ? source.taskName : first.quantity) — \(source.modelName)",
        subtitle: isAggregate
          ? "\(source.sentences.count) sentences, mean influences" : first.tokens.joined(separator: " "),
        words: words, layers: layers, target: first.patterns.target, edges: edges(isAggregate),
        isAggregate: isAggregate,
        // Of many sentences each has left out its own words.
        hidesBelow: isAggregate ? 0 : threshold)
    }
  }

  private var layers: Int {
    source.sentences.lazy.flatMap(\.patterns.words).first.map { $0.embedding.nodes.count - 1 } ?? 0
  }

  /// In a causal model those that can reach the target, all that arrows lead through.
  private var shownPositions: Range<Int> {
    let first = source.sentences[0]
    return 0..<(source.isCausal ? first.patterns.target + 1 : first.tokens.count)
  }

  private var words: [PatternPlot.Word] {
    shownPositions.map { position in
      let patterns = source.sentences.map { $0.patterns.words.first { $0.position == position } }
      return PatternPlot.Word(
        position: position, token: token(at: position),
        input: mean(source.sentences.map { $0.patterns.inputs.influence[position] }),
        embedding: mean(patterns.map { $0?.embedding.influence }),
        attention: mean(patterns.map { $0?.attention?.influence }),
        feedForward: mean(patterns.map { $0?.feedForward?.influence }))
    }
  }

  /// The most frequent token, marked when there are others.
  private func token(at position: Int) -> String {
    let counts = Dictionary(grouping: source.sentences.map { Name($0.tokens[position]) }, by: \.self)
      .mapValues(\.count)
    let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return (best?.key.text ?? "") + (counts.count > 1 ? " …" : "")
  }

  private func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  private func edges(_ isAggregate: Bool) -> [PatternPlot.Edge] {
    var traffic: [Step: [Way: Traffic]] = [:]
    for (index, sentence) in source.sentences.enumerated() {
      for word in shown(sentence) { add(word, sentence: index, to: &traffic) }
    }
    let steps = traffic.sorted {
      ($0.key.layer, $0.key.from, $0.key.to) < ($1.key.layer, $1.key.from, $1.key.to)
    }
    return steps.flatMap { isAggregate ? [aggregateEdge($0.key, $0.value)] : edges($0.key, $0.value) }
  }

  /// One sentence: an edge for each way, as wide as its influence.
  private func edges(_ step: Step, _ ways: [Way: Traffic]) -> [PatternPlot.Edge] {
    ways.sorted { order($0.key) < order($1.key) }.map { way, traffic in
      PatternPlot.Edge(
        layer: step.layer, from: step.from, to: step.to, route: way.kind.route, branch: way.kind.branch,
        influence: traffic.influence, weight: abs(traffic.influence), words: traffic.words.sorted())
    }
  }

  /// Many sentences: one edge, as wide as the share of sentences in which some pattern takes the step, with the
  /// most frequent route and the mean influence.
  private func aggregateEdge(_ step: Step, _ ways: [Way: Traffic]) -> PatternPlot.Edge {
    var total = Traffic()
    var patterns: [Way.Kind: Int] = [:]
    for (way, traffic) in ways {
      total.merge(traffic)
      patterns[way.kind, default: 0] += traffic.patterns
    }
    let best = patterns.max { $0.value != $1.value ? $0.value < $1.value : $1.key.order < $0.key.order }
    let count = Double(source.sentences.count)
    return PatternPlot.Edge(
      layer: step.layer, from: step.from, to: step.to, route: best?.key.route ?? .block,
      branch: best?.key.branch, influence: total.influence / count,
      weight: Double(total.sentences.count) / count,
      words: total.words.sorted())
  }

  private func order(_ way: Way) -> (Int, Int, Int) {
    (way.kind.order.0, way.kind.order.1, way.isNegative ? 1 : 0)
  }

  /// Five per cent of either the influence on the input or that of the patterns of some level, as ``PatternPlot/hiddenPositions``.
  private func shown(_ sentence: PatternSet.Sentence) -> [WordPattern] {
    let words = sentence.patterns.words
    let inputs = sentence.patterns.inputs.influence.reduce(0) { $0 + abs($1) }
    let totals = PatternLevel.allCases.map { level in
      words.reduce(0) { $0 + abs($1.influence(at: level) ?? 0) }
    }
    return words.filter { word in
      guard word.influence != 0, shownPositions.contains(word.position) else { return false }
      let isStrong = zip(PatternLevel.allCases, totals).contains { level, total in
        word.influence(at: level).map { abs($0) >= threshold * total } ?? false
      }
      return isStrong || abs(word.influence) >= threshold * inputs
    }
  }

  private func add(_ word: WordPattern, sentence: Int, to traffic: inout [Step: [Way: Traffic]]) {
    let nodes = word.embedding.nodes.map { $0[0] }
    let influence = word.influence(at: word.finestLevel) ?? word.embedding.influence
    let one = Traffic(influence: influence, patterns: 1, words: [word.position], sentences: [sentence])
    for layer in 0..<nodes.count - 1 {
      let step = Step(layer: layer, from: nodes[layer], to: nodes[layer + 1])
      let way = Way(
        kind: .init(route: route(word.attention, layer), branch: branch(word.feedForward, layer)),
        isNegative: influence < 0)
      traffic[step, default: [:]][way, default: Traffic()].merge(one)
    }
  }

  private func branch(_ pattern: FeedForwardPattern?, _ layer: Int) -> PatternPlot.Edge.Branch? {
    switch pattern?.steps[layer] ?? nil {
    case .feedForward: .feedForward
    case .skip: .skip
    case nil: nil
    }
  }

  private func route(_ attention: AttentionPattern?, _ layer: Int) -> PatternPlot.Edge.Route {
    guard let choice = attention?.choices[layer] else { return .block }
    return choice < 0 ? .skip : .head(choice)
  }
}
