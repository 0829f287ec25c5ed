import ExactText
import Language
import Results

/// The rows of all shares of one file, without the computation that they are of.
struct MergedRows {
  let path: String
  let rows: [Record]

  /// Reads the shares and writes the whole file.
  ///
  /// - Parameters:
  ///   - path: of the whole file
  ///   - warn: told where what computed the shares differs
  /// - Throws: `MissingShares`, ``RowStoreFault``, ``RowFileFault``
  init(path: String, shares count: Int, warn: (String) -> Void) throws {
    self.path = path
    let shares = try (0..<count).map { try RowFile.Content(anyKindAt: Shard($0, of: count).path(of: path)) }
    guard let first = shares.compactMap(\.self).first else {
      throw MissingShares(of: path, Array(0..<count), among: count)
    }
    var (incomplete, common, dealt): ([Int], Record?, [[Record]]) = ([], nil, [])
    let total = first.rowCount
    for (index, share) in shares.enumerated() {
      guard let share else {
        incomplete.append(index)
        continue
      }
      try share.requireHeader(first.header(of: Shard(index, of: count)))
      var own: [Record] = []
      for (line, record) in share.rows {
        if try !share.take(line, record, into: &common) { own.append(record) }
      }
      let expected = (total - index + count - 1) / count
      if own.count < expected { incomplete.append(index) }
      if own.count > expected {
        throw share.badLine(share.rows.last?.line ?? 1, reason: "more rows than the share has")
      }
      dealt.append(own)
    }
    guard incomplete.isEmpty else {
      throw MissingShares(of: path, incomplete, among: count)
    }
    rows = try Self.inOrder(dealt, total, first)
    let computing = try RowFile.joined(shares.compactMap { $0?.computing }, warn: warn)
    try RowFile.write(
      path: path, header: first.header(of: nil).merging(computing) { $1 }, common: common, rows: rows)
  }

  /// Numbered rows by their numbers; nodes as they were dealt.
  private static func inOrder(
    _ dealt: [[Record]], _ total: Int, _ file: RowFile.Content
  ) throws -> [Record] {
    guard dealt.first?.first?["row"] != nil else {
      return (0..<total).map { dealt[$0 % dealt.count][$0 / dealt.count] }
    }
    var rows = [Record?](repeating: nil, count: total)
    for record in dealt.joined() {
      guard let number = record.row(of: total) else { throw file.badLine(2, reason: nil) }
      guard rows[number] == nil else { throw RowStoreFault.doubled(path: file.path, row: number) }
      rows[number] = record
    }
    return rows.compactMap(\.self)
  }
}
