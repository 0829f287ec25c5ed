import Faults
import Tensors

/// By how much each source would change the stream if it were the counterfactual's, in a pass where some edges are.
final class EdgeChanges {
  private let edges: [EdgeSet]
  private let counterfactual: Tensor
  /// Of the counterfactual, for each row.
  private let rows: [Int]
  private let length: Int
  private let hidden: Int
  private let space: EdgeSpace
  /// (B, S, n, d): of the sources written so far.
  private let changes: Storage

  /// - Precondition: at least one row.
  init(_ edges: [EdgeSet], _ counterfactual: Tensor, rows: [Int], length: Int, hidden: Int) {
    (self.edges, self.counterfactual, self.rows) = (edges, counterfactual, rows)
    (self.length, self.hidden, space) = (length, hidden, edges[0].space)
    precondition(
      counterfactual.shape == [counterfactual.shape[0], space.sourceCount, length, hidden],
      "a counterfactual of \(counterfactual.shape)")
    changes = Storage(uninitializedCount: edges.count * space.sourceCount * length * hidden)
  }

  private var summand: Int { length * hidden }

  private func change(_ row: Int, _ source: Int) -> MutableFloats {
    changes.base + (row * space.sourceCount + source) * summand
  }

  /// - Parameter values: (tokens, d)
  func wrote(_ source: Int, _ values: Floats) {
    for row in edges.indices {
      let other = counterfactual.pointer + (rows[row] * space.sourceCount + source) * summand
      let (now, target) = (values + row * summand, change(row, source))
      for i in 0..<summand { target[i] = other[i] - now[i] }
    }
  }

  /// The targets among these of which a row has an edge.
  func changed(among targets: Range<Int>) -> [Int] {
    targets.filter { target in edges.contains { !$0.sources[target].isEmpty } }
  }

  /// Adds to what targets read, (targets, tokens, d), the changes of their sources, all of which are written: a product for each
  /// token, so that its columns do not depend on how long the longest text of a batch is.
  func add(to inputs: MutableFloats, targets: [Int], check: InterruptionCheck) throws {
    guard let most = targets.map(space.parents).max() else { return }
    let choice = Storage(uninitializedCount: targets.count * most)
    for (row, edges) in edges.enumerated() {
      var isEmpty = true
      choice.base.update(repeating: 0, count: targets.count * most)
      for (place, target) in targets.enumerated() {
        for source in edges.sources[target] {
          choice.base[place * most + Int(source)] = 1
          isEmpty = false
        }
      }
      if isEmpty { continue }
      for position in 0..<length {
        try BLAS.multiply(
          choice.base, rows: targets.count, inner: most, by: change(row, 0) + position * hidden, .plain,
          factorStride: summand, columns: hidden, into: inputs + row * summand + position * hidden,
          resultStride: self.edges.count * summand, accumulating: true, check: check)
      }
    }
  }

  /// Adds what the final norm reads of the changes, to a state (d).
  func addOutput(to state: MutableFloats, row: Int, position: Int) {
    for source in edges[row].sources[space.targetCount - 1] {
      let change = change(row, Int(source)) + position * hidden
      for i in 0..<hidden { state[i] += change[i] }
    }
  }
}
