import Tensors

/// A tensor as NumPy shows it: its shape, then brackets and aligned columns, rows that are too wide
/// wrapped, the long axes of large tensors cut in the middle.
struct TensorText {
  private let tensor: Tensor
  private let options: RenderOptions

  init(_ tensor: Tensor, _ options: RenderOptions) {
    self.tensor = tensor
    self.options = options
  }

  /// Elements up to which no axis is cut; NumPy's threshold.
  private static let threshold = 1000

  /// The indices of one axis that are shown.
  private struct Axis {
    let indices: [Int]
    /// How many of them stand before the ellipsis; nil when all are shown.
    let gap: Int?

    init(count: Int, limit: Int) {
      let isWhole = count <= limit
      let head = isWhole ? count : (limit + 1) / 2
      indices = Array(0..<head) + (isWhole ? [] : Array((count - limit / 2)..<count))
      gap = isWhole ? nil : head
    }
  }

  /// - Throws: ``Interrupted``.
  func lines(width: Int) throws -> [StyledText] {
    let header = options.dim("tensor \(shapeText(tensor.shape))")
    if tensor.count == 0 { return [header, "[]"] }
    let limit = tensor.count > Self.threshold ? max(1, options.maxTensorEdge) : Int.max
    let axes = tensor.shape.map { Axis(count: $0, limit: limit) }
    let cells = try texts(axes)
    // Cells that fit a line between its brackets.
    let room = max(1, (width - 2 * tensor.rank + 1) / (displayWidth(cells[0]) + 1))
    var rest = cells[...]
    return [header] + block(axes[...], taking: &rest, room: room).map { StyledText($0) }
  }

  /// The shown elements in row-major order, padded to one width.
  private func texts(_ axes: [Axis]) throws -> [String] {
    var offsets = [0]
    for (axis, size) in zip(axes, tensor.shape) {
      offsets = offsets.flatMap { offset in axis.indices.map { offset * size + $0 } }
    }
    let numbers = tensor.withUnsafeBufferPointer { values in offsets.map { values[$0].asWritten } }
    return try alignNumbers(numbers, precision: options.precision)
  }

  /// The lines of the sub-tensor with these axes, whose cells are the first of `cells`.
  private func block(
    _ axes: ArraySlice<Axis>, taking cells: inout ArraySlice<String>, room: Int
  ) -> [String] {
    guard let axis = axes.first else { return [cells.removeFirst()] }
    var parts: [[String]] = []
    for position in axis.indices.indices {
      if position == axis.gap { parts.append([options.ellipsis]) }
      parts.append(block(axes.dropFirst(), taking: &cells, room: room))
    }
    if axis.gap == axis.indices.count { parts.append([options.ellipsis]) }
    let lines =
      axes.count == 1
      ? wrapped(parts.map { $0[0] }, room) : Array(parts.joined(separator: axes.count > 2 ? [""] : []))
    return lines.enumerated().map { number, line in
      let open = number == 0 ? "[" : line.isEmpty ? "" : " "
      return open + line + (number == lines.count - 1 ? "]" : "")
    }
  }

  private func wrapped(_ cells: [String], _ room: Int) -> [String] {
    stride(from: 0, to: cells.count, by: room).map {
      cells[$0..<min($0 + room, cells.count)].joined(separator: " ")
    }
  }
}
