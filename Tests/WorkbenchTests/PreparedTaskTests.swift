import Transformers
import Faults
import FixtureFiles
import Foundation
import Measurement
import Testing

@testable import Language
@testable import Workbench

private func model(_ name: String) throws -> LoadedModel {
  let path = name == "demo" ? name : FixtureFiles.model(name).path
  return try LoadedModel(specifier: path, name: name, checkingWeights: false, environment: [:])
}

private func task(_ lines: [String], _ kind: MeasurementTask.Kind) throws -> MeasurementTask {
  try MeasurementTask(
    name: "t", bytes: Array(lines.joined(separator: "\n").utf8), path: "t.tsv", kind: kind)
}

@Suite struct PreparedTaskTests {
  private struct Reference: Decodable {
    let right: Int
    let margins: [Double]
  }

  /// Accuracy and margins are those of transformers in float64 (`scripts/fixtures/make-task-fixtures.py`).
  @Test(arguments: BuiltInTasks.names) func builtInTasksMeasureAsInTransformers(name: String) throws {
    let json = try Data(contentsOf: FixtureFiles.folder.appending(path: "measurement/tasks.json"))
    let expected = try #require(try JSONDecoder().decode([String: Reference].self, from: json)[name])
    let task = try #require(try BuiltInTasks.task(named: name))
    let isPrefix = name == "ioi" || name == "greater_than"
    let model = try model(isPrefix ? "demo-gpt2" : "demo")
    let prepared = try PreparedTask(task, model: model)
    #expect(prepared.badRows.isEmpty)
    #expect(prepared.rows.allSatisfy { $0.counterfactualIDs?.count == (name == "sst2" ? nil : $0.ids.count) })
    let evaluator = Evaluator(model: try model.transformer, memoryBudget: 1 << 30, check: {})
    let outcomes = try evaluator.outcomes(prepared.rows.map { $0.probe() })
    #expect(outcomes.count == task.rows.count)
    #expect(outcomes.count { $0.isCorrect } == expected.right)
    let differences = zip(outcomes, expected.margins).map { abs($0.value - $1) }
    #expect(differences.count == 20)
    // At most 4.0e-6 when it was written.
    #expect(differences.max()! < 2e-5, "\(name): \(differences.max()!)")
  }

  @Test func rowsOfThreeClasses() throws {
    let prepared = try PreparedTask(
      task(["the movie is good .\tpositive", "the movie is bad .\t0", "the movie\tbad"], .labels),
      model: try model("three-classes"))
    #expect(
      prepared.rows.map(\.quantityName) == [
        "label[positive] - mean of the other labels", "label[negative] - mean of the other labels",
      ])
    #expect(prepared.rows.map(\.target) == [0, 0])
    #expect(prepared.badRows.map(\.message) == ["line 3: the classifier has no label `bad`"])
    let values = prepared.rows[0].quantity.terms.map { ($0.output, $0.coefficient) }
    #expect(values.map(\.0) == [.label(0), .label(1), .label(2)])
    #expect(values.map(\.1) == [-0.5, -0.5, 1])
    #expect(prepared.rows[0].criteria == QuantityOfInterest.margins(of: 2, among: 3))
  }

  /// Against the logits themselves: the margin to the mean, and right exactly where the label's logit is largest.
  @Test func threeClassesAreRightWhereTheLogitIsLargest() throws {
    let model = try model("three-classes")
    let sentences = [
      "the movie is good .", "cats like the old key", "girl", "not bad", "the author laughs .",
    ]
    let lines = sentences.flatMap { sentence in (0..<3).map { "\(sentence)\t\($0)" } }
    let prepared = try PreparedTask(task(lines, .labels), model: model)
    let outcomes = try Evaluator(model: try model.transformer, memoryBudget: 1 << 30, check: {})
      .outcomes(prepared.rows.map { $0.probe() })
    for (index, outcome) in outcomes.enumerated() {
      let request = ForwardRequest(capture: [Site(.classLogits)])
      let result = try model.transformer.forward(prepared.rows[index].text.batch, request, check: {})
      let logits = try #require(result.activations[Site(.classLogits)]).values.map(Double.init)
      let (own, total) = (logits[index % 3], logits.reduce(0, +))
      #expect(abs(outcome.value - (own - (total - own) / 2)) < 1e-5)
      #expect(outcome.isCorrect == (own == logits.max()))
    }
    #expect(outcomes.count { $0.isCorrect } == sentences.count)
  }

  @Test func rowsTheModelCannotTake() throws {
    let long = Array(repeating: "the", count: 130).joined(separator: " ")
    let prepared = try PreparedTask(
      task(
        [
          "t\tS\tthe cat [MASK] old .\tis\tare", "t\tS\tthe cat [MASK] .\tunfathomable\tare",
          "t\tS\tthe cat [MASK] .\tIs\tis", "t\tS\t[MASK] \(long)\tis\tare",
          "t\tP\tthe cats [MASK] old .\tare\tis",
        ], .masked), model: try model("demo"))
    #expect(prepared.rows.map(\.line) == [1, 5])
    #expect(prepared.rows[0].target == 3)
    #expect(prepared.rows[1].caseName == "P")
    #expect(
      prepared.badRows.map(\.message) == [
        "line 2: \"unfathomable\" is not one vocabulary entry; its pieces are un ##fa ##th ##oma ##ble",
        "line 3: \"Is\" and \"is\" are the same vocabulary entry",
        "line 4: the text has 133 tokens with its special tokens, the limit is 128, "
          + "max_position_embeddings of config.json",
      ])
  }

  @Test func strictnessAndLimits() throws {
    let model = try model("demo")
    let sentiment = try task(["a film .\t1", "a film .\t2", "a film .\t-1", "a film .\tpositive"], .labels)
    #expect(try PreparedTask(sentiment, model: model, rows: 1, strict: true).rows.count == 1)
    #expect(try PreparedTask(sentiment, model: model).rows.map(\.line) == [1, 4])
    let fault = #expect(throws: TaskFault.self) { try PreparedTask(sentiment, model: model, strict: true) }
    #expect(fault?.message == "t.tsv:2: the classifier has no label `2`")
    let bad = try task(["a\t5", "b\t6"], .labels)
    let none = #expect(throws: TaskFault.self) { try PreparedTask(bad, model: model) }
    #expect(none?.message == "t.tsv: none of 2 rows can be used: line 1: the classifier has no label `5`")
    #expect(none?.remedy == "labels: 0 negative, 1 positive")
    #expect(throws: Interrupted.self) {
      try PreparedTask(sentiment, model: model) { throw Interrupted() }
    }
  }

  @Test func missingHeads() throws {
    func message(_ task: String, _ model: String) throws -> String? {
      let loaded = try LoadedModel(
        specifier: FixtureFiles.model(model).path, name: model, checkingWeights: false,
        environment: [:])
      let fault = #expect(throws: TaskUseFault.self) {
        try PreparedTask(try #require(try BuiltInTasks.task(named: task)), model: loaded)
      }
      return fault.map { "\($0.message) / \($0.remedy ?? "")" }
    }
    #expect(
      try message("sst2", "untied")
        == "model untied has no classifier, which the labelled sentences of sst2 need / load a model "
        + "fine-tuned for classification, such as \"demo\", or take a task of masked sentences")
    #expect(
      try message("sva_obj", "three-classes")
        == "model three-classes has no masked-LM head, which the masked sentences of sva_obj need / "
        + "load a model with a masked-LM head, such as \"demo\"")
  }

  @Test func pairsAndTextAreScored() throws {
    let model = try model("demo")
    let pairs = try task(
      [#"{"sentence_good":"the cat is old .","sentence_bad":"the cat are old .","UID":"u"}"#], .pairs)
    let prepared = try PreparedSentences(pairs, model: model)
    #expect(prepared.rows.map(\.caseName) == ["u"])
    #expect(
      prepared.rows[0].sentences.map(\.encoding.tokens) == [
        ["[CLS]", "the", "cat", "is", "old", ".", "[SEP]"],
        ["[CLS]", "the", "cat", "are", "old", ".", "[SEP]"],
      ])
    let text = try PreparedSentences(task(["one", "\u{200B}", "two"], .text), model: model)
    #expect(text.rows.map(\.line) == [1, 3])
    #expect(text.badRows.count == 1)
    let unanswered = #expect(throws: TaskUseFault.self) { try PreparedTask(pairs, model: model) }
    #expect(unanswered?.message == "t holds minimal pairs, which have no right output to read")
    let unscored = #expect(throws: TaskUseFault.self) {
      try PreparedSentences(try #require(try BuiltInTasks.task(named: "sst2")), model: model)
    }
    #expect(
      unscored?.message == "sst2 holds labelled sentences; only minimal pairs and plain sentences are scored")
  }

  /// A labelled row's patterns are those of its sentence with the labels' difference as the quantity.
  @Test func patternsOfLabelledRows() throws {
    let shell = try TestShell()
    try shell.run(
      """
      load "demo"
      let many = patterns(sst2, rows=2, points=6)
      qoi label[0] - label[1]
      let one = patterns(sst2.rows[1].sentence, points=6)
      """)
    func sentences(_ name: String) throws -> [PatternSet.Sentence] {
      guard case .object(let object)? = shell.interpreter.session.variables[name] else { return [] }
      return try #require(object as? PatternSet).sentences
    }
    let (many, one) = (try sentences("many"), try sentences("one"))
    try #require(many.count == 2 && one.count == 1)
    #expect(many[1].quantity == "label[negative] - label[positive]")
    #expect(many[1].patterns.target == 0)
    #expect(many[1].tokens == one[0].tokens)
    let differences = zip(many[1].patterns.inputs.influence, one[0].patterns.inputs.influence)
      .map { abs($0 - $1) }
    #expect(differences.count == one[0].tokens.count)
    #expect(differences.max()! < 1e-4, "\(differences)")
    #expect(
      many[1].patterns.words.map(\.embedding.nodes) == one[0].patterns.words.map(\.embedding.nodes))
  }
}
