import Transformers

/// What of a layer does not move at each output, since its value is replaced.
///
/// A derivative through a replaced value is 0. Neurons and feed-forward outputs close by the tape's slopes, which are 0 then.
struct ClosedParts {
  /// Columns of z for each output: those of replaced heads, all where the attention's output is replaced.
  private var contexts: [[Range<Int>]]
  /// Columns of replaced queries, of (A dh), for each output; of keys and values, of (2 G dh), for tokens that have some.
  private var queries: [[Range<Int>]]
  private var keysAndValues: [Int32: [Range<Int>]] = [:]
  /// Whether the skip connections of the two branches and the layer's output are replaced, for each output.
  private var skips: [Bool]
  private var feedForwardSkips: [Bool]
  private var blocks: [Bool]

  /// nil when nothing is replaced.
  init?(_ edits: EditPlan, layer: Int, of tape: BlockTape, queryWidth: Int) {
    let points: [EditPoint] = [
      .context(layer: layer), .attention(layer: layer), .skip(layer: layer), .feedForwardSkip(layer: layer),
      .block(layer: layer), .queries(layer: layer), .keysAndValues(layer: layer),
    ]
    guard points.contains(where: { !edits.edits(at: $0).isEmpty }) else { return nil }
    let places = tape.outputsOfTokens
    func outputs(_ point: EditPoint) -> [(output: Int, edit: EditPlan.Edit)] {
      edits.edits(at: point).compactMap { edit in
        (places.map { $0[edit.token] } ?? edit.token).map { ($0, edit) }
      }
    }
    func flags(_ point: EditPoint) -> [Bool] {
      var flags = Array(repeating: false, count: tape.outputs)
      for (output, _) in outputs(point) { flags[output] = true }
      return flags
    }
    func columns(_ point: EditPoint) -> [[Range<Int>]] {
      var columns: [[Range<Int>]] = Array(repeating: [], count: tape.outputs)
      for (output, edit) in outputs(point) { columns[output].append(edit.column..<edit.column + edit.count) }
      return columns
    }
    (skips, feedForwardSkips, blocks) = (flags(points[2]), flags(points[3]), flags(points[4]))
    (contexts, queries) = (columns(points[0]), columns(points[5]))
    for (output, _) in outputs(points[1]) { contexts[output] = [0..<queryWidth] }
    for edit in edits.edits(at: points[6]) {
      keysAndValues[Int32(edit.token), default: []].append(edit.column..<edit.column + edit.count)
    }
  }

  /// Sets what belongs to replaced heads to 0 in derivatives of z, (rows, A dh), of the outputs that `tapeRows` names.
  func closeContexts(_ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int) {
    for row in 0..<rows {
      for range in contexts[output(row, tapeRows)] {
        (x + row * width + range.lowerBound).update(repeating: 0, count: range.count)
      }
    }
  }

  /// The same of the columns of one head, (rows, columns).
  func closeHead(_ x: MutableFloats, columns head: Range<Int>, at tapeRows: [Int32], rows: Int) {
    for row in 0..<rows { close(contexts[output(row, tapeRows)], of: head, x + row * head.count) }
  }

  /// Sets replaced queries to 0 in derivatives of some columns of them, rows `stride` apart.
  func closeQueries(
    _ x: MutableFloats, columns: Range<Int>, stride: Int, at outputs: [Int32]?, rows: Int
  ) {
    for row in 0..<rows { close(queries[output(row, outputs)], of: columns, x + row * stride) }
  }

  /// The same of keys and values, of (2 G dh); `tokens` are those of the rows, nil when they are all.
  func closeKeysAndValues(
    _ x: MutableFloats, columns: Range<Int>, stride: Int, at tokens: [Int32]?, rows: Int
  ) {
    guard !keysAndValues.isEmpty else { return }
    for row in 0..<rows {
      close(keysAndValues[tokens?[row] ?? Int32(row)] ?? [], of: columns, x + row * stride)
    }
  }

  private func close(_ ranges: [Range<Int>], of columns: Range<Int>, _ x: MutableFloats) {
    for range in ranges where range.overlaps(columns) {
      let own = range.clamped(to: columns)
      (x + own.lowerBound - columns.lowerBound).update(repeating: 0, count: own.count)
    }
  }

  /// Sets the rows of replaced skip connections to 0.
  func closeSkips(_ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int) {
    close(skips, x, at: tapeRows, rows: rows, width: width)
  }

  /// The same of the feed-forward branch's.
  func closeFeedForwardSkips(_ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int) {
    close(feedForwardSkips, x, at: tapeRows, rows: rows, width: width)
  }

  /// The same of the layer's outputs.
  func closeBlocks(_ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int) {
    close(blocks, x, at: tapeRows, rows: rows, width: width)
  }

  var replacesFeedForwardSkips: Bool { feedForwardSkips.contains(true) }
  var replacesBlocks: Bool { blocks.contains(true) }

  private func close(
    _ flags: [Bool], _ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int
  ) {
    for row in 0..<rows where flags[output(row, tapeRows)] {
      (x + row * width).update(repeating: 0, count: width)
    }
  }

  private func output(_ row: Int, _ tapeRows: [Int32]?) -> Int { tapeRows.map { Int($0[row]) } ?? row }

  /// The rows of tangents that reach outputs by way of their skip connections, with -1 for the replaced ones.
  func openSkips(_ skipRows: [Int32]?, at tapeRows: [Int32]?, rows: Int) -> [Int32] {
    open(skips, skipRows, at: tapeRows, rows: rows)
  }

  /// The same by way of the feed-forward branch's.
  func openFeedForwardSkips(_ skipRows: [Int32]?, at tapeRows: [Int32]?, rows: Int) -> [Int32] {
    open(feedForwardSkips, skipRows, at: tapeRows, rows: rows)
  }

  private func open(
    _ flags: [Bool], _ skipRows: [Int32]?, at tapeRows: [Int32]?, rows: Int
  ) -> [Int32] {
    (0..<rows).map { row in
      flags[output(row, tapeRows)] ? -1 : skipRows.map { $0[row] } ?? Int32(row)
    }
  }
}
