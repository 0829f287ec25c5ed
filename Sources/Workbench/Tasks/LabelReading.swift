import Transformers
import ExactText
import Language
import Measurement

/// Tells which class of a model a label of a task is: its name or its number, from 0.
///
/// Names may be numbers themselves, such as the ratings 1 to 5, and then a label alone does not tell. All labels of the
/// task together do, unless all are names and all are numbers of classes, and not of the same.
struct LabelReading {
  private let model: LoadedModel
  /// The classes' numbers by their names, the first of a name that is given twice.
  private let numbers: NameTable<Int>
  /// nil where the labels are neither all names nor all numbers; each is read by itself then.
  private let meaning: MeasurementTask.LabelMeaning?

  /// - Throws: ``TaskUseFault`` for labels that can be both.
  init(of task: MeasurementTask, _ model: LoadedModel) throws {
    self.model = model
    let numbers = NameTable(model.configuration.labels.enumerated().map { ($1, $0) }) { first, _ in first }
    self.numbers = numbers
    let classes = model.configuration.labels
    let areNames = task.labels.allSatisfy { numbers[$0] != nil }
    let areNumbers = task.labels.allSatisfy { Self.number($0, classes) != nil }
    if task.labelMeaning == nil, areNames, areNumbers,
      let label = task.labels.sorted().first(where: { numbers[$0] != Self.number($0, classes) }
      )
    {
      throw TaskUseFault.ambiguousLabels(
        task: task.name, label: label, named: numbers[label] ?? 0,
        numbered: Self.number(label, classes) ?? 0)
    }
    meaning = task.labelMeaning ?? (areNames ? .name : areNumbers ? .number : nil)
  }

  /// - Throws: ``QuantityFault`` for what is no class.
  func index(of label: String) throws -> Int {
    let classes = model.configuration.labels
    let found =
      switch meaning {
      case .name: numbers[label]
      case .number: Self.number(label, classes)
      case nil: try QuantityParser.labelIndex(label, model: model)
      }
    guard let found else {
      throw QuantityFault.unknownLabel(
        label, labels: classes.enumerated().map { "\($0.offset) \($0.element)" })
    }
    return found
  }

  private static func number(_ label: String, _ classes: ClassLabels) -> Int? {
    Int(label).flatMap { classes.indices.contains($0) ? $0 : nil }
  }
}
