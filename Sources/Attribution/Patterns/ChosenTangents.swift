import CKernels
import Tensors
import Transformers

/// Tangents that go through one head or skip connection of a layer each: a skip connection takes no products of the attention
/// branch, a head its own columns of them.
extension CarrierTangents {
  /// Tangents of what the attention branch and its skip connection add up to, behind the norm of that sum, (moves K, d), in memory
  /// of this block: the workspace is that of all blocks.
  ///
  /// - Parameters:
  ///   - moves: one for each carrier
  ///   - choices: for each, the head or -1 for the skip connection
  func chosenSums(_ layer: Int, _ moves: [Move], _ choices: [Int]) throws -> MutableFloats {
    let (tape, derivatives) = (try block.tape(layer), block.derivatives(layer))
    let (points, d) = (block.layout.points, block.hidden)
    let sum = block.workspace.sum.floats(rows * d)
    sum.update(repeating: 0, count: rows * d)
    for head in Set(choices).sorted() where head >= 0 {
      let own = choices.indices.filter { choices[$0] == head }
      let outputs = try addHead(head, derivatives, tape, own, own.map { moves[$0] })
      for (place, move) in own.enumerated() {
        (sum + move * points * d).update(from: outputs + place * points * d, count: points * d)
      }
    }
    let skipRows = moves.indices.flatMap { m in
      let flows = choices[m] < 0 && carriers[m].position == moves[m].position
      return (0..<points).map { flows ? Int32(m * points + $0) : -1 }
    }
    let tapeRows = tapeRows(tape, moves)
    let open = tape.closed?.openSkips(skipRows, at: tapeRows, rows: rows) ?? skipRows
    let mid = keptMid.floats(rows * d)
    derivatives.addSkips(tangents, open, to: sum, tape, at: tapeRows, rows: rows, into: mid)
    return mid
  }

  /// Tangents of the attention branch's output (own K, d) by way of one head.
  ///
  /// - Parameters:
  ///   - own: the carriers that go through the head
  ///   - moves: theirs
  private func addHead(
    _ head: Int, _ derivatives: BlockDerivatives, _ tape: BlockTape, _ own: [Int], _ moves: [Move]
  ) throws -> Floats {
    let (layout, points, d) = (block.layout, block.layout.points, block.hidden)
    let (workspace, branch, size) = (block.workspace, derivatives.branch, derivatives.branch.heads.headSize)
    let (parts, rows) = (branch.parts(of: head), own.count * points)
    let from = own.map { carriers[$0] }
    let tokens = from.flatMap { carrier in
      (0..<points).map { Int32(layout.token(carrier.sentence, $0, carrier.position)) }
    }
    let gathered = workspace.gathered.floats(rows * d)
    copyParts(of: tangents, own, to: gathered)
    let input = derivatives.inputTangent(
      gathered, tape, tokens: tokens, rows: rows, into: workspace.normed)
    let memory = workspace.projections.floats(4 * rows * size)
    let (key, value, context) = (memory, memory + rows * size, memory + 2 * rows * size)
    try branch.projection.multiply(input, rows: rows, part: parts.key, into: key, check: block.check)
    try branch.projection.multiply(input, rows: rows, part: parts.value, into: value, check: block.check)
    derivatives.turnTangents(ofKeys: key, values: value, of: head, tape, tokens: tokens)
    context.update(repeating: 0, count: rows * size)
    let outputs = tapeRows(tape, moves)
    Workers.split(rows, minimum: 8) { part in
      for unit in part {
        let (move, k) = (moves[unit / points], unit % points)
        var row = tape.attention(move.sentence, k, head: head)
        ck_attention_edge_tangent(
          &row, tape.context + Int(outputs[unit]) * derivatives.queryWidth + head * size,
          from[unit / points].position, tape.queryIndex(move.position), key + unit * size,
          value + unit * size,
          context + unit * size)
      }
    }
    try addQueries(
      head, derivatives, tape, from, moves, input, query: memory + 3 * rows * size, to: context)
    let result = workspace.own.floats(rows * d)
    try derivatives.outputTangent(context, of: head, tape, at: outputs, into: result)
    return Floats(result)
  }

  /// Adds what reaches the head's contexts by way of the queries of the carriers that stay where they are.
  private func addQueries(
    _ head: Int, _ derivatives: BlockDerivatives, _ tape: BlockTape, _ from: [Carrier], _ moves: [Move],
    _ input: Floats, query: MutableFloats, to context: MutableFloats
  ) throws {
    let staying = from.indices.filter { from[$0].position == moves[$0].position }
    guard !staying.isEmpty else { return }
    let (layout, points) = (block.layout, block.layout.points)
    let rows = staying.count * points
    let own = block.workspace.own.floats(rows * block.hidden)
    copyParts(of: input, staying, to: own)
    try derivatives.branch.projection.multiply(
      own, rows: rows, part: derivatives.branch.parts(of: head).query, into: query, check: block.check)
    let tokens = staying.flatMap { place in
      (0..<points).map { Int32(layout.token(from[place].sentence, $0, from[place].position)) }
    }
    derivatives.turnTangents(
      ofQueries: query, of: head, tape, tokens: tokens, outputs: tapeRows(tape, staying.map { moves[$0] }))
    let bySentence = Dictionary(grouping: staying.indices) { from[staying[$0]].sentence }
    let most = bySentence.values.map(\.count).max() ?? 0
    layout.forEachRow(scratch: tape.scratch(sources: most)) { s, k, scratch in
      guard let places = bySentence[s] else { return }
      var row = tape.attention(s, k, head: head)
      let queries = places.map { place in
        ck_moving_query(
          query: tape.queryIndex(from[staying[place]].position), tangent_row: place * points + k,
          context_row: staying[place] * points + k)
      }
      ck_attention_query_tangents(&row, queries, queries.count, query, context, scratch)
    }
  }

  /// Replaces the carriers by the ends of the moves, given the tangents that ``chosenSums(_:_:_:)`` has left, overwritten: each
  /// goes through the feed-forward branch or the skip connection beside it, past both where there is no choice.
  func pass(
    _ sums: MutableFloats, _ layer: Int, _ moves: [Move], _ steps: [FeedForwardPattern.Step?]
  ) throws {
    let (tape, derivatives) = (try block.tape(layer), block.derivatives(layer))
    let (workspace, d, size) = (block.workspace, block.hidden, block.layout.points * block.hidden)
    let fed = steps.indices.filter { steps[$0] == .feedForward }
    if !fed.isEmpty {
      let outputs = tapeRows(tape, fed.map { moves[$0] })
      let (input, result) = (
        workspace.gathered.floats(fed.count * size), workspace.own.floats(fed.count * size)
      )
      copyParts(of: sums, fed, to: input)
      try derivatives.feedForwardTangent(input, tape, at: outputs, rows: outputs.count, into: result)
      for (place, move) in fed.enumerated() {
        (sums + move * size).update(from: result + place * size, count: size)
      }
    }
    if let closed = tape.closed, closed.replacesFeedForwardSkips {
      for move in steps.indices where steps[move] == .skip {
        closed.closeFeedForwardSkips(
          sums + move * size, at: tapeRows(tape, [moves[move]]), rows: block.layout.points, width: d)
      }
    }
    replace(by: moves) { derivatives.join(sums, tape, at: tapeRows(tape, moves), into: $0) }
  }

  /// The rows of some carriers, one after another.
  private func copyParts(of source: Floats, _ indices: [Int], to target: MutableFloats) {
    let size = block.layout.points * block.hidden
    for (place, index) in indices.enumerated() {
      (target + place * size).update(from: source + index * size, count: size)
    }
  }
}
