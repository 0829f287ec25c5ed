import Attribution
import ExactText
import Results

/// Patterns that were saved as JSON, read back.
extension PatternSet {
  /// nil when `value` is not what ``fields`` of a pattern set gives, to the last node.
  init?(saved value: Value) {
    guard case .record(let record) = value, let model = record["model"]?.text,
      let baseline = record["baseline"]?.text
    else { return nil }
    let saved = record["sentences"]?.elements ?? [value]
    let sentences = saved.compactMap(Sentence.init(saved:))
    guard sentences.count == saved.count, !sentences.isEmpty else { return nil }
    let search = record["search"].flatMap(PatternSearch.init(saved:))
    // Files of the first release do not tell.
    guard (search == nil) == (record["search"] == nil) else { return nil }
    self.init(
      sentences: sentences, modelName: model, baseline: baseline, taskName: record["task"]?.text ?? "",
      requested: record["requested"]?.whole ?? sentences.count,
      interventions: record["interventions"]?.elements?.compactMap(\.text) ?? [], search: search,
      isCausal: record["causal"]?.isTrue ?? false)
  }
}

extension PatternSet.Sentence {
  fileprivate init?(saved value: Value) {
    guard case .record(let record) = value, let tokens = record["tokens"]?.elements?.compactMap(\.text),
      let target = record["target"]?.whole, let influence = record["influence"]?.numbers,
      let quantity = record["qoi"]?.number, let atBaseline = record["qoi_baseline"]?.number,
      let points = record["points"]?.whole, let name = record["qoi_name"]?.text,
      let saved = record["words"]?.elements, influence.count == tokens.count
    else { return nil }
    let words = saved.compactMap(WordPattern.init(saved:))
    let layers = words.first?.embedding.nodes.count ?? 0
    let fit = words.allSatisfy { word in
      ([target, word.position] + word.embedding.nodes.joined()).allSatisfy(tokens.indices.contains)
        && word.embedding.nodes.count == layers && (word.attention?.choices.count ?? layers - 1) == layers - 1
        && (word.feedForward?.steps.count ?? layers - 1) == layers - 1
    }
    guard words.count == saved.count, tokens.indices.contains(target), fit else { return nil }
    let inputs = InputInfluence(
      influence: influence, quantity: quantity, quantityAtBaseline: atBaseline, points: points)
    self.init(
      tokens: tokens, patterns: SentencePatterns(target: target, inputs: inputs, words: words),
      quantity: name,
      counterfactual: record["counterfactual_tokens"]?.elements?.compactMap(\.text))
  }
}

extension WordPattern {
  /// nil when `value` is not what a pattern set's ``PatternSet/fields`` have for a word.
  init?(saved value: Value) {
    guard case .record(let record) = value, let position = record["position"]?.whole,
      let influence = record["influence"]?.number, let sign = record["sign"]?.whole,
      case .record(let embedding)? = record["embedding"],
      let nodes = embedding["nodes"]?.elements?.map({ $0.wholes ?? $0.whole.map { [$0] } ?? [] }),
      let through = embedding["influence"]?.number, nodes.count > 1, nodes.allSatisfy({ !$0.isEmpty }),
      nodes.joined().allSatisfy({ $0 >= 0 })
    else { return nil }
    let attention = AttentionPattern(saved: record["attention"])
    let feedForward = FeedForwardPattern(saved: record["feedforward"])
    guard (attention == nil) == (record["attention"] == nil),
      (feedForward == nil) == (record["feedforward"] == nil), attention != nil || feedForward == nil
    else { return nil }
    self.init(
      position: position, influence: influence, sign: sign,
      embedding: EmbeddingPattern(nodes: nodes, influence: through, steps: embedding["steps"]?.rows ?? []),
      attention: attention, feedForward: feedForward)
  }
}

extension AttentionPattern {
  fileprivate init?(saved value: Value?) {
    guard case .record(let record)? = value, let choices = record["nodes"]?.wholes,
      let influence = record["influence"]?.number, let steps = record["steps"]?.rows,
      let values = record["values"]?.numbers, steps.allSatisfy({ !$0.isEmpty }),
      [steps.count, values.count] == [choices.count, choices.count],
      zip(choices, steps).allSatisfy({ -1..<$1.count - 1 ~= $0 })
    else { return nil }
    self.init(
      choices: choices, influence: influence, heads: steps.map { Array($0.dropLast()) },
      skips: steps.compactMap(\.last), values: values)
  }
}

extension FeedForwardPattern {
  fileprivate init?(saved value: Value?) {
    guard case .record(let record)? = value, let nodes = record["nodes"]?.elements,
      let influence = record["influence"]?.number, let steps = record["steps"]?.elements,
      record["values"]?.numbers?.count == nodes.count, steps.count == nodes.count
    else { return nil }
    let choices = zip(nodes, steps).compactMap { Choice(saved: $0, $1) }
    guard choices.count == nodes.count else { return nil }
    self.init(
      steps: choices.map(\.step), influence: influence, feedForwards: choices.map { $0.values?[0] },
      skips: choices.map { $0.values?[1] })
  }

  /// A layer's step with the influences through the branch and the skip connection; nil for both where there is no choice.
  private struct Choice {
    let step: Step?
    let values: [Float]?

    init?(saved node: Value, _ values: Value) {
      if case .null = node, case .null = values {
        (step, self.values) = (nil, nil)
        return
      }
      guard let step = node.text.flatMap(Step.init(named:)), let numbers = values.numbers, numbers.count == 2
      else { return nil }
      (self.step, self.values) = (step, numbers.map { Float($0) })
    }
  }
}

extension Value {
  fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
  fileprivate var number: Double? { if case .number(let number) = self { number } else { nil } }
  fileprivate var isTrue: Bool { if case .bool(true) = self { true } else { false } }
  fileprivate var whole: Int? { number.flatMap { Int(exactly: $0) } }
  fileprivate var elements: [Value]? { if case .list(let elements) = self { elements } else { nil } }

  /// All elements as numbers, or nil.
  fileprivate var numbers: [Double]? {
    guard let elements else { return nil }
    let numbers = elements.compactMap(\.number)
    return numbers.count == elements.count ? numbers : nil
  }

  fileprivate var wholes: [Int]? {
    guard let numbers else { return nil }
    let wholes = numbers.compactMap { Int(exactly: $0) }
    return wholes.count == numbers.count ? wholes : nil
  }

  fileprivate var rows: [[Float]]? { elements?.compactMap { $0.numbers?.map { Float($0) } } }
}
