import Attribution
import ExactText
import Language
import Results

/// The patterns of one sentence's words, or of many sentences.
struct PatternSet: InterventionResult {
  struct Sentence: Sendable {
    let tokens: [String]
    let patterns: SentencePatterns
    /// As the quantity was typed, or `correct - wrong` of a task's row.
    let quantity: String
    /// Tokens that the path starts from; nil where it starts from the same one everywhere.
    var counterfactual: [String]?
  }

  let sentences: [Sentence]
  let modelName: String
  let baseline: String
  /// Where the sentences come from; empty for a sentence of one's own.
  let taskName: String
  /// Sentences that were asked for; more than there are when the search was interrupted.
  let requested: Int
  /// What was done to the network while they were searched.
  var interventions: [String] = []
  /// nil for patterns out of a file that does not tell.
  var search: PatternSearch?
  /// Whether positions read only those before them: what stands after the target is no part of a drawing.
  var isCausal = false

  var typeName: String { "pattern set" }

  /// Whether this is one of the sentences of a set, which is told apart by its number there.
  private(set) var isMember = false

  private var isOneSentence: Bool { sentences.count == 1 && (taskName.isEmpty || isMember) }

  /// Each sentence as a set of its own.
  private var members: [PatternSet] { sentences.map { part([$0], isMember: true) } }

  private func part(_ sentences: [Sentence], isMember: Bool) -> PatternSet {
    var part = PatternSet(
      sentences: sentences, modelName: modelName, baseline: baseline, taskName: taskName,
      requested: sentences.count, interventions: interventions, search: search, isCausal: isCausal)
    part.isMember = isMember
    return part
  }

  /// A drawing shows at most so many structures.
  static let mostStructures = 8

  /// The sentences of each length and target, the most frequent first: what one drawing shows.
  var byStructure: [PatternSet] {
    struct Structure: Hashable {
      let length: Int
      let target: Int
    }
    if sentences.isEmpty { return [self] }
    let groups = Dictionary(grouping: sentences.indices) {
      Structure(length: sentences[$0].tokens.count, target: sentences[$0].patterns.target)
    }
    guard groups.count > 1 else { return [self] }
    return groups.values.sorted { ($1.count, $0[0]) < ($0.count, $1[0]) }.map { indices in
      part(indices.map { sentences[$0] }, isMember: isMember)
    }
  }

  var summary: String {
    let words = sentences.reduce(0) { $0 + $1.patterns.words.count }
    let source = taskName.isEmpty ? "" : " of \(taskName)"
    let missing =
      requested > sentences.count ? ", interrupted before the other \(requested - sentences.count)" : ""
    return
      "patterns of \(words) words in \(sentences.count) sentence\(sentences.count == 1 ? "" : "s")\(source)\(missing)"
  }

  /// One sentence's own fields; `sentences` and a summary for several.
  var fields: Record {
    if isMember { return memberFields }
    var fields: Record = isOneSentence ? sentences[0].fields : ["task": .string(taskName)]
    fields["completeness"] = .number(sentences.map(\.patterns.inputs.incompleteness).max() ?? 0)
    fields["model"] = .string(modelName)
    fields["baseline"] = .string(baseline)
    fields.state(interventions)
    if let search { fields["search"] = .record(search.record) }
    if isCausal { fields["causal"] = .bool(true) }
    if isOneSentence { return fields }
    fields["count"] = Value(sentences.count)
    fields["requested"] = Value(requested)
    fields["sentences"] = .list(members.map { .object($0) })
    return fields
  }

  /// Of one sentence `sentences` is no part of the data, but may be asked for: a script need not know how many there are.
  func field(_ name: String) throws -> Value? {
    name == "sentences" ? .list(members.map { .object($0) }) : fields[name]
  }

  /// Those of the sentence, and what it takes to read them back by themselves.
  private var memberFields: Record {
    var fields = sentences[0].fields
    fields["model"] = .string(modelName)
    fields["baseline"] = .string(baseline)
    if isCausal { fields["causal"] = .bool(true) }
    return fields
  }

  var display: Value {
    if isOneSentence { return sentences[0].display }
    let rows = rows
    let columns = ["sentence"] + Sentence.columns(to: finestLevel)
    return .list([.string(summary), .table(Table(columns: columns, rows: rows))])
  }
}

extension PatternSet {
  /// A row for each word.
  var sheet: Table? {
    Table(
      columns: [
        "sentence", "position", "token", "influence", "embedding_path", "embedding_influence",
        "attention_path", "attention_influence",
      ] + (finestLevel == .feedForward ? ["feedforward_path", "feedforward_influence"] : []), rows: rows)
  }

  private var rows: [[Value]] {
    let level = finestLevel
    return sentences.enumerated().flatMap { index, sentence in
      sentence.patterns.words.map { [Value(index)] + sentence.row($0, to: level) }
    }
  }

  /// How far all of the patterns were refined.
  var finestLevel: PatternLevel {
    sentences.flatMap(\.patterns.words).map(\.finestLevel).min() ?? .attention
  }
}

extension PatternSet.Sentence {
  static func columns(to level: PatternLevel) -> [String] {
    ["position", "token", "influence", "embedding path", "through it", "attention path", "through it "]
      + (level == .feedForward ? ["feed-forward path", "through it  "] : [])
  }

  var fields: Record {
    let inputs = patterns.inputs
    var fields: Record = [
      "tokens": .strings(tokens), "target": Value(patterns.target), "qoi_name": .string(quantity),
      "influence": .list(inputs.influence.map(Value.number)),
      "words": .list(patterns.words.map { .record(self.fields(of: $0)) }),
      "qoi": .number(inputs.quantity),
      "qoi_baseline": .number(inputs.quantityAtBaseline),
      "completeness_gap": .number(inputs.completenessGap), "points": Value(inputs.points),
    ]
    if let counterfactual { fields["counterfactual_tokens"] = .strings(counterfactual) }
    return fields
  }

  func fields(of word: WordPattern) -> Record {
    var fields: Record = [
      "position": Value(word.position), "token": .string(tokens[word.position]),
      "influence": .number(word.influence), "sign": Value(word.sign),
      "embedding": [
        "nodes": .list(word.embedding.nodes.map { $0.count == 1 ? Value($0[0]) : .numbers($0) }),
        "influence": .number(word.embedding.influence),
        "steps": .list(word.embedding.steps.map(Value.numbers)),
      ],
    ]
    if let attention = word.attention {
      fields["attention"] = [
        "nodes": .numbers(attention.choices), "influence": .number(attention.influence),
        "steps": .list(zip(attention.heads, attention.skips).map { .numbers($0 + [$1]) }),
        "values": .list(attention.values.map(Value.number)),
      ]
    }
    if let feedForward = word.feedForward { fields["feedforward"] = .record(record(of: feedForward, word)) }
    return fields
  }

  /// Steps are null where a parallel block is entered by a head: there what flows stays as it was before.
  private func record(of pattern: FeedForwardPattern, _ word: WordPattern) -> Record {
    let candidates = zip(pattern.feedForwards, pattern.skips)
    var value = word.attention?.influence ?? word.embedding.influence
    let values = zip(pattern.steps, candidates).map { step, values -> Double in
      let chosen = step == .feedForward ? values.0 : step == .skip ? values.1 : nil
      value = chosen.map { Double(word.sign) * Double($0) } ?? value
      return value
    }
    return [
      "nodes": .list(pattern.steps.map { $0.map { .string($0.rawValue) } ?? .null }),
      "influence": .number(pattern.influence),
      "steps": .list(
        candidates.map { branch, skip in branch.flatMap { a in skip.map { .numbers([a, $0]) } } ?? .null }),
      "values": .list(values.map(Value.number)),
    ]
  }

  private var finestLevel: PatternLevel { patterns.words.map(\.finestLevel).min() ?? .attention }

  var display: Value {
    let level = finestLevel
    var result: Record = [
      "qoi": .string(quantity), "at input": .number(patterns.inputs.quantity),
      "at baseline": .number(patterns.inputs.quantityAtBaseline),
      "completeness gap": .number(patterns.inputs.completenessGap),
      "words": .table(
        Table(columns: Self.columns(to: level), rows: patterns.words.map { row($0, to: level) })),
    ]
    if let verdict = patterns.inputs.verdict { result["verdict"] = .string(verdict) }
    return .record(result)
  }

  func row(_ word: WordPattern, to level: PatternLevel) -> [Value] {
    let nodes = word.embedding.nodes.map { $0.map(String.init).joined(separator: ",") }
    let path = PathText(word)
    return [
      Value(word.position), .string(tokens[word.position]), .number(word.influence),
      .string(nodes.joined(separator: " ")), .number(word.embedding.influence),
    ]
      + (level == .feedForward ? [PatternLevel.attention, .feedForward] : [.attention]).flatMap { level in
        [
          path.text(at: level).map { .string($0) } ?? .null,
          word.influence(at: level).map { .number($0) } ?? .null,
        ]
      }
  }
}

extension InputInfluence {
  /// |completeness gap| as a share of the total |influence|; 0 for none of both.
  var incompleteness: Double {
    let total = influence.reduce(0) { $0 + abs($1) }
    return completenessGap == 0 ? 0 : abs(completenessGap) / total
  }

  /// What to do when the influences do not add up to the change of the quantity; nil when they nearly do.
  ///
  /// The bound is 5 % of the total |influence|, below which the picture of a sentence does not change.
  var verdict: String? {
    guard incompleteness > 0.05 else { return nil }
    return
      "the influences miss the change of the quantity by more than 5 %: raise points, or use quadrature=gauss"
  }
}
