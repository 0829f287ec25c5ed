import ExactText
import Faults
import Files
import Language
import Rendering
import Results
import Tensors

/// The finished rows of a computation: in memory, and in a file where one was named.
final class RowStore<Row> {
  /// nil where rows stay in memory.
  private let form: RowForm<Row>?
  private let file: RowFile?
  /// Those of this run, in the order of their numbers.
  private let own: [Int]
  private(set) var rows: [Row?]
  /// What all rows have in common, beside the header; see ``keep(common:)``.
  private(set) var common: Record?
  /// Of the rows in the file, in its order.
  private var written: [Int] = []

  /// All rows are computed, and kept in memory.
  init(count: Int) {
    (form, file, own) = (nil, nil, Array(0..<count))
    rows = Array(repeating: nil, count: count)
  }

  /// Opens or creates the file.
  ///
  /// - Parameters:
  ///   - shard: which rows are computed here; nil for all. The file is that of the share then.
  ///   - resumes: goes on with what is there; otherwise a file that is not empty is refused.
  init(_ form: RowForm<Row>, path: String, shard: Shard?, resumes: Bool) throws {
    self.form = form
    own = shard.map { $0.own(of: form.order).sorted() } ?? Array(0..<form.count)
    rows = Array(repeating: nil, count: form.count)
    let file = try RowFile(
      path: shard?.path(of: path) ?? path, of: form.kind, header: form.header(of: shard), hashed: form.hashed,
      resumes: resumes)
    self.file = file
    for (line, record) in file.rows { try take(record, line, of: file) }
  }

  /// The rows of all shares, which are written into one file.
  ///
  /// - Throws: `MissingShares`, ``RowFileFault``
  init(_ form: RowForm<Row>, gathering count: Int, path: String, warn: (String) -> Void) throws {
    (self.form, file, own) = (form, nil, Array(0..<form.count))
    rows = Array(repeating: nil, count: form.count)
    var incomplete: [Int] = []
    var computing: [Record] = []
    for index in 0..<count {
      let shard = Shard(index, of: count)
      guard
        let content = try RowFile.Content(
          path: shard.path(of: path), of: form.kind, header: form.header(of: shard), hashed: form.hashed)
      else {
        incomplete.append(index)
        continue
      }
      computing.append(content.computing)
      let own = Set(shard.own(of: form.order))
      for (line, record) in content.rows { try take(record, line, of: content, among: own) }
      if !own.allSatisfy({ rows[$0] != nil }) { incomplete.append(index) }
    }
    guard incomplete.isEmpty else { throw MissingShares(of: path, incomplete, among: count) }
    let header = form.header(of: nil).merging(try RowFile.joined(computing, warn: warn)) { $1 }
    try RowFile.write(path: path, header: header, common: common, rows: records)
  }

  private var records: [Record] {
    rows.enumerated().compactMap { index, row in row.flatMap { form?.record(index, $0) } }
  }

  private func take(
    _ record: Record, _ line: Int, of file: any RowLines, among own: Set<Int>? = nil
  ) throws {
    if try file.take(line, record, into: &common) { return }
    do {
      guard let (index, row) = try form?.row(record) else { throw file.badLine(line, reason: nil) }
      guard own?.contains(index) ?? true else { throw file.badLine(line, reason: "a row of another share") }
      guard rows[index] == nil else { throw file.badLine(line, reason: "a row that is there already") }
      rows[index] = row
      written.append(index)
    } catch let foreign as ForeignRow {
      throw file.badLine(line, reason: foreign.reason)
    }
  }

  // MARK: What is there

  /// Whether other jobs compute the rest.
  var isShare: Bool { own.count < rows.count }
  var isWhole: Bool { pending.isEmpty && !isShare }

  var path: String? { file?.path }
  /// Whether the end of the file was cut off and is dropped.
  var wasTorn: Bool { file?.wasTorn ?? false }
  /// How what computed rows of the file differs from what computes now; nil when it does not.
  var otherComputing: String? { file?.otherComputing }
  /// Rows that are to be computed by this run.
  var pending: [Int] { own.filter { rows[$0] == nil } }
  /// Of this run.
  var finished: [Int] { own.filter { rows[$0] != nil } }
  /// "9 of 72 rows"
  var extent: String { "\(finished.count) of \(own.count) rows" }

  // MARK: What is finished

  /// Adds a row; it is on the disk when this returns.
  func add(_ index: Int, _ row: Row) throws {
    if let file, let form { try file.append(form.record(index, row)) }
    rows[index] = row
    written.append(index)
  }

  /// Keeps what all rows have in common.
  func keep(common record: Record) throws {
    guard common == nil else { return }
    try file?.append([RowFile.commonKey: .record(record)])
    common = record
  }

  /// All rows are there: those of a file are put in order, whatever the order in which they were finished.
  func finish() throws {
    guard let file, written != written.sorted() else { return }
    try RowFile.write(path: file.path, header: file.header, common: common, rows: records)
  }
}

extension RowForm {
  /// - Parameter shard: nil for all rows
  func header(of shard: Shard?) -> Record {
    var header = header
    if let shard { header["shard"] = .string(shard.description) }
    return header
  }
}
