import Transformers
import Faults
import Language
import Measurement

/// The rows of a task with a right answer, checked against a model and in its tokens.
///
/// | kind | target | quantity | right when |
/// |---|---|---|---|
/// | masked | the [MASK]; of a causal model the last token before it | `correct - wrong`, logits | above 0 |
/// | prefixes | the last token | `correct - wrong`, logits | above 0 |
/// | greater than | the last token | probability of larger years less that of the others | above 0 |
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
  ///   - needsCounterfactuals: a row without one is a bad row.
  /// - Throws: ``TaskUseFault`` for a task without right answers or a model without the head it needs;
  ///   `TaskFault` when no row can be used; what `check` throws.
  init(
    _ task: MeasurementTask, model: LoadedModel, rows limit: Int? = nil, strict: Bool = false,
    needsCounterfactuals: Bool = false, check: InterruptionCheck = {}
  ) throws {
    try Self.checkHead(task, model)
    self.task = task
    let reader = try RowReader(task, model, needsCounterfactuals: needsCounterfactuals)
    (rows, badRows) = try task.prepared(limit: limit, strict: strict, check: check, reader.row)
  }

  /// Rows that are ready.
  init(_ task: MeasurementTask, rows: [PreparedRow], badRows: [BadRow] = []) {
    (self.task, self.rows, self.badRows) = (task, rows, badRows)
  }

  /// The same questions to the counterfactuals.
  func exchanged(_ model: LoadedModel) throws -> PreparedTask {
    PreparedTask(task, rows: try rows.map { try $0.exchanged(model) }, badRows: badRows)
  }

  private static func checkHead(_ task: MeasurementTask, _ model: LoadedModel) throws {
    switch task.kind {
    case .masked:
      try model.requireLanguageHead(for: task)
      if !model.isCausal, task.rows.allSatisfy({ MaskedSentence($0.example).isPrefix }) {
        throw TaskUseFault.needsCausal(model: model.name, task: task.name)
      }
    case .prefixes, .greaterThan:
      guard model.isCausal else { throw TaskUseFault.needsCausal(model: model.name, task: task.name) }
      try model.requireLanguageHead(for: task)
    case .labels: try model.requireClassifier(for: task)
    case .pairs, .text: throw TaskUseFault.noAnswers(task: task.name, kind: task.kind)
    }
  }
}

extension QuantityOfInterest {
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

  static func marginName(of label: Int, among labels: ClassLabels) -> String {
    func text(_ label: Int) -> String {
      // In quotes it cannot be taken for a number.
      Int(labels[label]) == nil ? "label[\(labels[label])]" : "label[\"\(labels[label])\"]"
    }
    let others = labels.indices.filter { $0 != label }.map(text)
    return text(label) + " - " + (others.count == 1 ? others[0] : "mean of the other labels")
  }
}
