import ExactText
import Results

/// Rows of one computation, as files have them.
struct RowForm<Row> {
  /// What the computation is called, the name of the header's first field: "sweep".
  let kind: String
  /// What tells one computation from another; a file that is gone on with must have the same.
  let header: Record
  /// What fields whose values say nothing to a person stand for: "other rows of the task".
  let hashed: NameTable<String>
  /// The rows, in the order in which they are dealt to shares.
  let order: [Int]
  /// A row as the file has it: says itself which it is.
  let record: (_ index: Int, Row) -> Record
  /// nil for what is no row of this computation.
  ///
  /// - Throws: what is wrong with a row, for a person.
  let row: (Record) throws -> (index: Int, row: Row)?

  /// - Parameter hashed: beside the model, the task's rows and the interventions
  init(
    kind: String, header: Record, hashed: NameTable<String> = [:], order: [Int],
    record: @escaping (_ index: Int, Row) -> Record,
    row: @escaping (Record) throws -> (index: Int, row: Row)?
  ) {
    let always: NameTable<String> = [
      "model": "another model", "task_hash": "other rows of the task",
      Record.interventionsKey: Record.otherInterventions,
    ]
    self.hashed = always.merging(hashed) { $1 }
    (self.kind, self.header, self.order, self.record, self.row) = (kind, header, order, record, row)
  }

  var count: Int { order.count }
}

/// A row that a file of another computation could have.
struct ForeignRow: Error {
  /// "L9H9 is not swept here"
  let reason: String
}
