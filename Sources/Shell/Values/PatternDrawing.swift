import Attribution
import Results

/// Turns patterns into the data of a drawing: of one sentence, or of many with one structure.
struct PatternDrawing {
  private let source: PatternSet
  /// Share of a sentence's total |input influence| below which a word is left out.
  private let threshold: Double

  private struct Step: Hashable {
    let layer: Int
    let from: Int
    let to: Int
  }

  /// What the patterns do at one step.
  private struct Traffic {
    /// Sum of the influences of the patterns that take the step.
    var influence = 0.0
    /// Patterns by the way they go.
    var routes: [PatternPlot.Edge.Route: Double] = [:]
    var sentences: Set<Int> = []
    var words: Set<Int> = []
  }

  init(_ set: PatternSet, threshold: Double) {
    self.source = set
    self.threshold = threshold
  }

  var plot: PatternPlot {
    get throws {
      guard let first = source.sentences.first else { throw ShellFault.noPatterns }
      let others = source.sentences.filter {
        $0.tokens.count != first.tokens.count || $0.patterns.target != first.patterns.target
      }
      guard others.isEmpty else { throw ShellFault.mixedStructures(others.count) }
      let isAggregate = source.sentences.count > 1
      return PatternPlot(
        title: "\(isAggregate ? source.taskName : first.quantity) — \(source.modelName)",
        subtitle: isAggregate ? "\(source.sentences.count) sentences" : first.tokens.joined(separator: " "),
        words: words, layers: layers, target: first.patterns.target, edges: edges(isAggregate),
        isAggregate: isAggregate,
        // Of many sentences each has left out its own words.
        hidesBelow: isAggregate ? 0 : threshold)
    }
  }

  private var layers: Int {
    source.sentences.lazy.flatMap(\.patterns.words).first.map { $0.embedding.nodes.count - 1 } ?? 0
  }

  private var words: [PatternPlot.Word] {
    source.sentences[0].tokens.indices.map { position in
      let patterns = source.sentences.map { $0.patterns.words.first { $0.position == position } }
      return PatternPlot.Word(
        position: position, token: token(at: position),
        input: mean(source.sentences.map { $0.patterns.inputs.influence[position] }),
        embedding: mean(patterns.map { $0?.embedding.influence }),
        attention: mean(patterns.map { $0?.attention?.influence }))
    }
  }

  /// The most frequent token, marked when there are others.
  private func token(at position: Int) -> String {
    let counts = Dictionary(grouping: source.sentences.map { $0.tokens[position] }, by: \.self).mapValues(
      \.count)
    let best = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
    return (best?.key ?? "") + (counts.count > 1 ? " …" : "")
  }

  private func mean(_ values: [Double?]) -> Double? {
    let known = values.compactMap { $0 }
    return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
  }

  /// One sentence: an edge for each step and route, as wide as its influence. Many: one for each step, as wide as
  /// the share of sentences in which some pattern takes it, with the most frequent route.
  private func edges(_ isAggregate: Bool) -> [PatternPlot.Edge] {
    var traffic: [Step: Traffic] = [:]
    for (index, sentence) in source.sentences.enumerated() {
      for word in shown(sentence) { add(word, sentence: index, to: &traffic) }
    }
    let steps = traffic.sorted {
      ($0.key.layer, $0.key.from, $0.key.to) < ($1.key.layer, $1.key.from, $1.key.to)
    }
    return steps.flatMap { step, traffic in
      let routes = traffic.routes.sorted { (abs($0.value), order($1.key)) > (abs($1.value), order($0.key)) }
      let share = Double(traffic.sentences.count) / Double(source.sentences.count)
      return (isAggregate ? routes.prefix(1) : routes[...]).map { route, amount in
        PatternPlot.Edge(
          layer: step.layer, from: step.from, to: step.to, route: route,
          influence: isAggregate ? traffic.influence / Double(source.sentences.count) : amount,
          weight: isAggregate ? share : abs(amount), words: traffic.words.sorted())
      }
    }
  }

  private func order(_ route: PatternPlot.Edge.Route) -> Int {
    if case .head(let head) = route { head } else { -1 }
  }

  private func shown(_ sentence: PatternSet.Sentence) -> [WordPattern] {
    let total = sentence.patterns.inputs.influence.reduce(0) { $0 + abs($1) }
    return sentence.patterns.words.filter { abs($0.influence) >= threshold * total && $0.influence != 0 }
  }

  private func add(_ word: WordPattern, sentence: Int, to traffic: inout [Step: Traffic]) {
    let isAggregate = source.sentences.count > 1
    let nodes = word.embedding.nodes.map { $0[0] }
    let influence = word.attention?.influence ?? word.embedding.influence
    for layer in 0..<nodes.count - 1 {
      let step = Step(layer: layer, from: nodes[layer], to: nodes[layer + 1])
      let route: PatternPlot.Edge.Route =
        word.attention.map { $0.choices[layer] < 0 ? .skip : .head($0.choices[layer]) } ?? .block
      traffic[step, default: Traffic()].influence += influence
      traffic[step, default: Traffic()].routes[route, default: 0] += isAggregate ? 1 : influence
      traffic[step, default: Traffic()].sentences.insert(sentence)
      traffic[step, default: Traffic()].words.insert(word.position)
    }
  }
}
