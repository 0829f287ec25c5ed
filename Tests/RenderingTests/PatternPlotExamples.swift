import Fuzzing
import Results
import Testing

@testable import Rendering

/// Plots as the shell makes them, from patterns written down or drawn by a fixed generator.
enum PatternPlots {
  /// One word's pattern: where it stands after each block and by which route.
  struct Pattern {
    let word: Int
    let influence: Double
    let steps: [(to: Int, route: PatternPlot.Edge.Route)]
  }

  static let sentence = [
    "[CLS]", "the", "author", "that", "the", "guards", "like", "[MASK]", "young", ".", "[SEP]",
  ]

  /// Four layers, four patterns: two share their end, one is negative, one is below the threshold.
  static let small = plot(
    tokens: sentence, layers: 4, target: 7, title: "is - are, demo", subtitle: "one sentence",
    patterns: [
      Pattern(word: 2, influence: 0.82, steps: [(2, .skip), (2, .head(3)), (7, .head(11)), (7, .skip)]),
      Pattern(word: 5, influence: -0.61, steps: [(5, .skip), (6, .head(4)), (7, .head(0)), (7, .skip)]),
      Pattern(word: 6, influence: 0.2, steps: [(6, .skip), (7, .head(1)), (7, .head(2)), (7, .skip)]),
      Pattern(word: 9, influence: 0.01, steps: [(9, .skip), (9, .skip), (9, .skip), (7, .head(5))]),
    ])

  /// - Parameter words: how many words have patterns, the first ones but the target.
  static func random(
    tokens: [String], layers: Int, heads: Int = 12, target: Int, words: Int, seed: UInt64,
    sign: Double? = nil, hidesBelow: Double = 0.05
  ) -> PatternPlot {
    var random = SeededGenerator(seed: seed)
    let sources = tokens.indices.filter { $0 != target }.shuffled(using: &random).prefix(words).sorted()
    let patterns = sources.map { word -> Pattern in
      var position = word
      let arrival = Int.random(in: layers / 2..<layers, using: &random)
      let steps = (0..<layers).map { layer -> (to: Int, route: PatternPlot.Edge.Route) in
        let from = position
        if layer == arrival {
          position = target
        } else if layer < arrival, Int.random(in: 0..<5, using: &random) == 0 {
          position = Int.random(in: tokens.indices, using: &random)
        }
        let isSkip = position == from && Int.random(in: 0..<4, using: &random) > 0
        return (position, isSkip ? .skip : .head(Int.random(in: 0..<heads, using: &random)))
      }
      let magnitude = Double.random(in: 0.05...1, using: &random)
      return Pattern(
        word: word, influence: magnitude * (sign ?? (Bool.random(using: &random) ? 1 : -1)), steps: steps)
    }
    return plot(
      tokens: tokens, layers: layers, target: target, title: "logit[is] - logit[are], bert-base-uncased",
      subtitle: "one sentence", patterns: patterns, hidesBelow: hidesBelow)
  }

  static func plot(
    tokens: [String], layers: Int, target: Int, title: String, subtitle: String, patterns: [Pattern],
    hidesBelow: Double = 0.05
  ) -> PatternPlot {
    let words = tokens.enumerated().map { position, token in
      let influence = patterns.first { $0.word == position }?.influence
      return PatternPlot.Word(
        position: position, token: token,
        input: influence.map { $0 * 1.25 } ?? (position == target ? 0 : 0.004),
        embedding: influence, attention: influence.map { $0 * 0.4 })
    }
    return PatternPlot(
      title: title, subtitle: subtitle, words: words, layers: layers, target: target, edges: merged(patterns),
      isAggregate: false, hidesBelow: hidesBelow)
  }

  /// Two words' patterns of the third level, in two layers.
  static let refined = PatternPlot(
    title: "third level", subtitle: "one sentence",
    words: [("the", 1.0), ("dog", -0.4)].enumerated().map { position, word in
      .init(
        position: position, token: word.0, input: word.1, embedding: nil, attention: word.1 / 2,
        feedForward: word.1 / 4)
    }, layers: 2, target: 1,
    edges: [
      .init(layer: 0, from: 0, to: 0, route: .skip, branch: .skip, influence: 0.25, weight: 0.25, words: [0]),
      .init(
        layer: 0, from: 1, to: 1, route: .skip, branch: .feedForward, influence: -0.1, weight: 0.1, words: [1]
      ),
      .init(
        layer: 1, from: 0, to: 1, route: .head(3), branch: .feedForward, influence: 0.25, weight: 0.25,
        words: [0]),
      .init(layer: 1, from: 1, to: 1, route: .skip, branch: .skip, influence: -0.1, weight: 0.1, words: [1]),
    ], isAggregate: false)

  /// Two steps of three words over many sentences; word 0 leaves by two edges.
  static let aggregate = PatternPlot(
    title: "is - are, demo", subtitle: "100 sentences of a task",
    words: [("the", 0.25), ("author", 1.5), ("like", -0.75), ("[MASK]", 0)].enumerated().map {
      position, word in
      .init(position: position, token: word.0, input: word.1, embedding: nil, attention: nil)
    },
    layers: 2, target: 3,
    edges: [
      .init(layer: 0, from: 0, to: 0, route: .skip, influence: 0.1, weight: 0.58, words: [0]),
      .init(layer: 0, from: 0, to: 1, route: .head(11), influence: 0.2, weight: 0.42, words: [0]),
      .init(layer: 0, from: 1, to: 1, route: .skip, influence: 0.7, weight: 1, words: [1]),
      .init(layer: 0, from: 2, to: 3, route: .head(2), influence: -0.4, weight: 0.875, words: [2]),
      .init(layer: 1, from: 1, to: 3, route: .head(4), influence: 0.9, weight: 0.98, words: [0, 1]),
      .init(layer: 1, from: 0, to: 3, route: .head(4), influence: 0, weight: 0.25, words: [0]),
      .init(layer: 1, from: 3, to: 3, route: .skip, influence: -0.4, weight: 0.875, words: [2]),
    ], isAggregate: true)

  private struct Key: Hashable {
    let layer: Int
    let from: Int
    let to: Int
    let route: PatternPlot.Edge.Route
    let isPositive: Bool
  }

  private static func merged(_ patterns: [Pattern]) -> [PatternPlot.Edge] {
    var keys: [Key] = []
    var members: [Key: [Pattern]] = [:]
    for pattern in patterns {
      var from = pattern.word
      for (layer, step) in pattern.steps.enumerated() {
        let key = Key(
          layer: layer, from: from, to: step.to, route: step.route, isPositive: pattern.influence > 0)
        if members[key] == nil { keys.append(key) }
        members[key, default: []].append(pattern)
        from = step.to
      }
    }
    return keys.map { key in
      let patterns = members[key] ?? []
      let influence = patterns.map { $0.influence * 0.4 }.reduce(0, +)
      return PatternPlot.Edge(
        layer: key.layer, from: key.from, to: key.to, route: key.route, influence: influence,
        weight: abs(influence), words: patterns.map(\.word))
    }
  }

  static let long =
    ("[CLS] the old senators that the very tired journalists near the river in northern germany admire [MASK] "
    + "walking slowly through the gardens of the city hall because un ##believ ##able rain kept falling on all of "
    + "the roofs . [SEP]").split(separator: " ").map(String.init)
}
