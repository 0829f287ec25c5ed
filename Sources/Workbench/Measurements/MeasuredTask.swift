import Language
import Measurement
import Results

/// A task's rows made ready for one model, whatever their kind.
enum MeasuredTask {
  /// Rows with a right answer: masked or labelled sentences.
  case answers(PreparedTask)
  /// Rows that are scored: minimal pairs or plain sentences.
  case sentences(PreparedSentences)

  var task: MeasurementTask {
    switch self {
    case .answers(let prepared): prepared.task
    case .sentences(let prepared): prepared.task
    }
  }

  var count: Int {
    switch self {
    case .answers(let prepared): prepared.rows.count
    case .sentences(let prepared): prepared.rows.count
    }
  }

  /// Rows of the file and of the choice that are left out.
  var skipped: Int {
    let unread = task.badRows.count
    switch self {
    case .answers(let prepared): return unread + prepared.badRows.count
    case .sentences(let prepared): return unread + prepared.badRows.count
    }
  }

  /// The same questions to the counterfactuals.
  ///
  /// - Throws: ``TextFault/noCounterfactual(text:)`` for a row without one.
  func exchanged(_ model: LoadedModel) throws -> MeasuredTask {
    switch self {
    case .answers(let prepared): .answers(try prepared.exchanged(model))
    case .sentences(let prepared): .sentences(try prepared.exchanged(model))
    }
  }

  /// The sentences of some rows, row by row.
  func texts(of rows: Range<Int>) -> [EncodedText] {
    switch self {
    case .answers(let prepared): prepared.rows[rows].map(\.text)
    case .sentences(let prepared): prepared.rows[rows].flatMap(\.sentences)
    }
  }
}

extension Bench {
  /// The task that an argument must be.
  func task(_ argument: Arguments.Bound, for what: String) throws -> MeasurementTask {
    guard case .object(let object) = argument.value, let task = (object as? TaskValue)?.task else {
      throw ValueFault.wrongType(expected: "a task", found: argument.value.typeName, what: what)
        .located(argument.span)
    }
    return task
  }

  /// The rows that the arguments choose, for the model.
  func measured(_ task: MeasurementTask, _ arguments: Arguments, _ model: LoadedModel) throws -> MeasuredTask
  {
    switch task.kind {
    case .masked, .labels, .prefixes, .greaterThan: .answers(try prepared(task, arguments, model))
    case .pairs, .text: .sentences(try preparedSentences(task, arguments, model))
    }
  }
}
