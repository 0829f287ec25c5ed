import Transformers
import Faults
import Language
import Measurement

/// The rows of a task with a right answer, checked against a model and in its tokens.
///
/// | kind | target | quantity | right when |
/// |---|---|---|---|
/// | masked | the [MASK]; of a causal model the last token before it | `correct - wrong`, logits | above 0 |
/// | labels, 2 classes | [CLS], of a causal model the last token | `label[correct] - label[other]`, logits | above 0 |
/// | labels, C > 2 classes | [CLS] | `label[correct]` less the mean of the other C - 1 logits | its logit is the largest |
///
/// Classes that do not exclude each other, and regressions, have no right label: such a model is refused.
///
/// With more than two classes the margin to the best other label is not linear, and which label that is may change
/// along a path of inputs; so the quantity is the margin to their mean, and accuracy goes by the logits themselves.
struct PreparedTask: Sendable {
  let task: MeasurementTask
  /// In the order of the file; at least one.
  let rows: [PreparedRow]
  /// Rows the model cannot take: words of several pieces, too many tokens, labels it does not have.
  let badRows: [BadRow]

  /// - Parameters:
  ///   - rows: only the first so many rows of the task; the bad ones among them are not made up for.
  ///   - strict: the first bad row is an error.
  /// - Throws: ``TaskUseFault`` for a task without right answers or a model without the head it needs;
  ///   `TaskFault` when no row can be used; what `check` throws.
  init(
    _ task: MeasurementTask, model: LoadedModel, rows limit: Int? = nil, strict: Bool = false,
    check: InterruptionCheck = {}
  ) throws {
    try Self.checkHead(task, model)
    self.task = task
    let labels = try LabelReading(of: task, model)
    (rows, badRows) = try task.prepared(limit: limit, strict: strict, check: check) {
      try PreparedRow($0, model: model, labels)
    }
  }

  private static func checkHead(_ task: MeasurementTask, _ model: LoadedModel) throws {
    switch task.kind {
    case .masked: try model.requireLanguageHead(for: task)
    case .labels: try model.requireClassifier(for: task)
    case .pairs, .text: throw TaskUseFault.noAnswers(task: task.name, kind: task.kind)
    }
  }
}

extension PreparedRow {
  /// - Throws: the fault that makes it a bad row.
  fileprivate init(_ row: MeasurementTask.Row, model: LoadedModel, _ reading: LabelReading) throws {
    switch row.content {
    case .masked(let sentence, let correct, let wrong):
      let question = MaskedSentence(sentence)
      let text = try EncodedText(SentenceText(text: question.text(for: model)), model: model)
      let (quantity, name) = (
        try QuantityOfInterest.words(correct, wrong, continuing: question.hasBlank, model),
        "\(correct) - \(wrong)"
      )
      self.init(
        text: text.asked(name), target: try text.target(position: nil), quantity: quantity,
        quantityName: name, caseName: row.caseName, line: row.line, criteria: [quantity])
    case .labelled(let sentence, let name):
      let text = try EncodedText(SentenceText(text: sentence), model: model)
      let (label, labels) = (try reading.index(of: name), model.configuration.labels)
      let name = QuantityOfInterest.marginName(of: label, among: labels)
      self.init(
        text: text.asked(name), target: text.classifiedPosition,
        quantity: .margin(of: label, among: labels.count),
        quantityName: name, caseName: row.caseName,
        line: row.line, criteria: QuantityOfInterest.margins(of: label, among: labels.count))
    case .pair, .text: preconditionFailure("a row without an answer")
    }
  }
}

extension QuantityOfInterest {
  fileprivate static func words(
    _ correct: String, _ wrong: String, continuing: Bool, _ model: LoadedModel
  ) throws -> QuantityOfInterest {
    let (right, other) = (
      try QuantityParser.tokenID(correct, continuing: continuing, model: model),
      try QuantityParser.tokenID(wrong, continuing: continuing, model: model)
    )
    guard right != other else { throw TaskUseFault.sameToken(correct, wrong) }
    return QuantityOfInterest(terms: [
      Term(coefficient: 1, readout: .logit, output: .token(right)),
      Term(coefficient: -1, readout: .logit, output: .token(other)),
    ])
  }

  /// `logit[label]` less the mean of the other logits.
  static func margin(of label: Int, among count: Int) -> QuantityOfInterest {
    QuantityOfInterest(
      terms: (0..<count).map {
        Term(
          coefficient: $0 == label ? 1 : -1 / Double(count - 1), readout: .logit, output: .label($0))
      })
  }

  /// `logit[label]` less each of the other logits: all are above 0 where it is the largest.
  static func margins(of label: Int, among count: Int) -> [QuantityOfInterest] {
    (0..<count).filter { $0 != label }.map { other in
      QuantityOfInterest(terms: [
        Term(coefficient: 1, readout: .logit, output: .label(label)),
        Term(coefficient: -1, readout: .logit, output: .label(other)),
      ])
    }
  }

  fileprivate static func marginName(of label: Int, among labels: ClassLabels) -> String {
    func text(_ label: Int) -> String {
      // In quotes it cannot be taken for a number.
      Int(labels[label]) == nil ? "label[\(labels[label])]" : "label[\"\(labels[label])\"]"
    }
    let others = labels.indices.filter { $0 != label }.map(text)
    return text(label) + " - " + (others.count == 1 ? others[0] : "mean of the other labels")
  }
}
