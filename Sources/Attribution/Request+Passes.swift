import Encoders
import Tensors

extension Request {
  /// Influence of each pattern in the only sentence.
  func influence(of patterns: [PathPattern]) throws -> [Double] {
    let configuration = model.configuration
    let masks = try patterns.map {
      try PathMask($0, sentences[0], layers: layers, heads: configuration.heads)
    }
    let plan = try MemoryPlan(self).sequential()
    let progress = Progress(total: plan.count * (2 * layers + patterns.count), report)
    var sums = patterns.map { _ in 0.0 }
    for part in plan {
      let block = try run(part, keeping: [], progress)
      for (index, mask) in masks.enumerated() {
        sums[index] += try influence(mask, block)
        progress.advance()
      }
    }
    progress.finish()
    return sums
  }

  private func influence(_ mask: PathMask, _ block: PointBlock) throws -> Double {
    var sum = 0.0
    try TangentPass(block: block, masks: [mask]).run(row: { row, x in
      guard row == layers else { return }
      let dots = rowDots(
        x, block.targetGradient.base, rows: block.layout.rows, heads: 1, headSize: block.hidden)
      for (weight, dot) in zip(block.layout.weights, dots) { sum += weight * Double(dot) }
    })
    return sum
  }

  private func run(
    _ part: MemoryPlan.Part, keeping: PointBlock.Keeping, _ progress: Progress
  ) throws -> PointBlock {
    let layout = layout(part.sentences.map { sentences[$0] }, points[part.points])
    let block = PointBlock(
      model, layout, index: 0, tapes: TapeSet(layout, model, memory), keeping: keeping, workspace,
      check: check)
    try block.run(advance: progress.advance)
    return block
  }

  func conductance() throws -> [Conductance] {
    let d = model.configuration.hidden
    let plan = try MemoryPlan(self).sequential(extra: 4 * layers * d)
    let progress = Progress(total: plan.count * 3 * layers, report)
    var sums = sentences.map { ConductanceSums($0, layers: layers, heads: model.configuration.heads) }
    for part in plan {
      let block = try run(part, keeping: .gradients, progress)
      let masks = part.sentences.map { _ in PathMask(word: nil, layers: layers) }
      try TangentPass(block: block, masks: masks).run(
        row: { row, x in
          let isLast = row == layers
          let count = isLast ? block.layout.rows : block.layout.tokens
          let gradient = row == 0 ? Floats(block.inputGradient.base) : block.outputGradient(row - 1)
          let dots = rowDots(x, gradient, rows: count, heads: 1, headSize: d)
          for (member, s) in part.sentences.enumerated() { sums[s].add(dots, row: row, member, block.layout) }
          progress.advance()
        },
        heads: { layer, z, tape in
          let dots = rowDots(
            z, tape.contextGradient, rows: tape.outputs, heads: block.layout.heads,
            headSize: model.configuration.headSize)
          for (member, s) in part.sentences.enumerated() { sums[s].add(dots, layer: layer, member, tape) }
        })
    }
    progress.finish()
    return sums.map(\.result)
  }
}

/// Conductances of one sentence, added up over blocks of points.
private struct ConductanceSums {
  private let sentence: Sentence
  private var hidden: [[Double]]
  private var heads: [[[Double]]]

  init(_ sentence: Sentence, layers: Int, heads: Int) {
    self.sentence = sentence
    hidden = Array(repeating: Array(repeating: 0, count: sentence.length), count: layers + 1)
    self.heads = Array(
      repeating: Array(repeating: Array(repeating: 0, count: heads), count: sentence.length), count: layers)
  }

  mutating func add(_ dots: [Float], row: Int, _ member: Int, _ layout: PathLayout) {
    let isLast = row == hidden.count - 1
    for p in isLast ? sentence.target..<sentence.target + 1 : 0..<sentence.length {
      for k in 0..<layout.points {
        let index = isLast ? layout.row(member, k) : layout.token(member, k, p)
        hidden[row][p] += layout.weights[k] * Double(dots[index])
      }
    }
  }

  mutating func add(_ dots: [Float], layer: Int, _ member: Int, _ tape: LayerTape) {
    let (layout, count) = (tape.layout, tape.layout.heads)
    for p in tape.isLast ? sentence.target..<sentence.target + 1 : 0..<sentence.length {
      for k in 0..<layout.points {
        let output = tape.output(member, k, p)
        for head in 0..<count {
          heads[layer][p][head] += layout.weights[k] * Double(dots[output * count + head])
        }
      }
    }
  }

  var result: Conductance {
    let none = Array(repeating: 0.0, count: heads.first?.first?.count ?? 0)
    return Conductance(
      hidden: hidden.map { sentence.spread($0, filling: 0) },
      heads: heads.map { sentence.spread($0, filling: none) })
  }
}
