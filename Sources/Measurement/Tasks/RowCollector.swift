import Faults

/// Collects rows, whose texts it puts together: one allocation for thousands of them.
struct RowCollector {
  private(set) var rows: [MeasurementTask.Row] = []
  /// Of the rows that are not moved yet, and where each begins.
  private var text: [UInt8] = []
  private var starts: [Int] = []

  private static let chunk = 1 << 20

  /// - Throws: ``HeldMemoryFault``.
  mutating func append(_ row: MeasurementTask.Row) throws {
    if text.count + row.text.byteCount > Self.chunk { try complete() }
    starts.append(text.count)
    row.text.append(to: &text)
    rows.append(row)
  }

  /// Lets the last rows share their text.
  ///
  /// - Throws: ``HeldMemoryFault``.
  mutating func complete() throws {
    let first = rows.count - starts.count
    for (index, start) in starts.enumerated() {
      rows[first + index].text = rows[first + index].text.moved(to: text, at: start)
    }
    try MemoryBudget.current?.note(text.count + starts.count * MemoryLayout<MeasurementTask.Row>.stride)
    (text, starts) = ([], [])
  }
}
