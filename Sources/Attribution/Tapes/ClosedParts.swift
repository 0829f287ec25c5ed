import Transformers

/// What of a layer does not move at each output, since its value is replaced.
///
/// A derivative through a replaced value is 0. Neurons and feed-forward outputs close by the tape's slopes, which are 0 then.
struct ClosedParts {
  /// Columns of z for each output: those of replaced heads, all where the attention's output is replaced.
  private var columns: [[Range<Int>]]
  /// Whether the skip connections of the two branches and the layer's output are replaced, for each output.
  private var skips: [Bool]
  private var feedForwardSkips: [Bool]
  private var blocks: [Bool]

  /// nil when nothing is replaced.
  init?(_ edits: EditPlan, layer: Int, of tape: BlockTape, queryWidth: Int) {
    let points: [EditPoint] = [
      .context(layer: layer), .attention(layer: layer), .skip(layer: layer), .feedForwardSkip(layer: layer),
      .block(layer: layer),
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
    columns = Array(repeating: [], count: tape.outputs)
    (skips, feedForwardSkips, blocks) = (flags(points[2]), flags(points[3]), flags(points[4]))
    for (output, edit) in outputs(points[0]) {
      columns[output].append(edit.column..<edit.column + edit.count)
    }
    for (output, _) in outputs(points[1]) { columns[output] = [0..<queryWidth] }
  }

  /// Sets what belongs to replaced heads to 0 in derivatives of z, (rows, A dh), of the outputs that `tapeRows` names.
  func closeContexts(_ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int) {
    for row in 0..<rows {
      for range in columns[output(row, tapeRows)] {
        (x + row * width + range.lowerBound).update(repeating: 0, count: range.count)
      }
    }
  }

  /// The same of the columns of one head, (rows, columns).
  func closeHead(_ x: MutableFloats, columns head: Range<Int>, at tapeRows: [Int32], rows: Int) {
    for row in 0..<rows {
      for range in columns[output(row, tapeRows)] where range.overlaps(head) {
        let own = range.clamped(to: head)
        (x + row * head.count + own.lowerBound - head.lowerBound).update(repeating: 0, count: own.count)
      }
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
