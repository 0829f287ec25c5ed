import ExactText
import Language
import Results

/// The finished rows of a sweep on disk, a line for each node.
final class SweepFile {
  /// Of the format of the file.
  static let version = 1

  /// Fields that are hashes, which say nothing to a person.
  private static let hashed: NameTable = [
    "model": "another model", "task_hash": "other rows of the task", "nodes_hash": "other nodes",
    Record.interventionsKey: Record.otherInterventions,
  ]

  private let file: RowFile
  /// What the file held, by node.
  private(set) var rows: NameTable<SweepResult.Row> = [:]

  var path: String { file.path }
  /// Whether the end of the file was cut off and is dropped.
  var wasTorn: Bool { file.wasTorn }

  /// Opens or creates the file, and writes the header if it is new.
  ///
  /// - Parameters:
  ///   - header: what tells one sweep from another; a file that is gone on with must have the same.
  ///   - nodes: those that rows may be about.
  ///   - resumes: goes on with what is there; otherwise a file that is not empty is refused.
  init(path: String, header: Record, nodes: Set<Name>, resumes: Bool) throws {
    file = try RowFile(path: path, of: "sweep", header: header, hashed: Self.hashed, resumes: resumes)
    for (line, record) in file.rows {
      guard let row = SweepResult.Row(saved: record) else { throw file.badLine(line) }
      guard nodes.contains(row.node) else {
        throw file.badLine(line, reason: "\(row.node) is not swept here")
      }
      rows[row.node] = row
    }
  }

  /// Adds a row; it is on the disk when this returns.
  func append(_ row: SweepResult.Row) throws {
    try file.append(row.record)
    rows[row.node] = row
  }
}

extension SweepResult.Row {
  /// nil when a field is missing. JSON has null for a number that is not finite.
  fileprivate init?(saved record: Record) {
    func number(_ measure: SweepResult.Measure) -> Double? {
      switch record[measure.rawValue] {
      case .number(let number)?: number
      case .null?: .nan
      default: nil
      }
    }
    guard case .string(let node)? = record["node"], let accuracy = number(.accuracy),
      let mean = number(.mean),
      let accuracyDifference = number(.accuracyDifference), let meanDifference = number(.meanDifference)
    else { return nil }
    self.init(
      node: node, accuracy: accuracy, mean: mean, accuracyDifference: accuracyDifference,
      meanDifference: meanDifference)
  }
}
