import Encoders

/// What of a layer's attention block does not move at each output, since its value is replaced.
///
/// A derivative through a replaced value is 0. The block's sum has two parts that can be replaced one without the other,
/// heads and skip connection; where everything that an output depends on is replaced, its tape's scale or slopes are 0
/// instead.
struct ClosedParts {
  /// Columns of z for each output: those of replaced heads, all where the attention's output is replaced.
  private var columns: [[Range<Int>]]
  /// Whether the skip connection is replaced, for each output.
  private var skips: [Bool]

  /// nil when nothing is replaced.
  init?(_ edits: EditPlan, layer: Int, of tape: LayerTape, hidden: Int) {
    let points = [EditPoint.context(layer: layer), .attention(layer: layer), .skip(layer: layer)]
    let (contexts, attention, skips) = (
      edits.edits(at: points[0]), edits.edits(at: points[1]), edits.edits(at: points[2])
    )
    guard !(contexts.isEmpty && attention.isEmpty && skips.isEmpty) else { return nil }
    let places = tape.outputsOfTokens
    func output(_ edit: EditPlan.Edit) -> Int? { places.map { $0[edit.token] } ?? edit.token }
    columns = Array(repeating: [], count: tape.outputs)
    self.skips = Array(repeating: false, count: tape.outputs)
    for edit in contexts {
      output(edit).map { columns[$0].append(edit.column..<edit.column + edit.count) }
    }
    for edit in attention { output(edit).map { columns[$0] = [0..<hidden] } }
    for edit in skips { output(edit).map { self.skips[$0] = true } }
  }

  /// Sets what belongs to replaced heads to 0 in derivatives of z, (rows, d), of the outputs that `tapeRows` names.
  func closeContexts(_ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int) {
    for row in 0..<rows {
      for range in columns[tapeRows.map { Int($0[row]) } ?? row] {
        (x + row * width + range.lowerBound).update(repeating: 0, count: range.count)
      }
    }
  }

  /// Sets the rows of replaced skip connections to 0.
  func closeSkips(_ x: MutableFloats, at tapeRows: [Int32]?, rows: Int, width: Int) {
    for row in 0..<rows where skips[tapeRows.map { Int($0[row]) } ?? row] {
      (x + row * width).update(repeating: 0, count: width)
    }
  }

  /// The rows of tangents that reach outputs by way of their skip connections, with -1 for the replaced ones.
  func openSkips(_ skipRows: [Int32]?, at tapeRows: [Int32]?, rows: Int) -> [Int32] {
    (0..<rows).map { row in
      skips[tapeRows.map { Int($0[row]) } ?? row] ? -1 : skipRows.map { $0[row] } ?? Int32(row)
    }
  }
}
