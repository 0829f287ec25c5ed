import ExactText

/// A measurement of many sentences, one by one: what is found for a sentence depends on no other but where said.
///
/// Summaries are made of the findings, so that findings can be written to a file as they come and taken up again.
public protocol Experiment: Sendable {
  associatedtype Found: Finding

  /// What is found for each of some rows.
  func findings(_ rows: [Int], in context: ExperimentContext) throws -> [Found]
}

/// What an experiment found for one sentence.
public protocol Finding: Sendable {
  /// All of it as numbers, to be written to a file. Names do not repeat.
  var numbers: NamedNumbers { get }

  /// nil when `numbers` are not those of such a finding.
  init?(numbers: NamedNumbers)
}

/// Lists of numbers with names, in order.
public struct NamedNumbers: Sendable {
  public private(set) var fields: [(name: String, values: [Double])] = []

  public init(_ fields: KeyValuePairs<String, [Double]> = [:]) {
    self.fields = fields.map { ($0.key, $0.value) }
  }

  public init(_ fields: [(name: String, values: [Double])]) { self.fields = fields }

  /// nil when there is no such list.
  public subscript(name: String) -> [Double]? { fields.first { $0.name == name }?.values }

  /// A list of one number.
  func number(_ name: String) -> Double? {
    guard let values = self[name], values.count == 1 else { return nil }
    return values[0]
  }

  /// A list of whole numbers.
  func wholes(_ name: String) -> [Int]? {
    guard let values = self[name] else { return nil }
    let wholes = values.compactMap { Int(exactly: $0) }
    return wholes.count == values.count ? wholes : nil
  }
}

extension Experiment {
  /// The findings of some rows of the context, of all when nil, some at a time.
  ///
  /// - Parameters:
  ///   - finished: Called for each finding; what it throws ends the run.
  ///   - progress: Told how many of these rows are finished.
  /// - Returns: For each of these rows.
  @discardableResult
  public func run(
    _ rows: [Int]? = nil, in context: ExperimentContext,
    finished: (_ row: Int, Found) throws -> Void = { _, _ in },
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws -> [Found] {
    let rows = rows ?? Array(context.rows.indices)
    var found: [Found] = []
    for start in stride(from: 0, to: rows.count, by: ExperimentContext.batch) {
      progress(found.count, rows.count)
      let part = Array(rows[start..<min(start + ExperimentContext.batch, rows.count)])
      for (row, finding) in zip(part, try findings(part, in: context)) {
        found.append(finding)
        try finished(row, finding)
      }
    }
    progress(found.count, rows.count)
    return found
  }
}
