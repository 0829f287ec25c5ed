import ExactText
import Files
import Rendering
import Results
import Transformers

/// What rows of tasks are to files of rows: numbers from 0, dealt by length.
extension PreparedTask {
  /// The rows by their tokens, then in their order: what shares are dealt from.
  var shareOrder: [Int] { MeasuredTask.order(of: rows.map(\.ids.count)) }

  /// Some of the rows.
  func selecting(_ numbers: [Int]) -> PreparedTask { PreparedTask(task, rows: numbers.map { rows[$0] }) }

  /// A hash of what is asked of each row.
  ///
  /// - Parameter readsCounterfactuals: whether answers depend on them
  func identity(readsCounterfactuals: Bool) -> String {
    var hash = SHA256()
    for row in rows {
      hash.update("\(row.ids) \(row.types) \(row.target) \(row.quantity.identity)\n".utf8)
      if readsCounterfactuals { hash.update("\(row.counterfactualIDs ?? [])\n".utf8) }
    }
    return hash.finalize()
  }
}

extension MeasuredTask {
  var shareOrder: [Int] {
    switch self {
    case .answers(let prepared): prepared.shareOrder
    case .sentences(let prepared):
      Self.order(of: prepared.rows.map { $0.sentences.reduce(0) { $0 + $1.count } })
    }
  }

  static func order(of lengths: [Int]) -> [Int] {
    lengths.indices.sorted { (lengths[$0], $0) < (lengths[$1], $1) }
  }

  /// Some of the rows.
  func selecting(_ numbers: [Int]) -> MeasuredTask {
    switch self {
    case .answers(let prepared): .answers(prepared.selecting(numbers))
    case .sentences(let prepared): .sentences(prepared.selecting(numbers))
    }
  }

  /// A hash of the rows and of what is asked of them.
  var identity: String {
    get throws {
      var hash = SHA256()
      for row in task.rows { hash.update(try JSONText.string(.record(row.fields)).utf8) }
      hash.update((task.labelMeaning?.rawValue ?? "").utf8)
      return hash.finalize()
    }
  }
}

extension QuantityOfInterest {
  /// What its value depends on.
  fileprivate var identity: String {
    "QuantityOfInterest(terms: \(String(reflecting: terms)), normalization: \(String(reflecting: normalization)))"
  }
}

extension Record {
  /// A line of a file about one row.
  init(row: Int, _ fields: Record) {
    self = ["row": Value(row)]
    merge(fields) { own, _ in own }
  }

  /// The number of one of so many rows, that a line of a file is about.
  func row(of count: Int) -> Int? {
    guard case .number(let number)? = self["row"], let row = Int(exactly: number), 0..<count ~= row else {
      return nil
    }
    return row
  }

  /// A list of numbers.
  func savedList(_ key: String) -> [Double]? {
    guard case .list(let elements)? = self[key] else { return nil }
    let numbers = elements.compactMap(\.savedNumber)
    return numbers.count == elements.count ? numbers : nil
  }

  /// A number.
  func saved(_ key: String) -> Double? { self[key]?.savedNumber }
}

extension Value {
  /// NaN for null, which JSON has for a number that is not finite.
  fileprivate var savedNumber: Double? {
    switch self {
    case .number(let number): number
    case .null: .nan
    default: nil
    }
  }
}

extension Bench {
  /// What makes a computation another one beside what it is of and its options: what is done to the network, and its weights.
  func identified(_ header: Record, of model: LoadedModel) -> Record {
    var header = header
    header["interventions"] = .strings(state.interventions.descriptions(on: model))
    header.identify(state.interventions, on: model)
    header["model"] = .string(model.folder.fingerprint)
    return header
  }

  /// Whether the interventions take values from the rows' counterfactuals.
  func interventionsReadCounterfactuals(_ model: LoadedModel) -> Bool {
    state.interventions.acting(on: model).contains(where: \.source.readsCounterfactual)
  }
}
