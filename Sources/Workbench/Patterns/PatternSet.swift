import Attribution
import Language
import Results

/// The patterns of one sentence's words, or of many sentences.
struct PatternSet: InterventionResult {
  struct Sentence: Sendable {
    let tokens: [String]
    let patterns: SentencePatterns
    /// As the quantity was typed, or `correct - wrong` of a task's row.
    let quantity: String
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

  var typeName: String { "pattern set" }

  private var isOneSentence: Bool { sentences.count == 1 && taskName.isEmpty }

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
    var fields: Record = isOneSentence ? sentences[0].fields : ["task": .string(taskName)]
    fields["completeness"] = .number(sentences.map(\.patterns.inputs.incompleteness).max() ?? 0)
    fields["model"] = .string(modelName)
    fields["baseline"] = .string(baseline)
    fields.state(interventions)
    if let search { fields["search"] = .record(search.record) }
    if isOneSentence { return fields }
    fields["count"] = Value(sentences.count)
    fields["requested"] = Value(requested)
    fields["sentences"] = .list(sentences.map { .record($0.fields) })
    return fields
  }

  var display: Value {
    if isOneSentence { return sentences[0].display }
    let rows = sentences.enumerated().flatMap { index, sentence in
      sentence.patterns.words.map { [Value(index)] + sentence.row($0) }
    }
    return .list([.string(summary), .table(Table(columns: ["sentence"] + Sentence.columns, rows: rows))])
  }
}

extension PatternSet {
  /// A row for each word.
  var sheet: Table? {
    Table(
      columns: [
        "sentence", "position", "token", "influence", "embedding_path", "embedding_influence",
        "attention_path", "attention_influence",
      ],
      rows: sentences.enumerated().flatMap { index, sentence in
        sentence.patterns.words.map { [Value(index)] + sentence.row($0) }
      })
  }
}

extension PatternSet.Sentence {
  static let columns = [
    "position", "token", "influence", "embedding path", "through it", "attention path", "through it ",
  ]

  var fields: Record {
    let inputs = patterns.inputs
    return [
      "tokens": .strings(tokens), "target": Value(patterns.target), "qoi_name": .string(quantity),
      "influence": .list(inputs.influence.map(Value.number)),
      "words": .list(patterns.words.map { .record(fields(of: $0)) }), "qoi": .number(inputs.quantity),
      "qoi_baseline": .number(inputs.quantityAtBaseline),
      "completeness_gap": .number(inputs.completenessGap), "points": Value(inputs.points),
    ]
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
    return fields
  }

  var display: Value {
    var result: Record = [
      "qoi": .string(quantity), "at input": .number(patterns.inputs.quantity),
      "at baseline": .number(patterns.inputs.quantityAtBaseline),
      "completeness gap": .number(patterns.inputs.completenessGap),
      "words": .table(Table(columns: Self.columns, rows: patterns.words.map(row))),
    ]
    if let verdict = patterns.inputs.verdict { result["verdict"] = .string(verdict) }
    return .record(result)
  }

  func row(_ word: WordPattern) -> [Value] {
    let nodes = word.embedding.nodes.map { $0.map(String.init).joined(separator: ",") }
    return [
      Value(word.position), .string(tokens[word.position]), .number(word.influence),
      .string(nodes.joined(separator: " ")), .number(word.embedding.influence),
      word.attention.map { .string(path(word.embedding.nodes.map { $0[0] }, $0.choices)) } ?? .null,
      word.attention.map { .number($0.influence) } ?? .null,
    ]
  }

  /// `2 skip*3 2 H7 7`: positions with the head or the skip connections between them. A run of skip connections, which
  /// stays at its position, is written once, so that a path fits beside the others.
  private func path(_ nodes: [Int], _ choices: [Int]) -> String {
    var words = ["\(nodes[0])"]
    var run = 0
    for (layer, choice) in choices.enumerated() {
      run = choice < 0 ? run + 1 : 0
      if run > 1, nodes[layer] == nodes[layer + 1] {
        words[words.count - 2] = "skip*\(run)"
      } else {
        words += [choice < 0 ? "skip" : "H\(choice)", "\(nodes[layer + 1])"]
      }
    }
    return words.joined(separator: " ")
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
