import CKernels
import Encoders
import Faults
import Tensors

/// Some points on the paths of some sentences: a forward and a reverse pass, kept for what follows.
final class PointBlock {
  /// What is kept besides the tapes.
  struct Keeping: OptionSet {
    let rawValue: Int
    /// Each layer's input, so that its tape can be computed again after another block has used it.
    static let inputs = Keeping(rawValue: 1)
    /// The gradient of each row of hidden states.
    static let gradients = Keeping(rawValue: 2)
  }

  let model: BertModel
  let layout: PathLayout
  let workspace: DerivativeWorkspace
  let check: InterruptionCheck
  private let index: Int
  private let keeping: Keeping
  private let tapes: TapeSet
  private let edits: EditPlan

  /// x - b, (tokens per point, d).
  let delta: Storage
  private let base: Storage
  /// The embeddings' layer norm: normalized rows (tokens, d) and scales (tokens).
  let inputNormalized: Storage
  let inputScale: Storage
  /// dQ/dh^0: (tokens, d).
  let inputGradient: Storage
  /// dQ/dh^L of the targets: (rows, d).
  let targetGradient: Storage
  /// Q for each row.
  private(set) var quantities: [Double] = []
  /// h^l for l = 0 ..< L and dQ/dh^l for l = 1 ... L, where kept.
  private var inputs: [Storage] = []
  private var gradients: [Storage] = []

  init(
    _ model: BertModel, _ layout: PathLayout, index: Int, tapes: TapeSet, keeping: Keeping,
    _ workspace: DerivativeWorkspace, check: @escaping InterruptionCheck
  ) {
    (self.model, self.layout, self.index, self.tapes) = (model, layout, index, tapes)
    (self.keeping, self.workspace, self.check) = (keeping, workspace, check)
    edits = layout.edits(model.configuration)
    let d = model.configuration.hidden
    delta = Storage(uninitializedCount: layout.tokensPerPoint * d)
    base = Storage(uninitializedCount: layout.tokensPerPoint * d)
    inputNormalized = Storage(uninitializedCount: layout.tokens * d)
    inputScale = Storage(uninitializedCount: layout.tokens)
    inputGradient = Storage(uninitializedCount: layout.tokens * d)
    targetGradient = Storage(uninitializedCount: layout.rows * d)
  }

  var hidden: Int { model.configuration.hidden }
  var layers: Int { model.configuration.layers }

  func derivatives(_ layer: Int) -> LayerDerivatives {
    LayerDerivatives(
      layer: model.layers[layer], index: layer, edits: edits, workspace: workspace, check: check)
  }

  /// The forward and the reverse pass. `advance` runs after each layer.
  func run(advance: () -> Void) throws {
    try forwardOnly(advance: advance)
    try reverse(advance)
  }

  /// The forward pass, and the quantity of interest with its gradient at the targets.
  func forwardOnly(advance: () -> Void = {}) throws {
    let states = try forward(advance)
    quantities = try layout.sentences.indices.flatMap { s in
      let start = layout.row(s, 0) * hidden
      return try HeadDerivatives(model: model, check: check)(
        states + start, rows: layout.points, layout.sentences[s].quantity,
        gradient: targetGradient.base + start)
    }
  }

  private func forward(_ advance: () -> Void) throws -> MutableFloats {
    var x = nextStream(after: nil, kept: keeping.contains(.inputs) ? keep(&inputs) : nil)
    embed(into: x)
    for layer in 0..<layers {
      let isKept = keeping.contains(.inputs) && layer < layers - 1
      let y = nextStream(after: x, kept: isKept ? keep(&inputs) : nil)
      tapes[layer].layout = layout
      try derivatives(layer).forward(x, tapes[layer], into: y)
      tapes.mark(layer, .forward(block: index))
      x = y
      advance()
    }
    return x
  }

  private func embed(into x: MutableFloats) {
    for (s, sentence) in layout.sentences.enumerated() {
      let start = layout.start(s) * hidden
      sentence.writePath(model.embeddings, base: base.base + start, delta: delta.base + start)
      ck_path_points(
        base.base + start, delta.base + start, layout.alphas, x + layout.token(s, 0, 0) * hidden,
        layout.points,
        sentence.length * hidden)
    }
    model.embeddings.norm.taped(
      x, rows: layout.tokens, normalized: inputNormalized.base, scale: inputScale.base, into: x)
    edits.apply(at: .embedding, to: x, width: hidden)
    edits.clearRows(at: .embedding, of: inputScale.base, width: 1)
  }

  private func reverse(_ advance: () -> Void) throws {
    var g = targetGradient.base
    for layer in (0..<layers).reversed() {
      let kept = keeping.contains(.gradients) && layer > 0 ? keep(&gradients) : nil
      let result = layer == 0 ? inputGradient.base : nextStream(after: g, kept: kept)
      try derivatives(layer).gradient(g, tapes[layer], into: result)
      tapes.mark(layer, .forwardAndGradients(block: index))
      g = result
      advance()
    }
    gradients.reverse()
  }

  private func keep(_ list: inout [Storage]) -> MutableFloats {
    let storage = Storage(uninitializedCount: layout.tokens * hidden)
    list.append(storage)
    return storage.base
  }

  /// Memory of (tokens, d) that is not `current`.
  func nextStream(after current: MutableFloats?, kept: MutableFloats? = nil) -> MutableFloats {
    if let kept { return kept }
    let first = workspace.streams[0].floats(layout.tokens * hidden)
    return current == first ? workspace.streams[1].floats(layout.tokens * hidden) : first
  }

  /// The tape of a layer, computed again if another block has used its memory.
  func tape(_ layer: Int, gradients wantsGradients: Bool = false) throws -> LayerTape {
    let tape = tapes[layer]
    if tapes.holds(layer, block: index, gradients: wantsGradients) { return tape }
    precondition(keeping.contains(.inputs), "the tape of layer \(layer) is gone")
    tape.layout = layout
    let output = nextStream(after: nil)
    try derivatives(layer).forward(inputs[layer].base, tape, into: output)
    tapes.mark(layer, .forward(block: index))
    guard wantsGradients else { return tape }
    precondition(keeping.contains(.gradients), "the gradient of layer \(layer) is gone")
    try derivatives(layer).gradient(outputGradient(layer), tape, into: output)
    tapes.mark(layer, .forwardAndGradients(block: index))
    return tape
  }

  /// dQ/dh^(layer+1): (tokens, d), or (rows, d) for the last layer.
  func outputGradient(_ layer: Int) -> Floats {
    Floats(layer == layers - 1 ? targetGradient.base : gradients[layer].base)
  }
}

extension PointBlock {
  /// <dQ/dword_i, x_i - b_i> summed over this block's points with their weights, for each sentence.
  func inputInfluence() -> [[Double]] {
    let g = nextStream(after: nil)
    model.embeddings.norm.gradient(
      inputGradient.base, tapeRows: nil, rows: layout.tokens, normalized: inputNormalized.base,
      scale: inputScale.base, into: g)
    var deltaRows = [Int32](repeating: 0, count: layout.tokens)
    forEachToken { s, k, p in deltaRows[layout.token(s, k, p)] = Int32(layout.start(s) + p) }
    let dots = rowDots(g, delta.base, at: deltaRows, rows: layout.tokens, heads: 1, headSize: hidden)
    var sums = layout.sentences.map { [Double](repeating: 0, count: $0.length) }
    forEachToken { s, k, p in sums[s][p] += layout.weights[k] * Double(dots[layout.token(s, k, p)]) }
    return sums
  }

  private func forEachToken(_ body: (_ sentence: Int, _ point: Int, _ position: Int) -> Void) {
    for (s, sentence) in layout.sentences.enumerated() {
      for k in 0..<layout.points {
        for p in 0..<sentence.length { body(s, k, p) }
      }
    }
  }
}
