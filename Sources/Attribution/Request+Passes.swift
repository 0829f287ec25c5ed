import Transformers
import Tensors

extension Request {
  func influence(_ masks: [PathMask], _ parts: [MemoryPlan.Part]) throws -> [Double] {
    let progress = Progress(total: parts.count * (2 * layers + masks.count), report)
    var sums = masks.map { _ in 0.0 }
    for part in parts {
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

  /// The forward and the reverse pass over a part.
  func run(
    _ part: MemoryPlan.Part, keeping: PointBlock.Keeping, rule: ReverseRule = .exact, _ progress: Progress
  ) throws -> PointBlock {
    let layout = layout(part.sentences.map { sentences[$0] }, points[part.points])
    let block = PointBlock(
      model, layout, index: 0, tapes: TapeSet(layout, model, memory), keeping: keeping, rule: rule, workspace,
      check: check)
    try block.run(advance: progress.advance)
    return block
  }

  func conductances(_ chosen: [[Int?]], _ parts: [MemoryPlan.Part]) throws -> [[Conductance]] {
    let passes = parts.reduce(0) { $0 + ($1.sentences.map { chosen[$0].count }.max() ?? 0) }
    let progress = Progress(total: (2 * parts.count + passes) * layers, report)
    var sums = emptySums(chosen)
    for part in parts {
      let block = try run(part, keeping: .gradients, progress)
      for pass in 0..<(part.sentences.map { chosen[$0].count }.max() ?? 0) {
        // A sentence with fewer words goes along without effect.
        let own = part.sentences.enumerated().filter { pass < chosen[$1].count }
        let masks = part.sentences.map { s in
          PathMask(word: pass < chosen[s].count ? chosen[s][pass] : nil, layers: layers)
        }
        try conductances(
          block, masks, advance: progress.advance,
          row: { dots, row in for (m, s) in own { sums[s][pass].add(dots, row: row, m, block.layout) } },
          heads: { dots, layer, tape in
            for (m, s) in own { sums[s][pass].add(dots, layer: layer, m, tape) }
          })
      }
    }
    progress.finish()
    return sums.map { $0.map(\.result) }
  }

  func emptySums(_ words: [[Int?]]) -> [[ConductanceSums]] {
    zip(sentences, words).map { sentence, words in
      words.map { _ in ConductanceSums(sentence, layers: layers, heads: model.configuration.heads) }
    }
  }

  private func conductances(
    _ block: PointBlock, _ masks: [PathMask], advance: () -> Void, row: ([Float], Int) -> Void,
    heads: ([Float], Int, BlockTape) -> Void
  ) throws {
    try TangentPass(block: block, masks: masks).run(
      row: { index, x in
        let count = index == layers ? block.layout.rows : block.layout.tokens
        let gradient = index == 0 ? Floats(block.inputGradient.base) : block.outputGradient(index - 1)
        row(rowDots(x, gradient, rows: count, heads: 1, headSize: block.hidden), index)
        if index > 0 { advance() }
      },
      heads: { layer, z, tape in
        let size = model.configuration.headSize
        heads(
          rowDots(z, tape.contextGradient, rows: tape.outputs, heads: block.layout.heads, headSize: size),
          layer, tape)
      })
  }
}

/// Conductances of one sentence, added up over blocks of points.
struct ConductanceSums {
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

  mutating func add(_ dots: [Float], layer: Int, _ member: Int, _ tape: BlockTape) {
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
