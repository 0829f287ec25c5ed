import Tensors

/// Where in the network values can be replaced.
package enum EditPoint: Hashable, Sendable {
  /// h^0
  case embedding
  /// Queries as they meet keys, (tokens, A dh), a head's columns
  case queries(layer: Int)
  /// Keys as they meet queries, then values, (tokens, 2 G dh), a head's columns
  case keysAndValues(layer: Int)
  /// z, (tokens, A dh), a head's columns
  case context(layer: Int)
  /// The skip connection's copy of the block's input, (tokens, d)
  case skip(layer: Int)
  /// The attention's output with its bias, (tokens, d)
  case attention(layer: Int)
  /// After the non-linearity, (tokens, I), a neuron's column
  case neurons(layer: Int)
  /// The feed-forward branch's output with its bias, (tokens, d)
  case feedForward(layer: Int)
  /// Its skip connection's copy of y, in parallel blocks of the block's input, (tokens, d)
  case feedForwardSkip(layer: Int)
  /// h^(layer+1), (tokens, d)
  case block(layer: Int)

  package init(_ node: Node) {
    let layer = node.layer ?? 0
    self =
      switch node.component {
      case .embedding: .embedding
      case .head: .context(layer: layer)
      case .skip: .skip(layer: layer)
      case .attention: .attention(layer: layer)
      case .neuron: .neurons(layer: layer)
      case .feedForward: .feedForward(layer: layer)
      case .feedForwardSkip: .feedForwardSkip(layer: layer)
      case .block: .block(layer: layer)
      case .query: .queries(layer: layer)
      case .key, .value: .keysAndValues(layer: layer)
      }
  }
}

/// The replacements of a batch, by where they happen.
package struct EditPlan {
  /// `count` values of a row of activations.
  package struct Edit {
    package let token: Int
    package let column: Int
    package let count: Int
    /// What is written there; nil for zeros. Lives as long as the interventions.
    package let values: Floats?
  }

  private var edits: [EditPoint: [Edit]] = [:]
  /// Keeps the values alive.
  private let rows: [Interventions]

  /// - Parameters:
  ///   - rows: for each sequence; empty when there are none
  ///   - length: of a sequence
  ///   - first: The position from which on nodes without a position are replaced.
  ///   - tokens: The tokens of a position of a sequence: one in a batch, several where a sequence runs at several points.
  package init(
    _ rows: [Interventions], from first: Int = 0, length: (_ row: Int) -> Int,
    _ configuration: TransformerConfiguration,
    tokens: (_ row: Int, _ position: Int) -> some Sequence<Int>
  ) {
    self.rows = rows
    for (row, interventions) in rows.enumerated() where !interventions.isEmpty {
      for replacement in interventions.replacements {
        let node = replacement.node
        let (column, count) = (
          node.column(at: configuration), node.width(in: configuration)
        )
        let end = min(length(row), replacement.value.length ?? .max)
        for position in node.position.map({ $0..<$0 + 1 }) ?? min(first, end)..<end {
          let values = replacement.value.pointer(at: position, width: count)
          for token in tokens(row, position) {
            edits[EditPoint(node), default: []].append(
              Edit(token: token, column: column, count: count, values: values))
          }
        }
      }
    }
  }

  package var isEmpty: Bool { edits.isEmpty }

  /// In the order in which they are to be made.
  package func edits(at point: EditPoint) -> [Edit] { edits[point] ?? [] }

  /// Whether a query, a key or a value of a layer is replaced.
  package func replacesProjections(layer: Int) -> Bool {
    !edits(at: .queries(layer: layer)).isEmpty || !edits(at: .keysAndValues(layer: layer)).isEmpty
  }

  /// Writes what replaces rows of `width` at `point` into `x`.
  ///
  /// - Parameters:
  ///   - width: how far the rows of `x` are apart
  ///   - bias: (width), subtracted from what is written, where the kernel that follows adds it; nil for none.
  ///   - places: The row of `x` of each token that has one; nil when row and token are the same.
  package func apply(
    at point: EditPoint, to x: MutableFloats, width: Int, minus bias: Tensor? = nil,
    places: [Int: Int]? = nil
  ) {
    for edit in edits(at: point) {
      guard let place = places.map({ $0[edit.token] }) ?? edit.token else { continue }
      let target = x + place * width + edit.column
      if let values = edit.values {
        target.update(from: values, count: edit.count)
      } else {
        target.update(repeating: 0, count: edit.count)
      }
      guard let bias else { continue }
      for i in 0..<edit.count { target[i] -= bias.pointer[edit.column + i] }
    }
  }
}

extension Node {
  /// Where it begins in a row of its ``EditPoint``.
  fileprivate func column(at configuration: TransformerConfiguration) -> Int {
    let own = firstColumn(headSize: configuration.headSize)
    if case .value = component { return own + configuration.keyHeads * configuration.headSize }
    return own
  }
}

extension Replacement.Value {
  /// The positions that it has values for; nil for any.
  var length: Int? {
    if case .positions(let rows) = self { rows.shape[0] } else { nil }
  }

  /// nil for zeros.
  fileprivate func pointer(at position: Int, width: Int) -> Floats? {
    switch self {
    case .zero: nil
    case .vector(let values): values.pointer
    case .positions(let rows): rows.pointer + position * width
    }
  }
}
