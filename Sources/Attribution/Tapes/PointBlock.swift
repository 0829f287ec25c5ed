import CKernels
import Transformers
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

  let model: Transformer
  let layout: PathLayout
  let workspace: DerivativeWorkspace
  let check: InterruptionCheck
  private let index: Int
  private let keeping: Keeping
  private let rule: ReverseRule
  private let tapes: TapeSet
  private let edits: EditPlan
  private let cuts: CutPlan

  /// x - b, (tokens per point, e).
  private let delta: Storage
  private let base: Storage
  /// The embeddings' norm: normalized rows (tokens, e) and scales (tokens); nil where there is none.
  private let inputNormalized: Storage?
  private let inputScale: Storage?
  /// Tokens whose h^0 is replaced.
  private let closedInputs: Set<Int>
  private let tables: [Rotary: RotaryTable]
  private let places: [Int32]
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
    _ model: Transformer, _ layout: PathLayout, index: Int, tapes: TapeSet, keeping: Keeping,
    rule: ReverseRule = .exact, _ workspace: DerivativeWorkspace, check: @escaping InterruptionCheck
  ) {
    (self.model, self.layout, self.index, self.tapes) = (model, layout, index, tapes)
    (self.keeping, self.rule, self.workspace, self.check) = (keeping, rule, workspace, check)
    (edits, cuts) = (layout.edits(model.configuration), layout.cuts)
    let (d, e) = (model.configuration.hidden, model.embeddings.width)
    delta = Storage(uninitializedCount: layout.tokensPerPoint * e)
    base = Storage(uninitializedCount: layout.tokensPerPoint * e)
    let isNormed = model.embeddings.norm != nil
    inputNormalized = isNormed ? Storage(uninitializedCount: layout.tokens * e) : nil
    inputScale = isNormed ? Storage(uninitializedCount: layout.tokens) : nil
    closedInputs = Set(edits.edits(at: .embedding).map(\.token))
    places = layout.places
    tables = model.configuration.rotaryTables(length: 1 + Int(places.max() ?? 0))
    inputGradient = Storage(uninitializedCount: layout.tokens * d)
    targetGradient = Storage(uninitializedCount: layout.rows * d)
  }

  var hidden: Int { model.configuration.hidden }
  var layers: Int { model.configuration.layers }

  /// - Parameter own: memory instead of the block's, for what is computed beside its passes
  func derivatives(_ layer: Int, in own: DerivativeWorkspace? = nil) -> BlockDerivatives {
    BlockDerivatives(
      block: model.blocks[layer], index: layer, layout: layout, positions: places, edits: edits,
      cuts: cuts.readers(of: layer), rule: rule, tables: tables, workspace: own ?? workspace, check: check)
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
      return try HeadDerivatives(model: model, rule: rule, check: check)(
        states + start, rows: layout.points, layout.sentences[s].quantity,
        gradient: targetGradient.base + start)
    }
  }

  private func forward(_ advance: () -> Void) throws -> MutableFloats {
    var x = nextStream(after: nil, kept: keeping.contains(.inputs) ? keep(&inputs) : nil)
    try embed(into: x)
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

  private func embed(into x: MutableFloats) throws {
    let (embeddings, e) = (model.embeddings, model.embeddings.width)
    let raw = words(x)
    for (s, sentence) in layout.sentences.enumerated() {
      let start = layout.start(s) * e
      sentence.writePath(embeddings, base: base.base + start, delta: delta.base + start)
      ck_path_points(
        base.base + start, delta.base + start, layout.alphas, raw + layout.token(s, 0, 0) * e, layout.points,
        sentence.length * e)
    }
    if let norm = embeddings.norm, let tape = inputTape {
      norm.taped(raw, rows: layout.tokens, tape, into: raw)
    }
    try embeddings.projection?(raw, rows: layout.tokens, into: x, check: check)
    edits.apply(at: .embedding, to: x, width: hidden)
  }

  private var inputTape: NormTape? {
    guard let inputNormalized, let inputScale else { return nil }
    return NormTape(normalized: inputNormalized.base, scale: inputScale.base)
  }

  /// Memory for words (tokens, e): that of hidden states `x` unless words are projected to them.
  private func words(_ x: MutableFloats, rows: Int? = nil) -> MutableFloats {
    model.embeddings.projection == nil
      ? x : workspace.words.floats((rows ?? layout.tokens) * model.embeddings.width)
  }

  /// Tangents dh^0/dalpha when single tokens move, into x (rows, d).
  ///
  /// - Parameter moving: for each row its token, and the sentence and position whose word moves; nil for a row of zeros
  func inputTangents(
    _ moving: [(token: Int, sentence: Int, position: Int)?], into x: MutableFloats
  ) throws {
    let (embeddings, e) = (model.embeddings, model.embeddings.width)
    let raw = words(x, rows: moving.count)
    for (row, source) in moving.enumerated() {
      let target = raw + row * e
      if let source {
        target.update(
          from: delta.base + (layout.start(source.sentence) + source.position) * e, count: e)
      } else {
        target.update(repeating: 0, count: e)
      }
    }
    if let norm = embeddings.norm, let tape = inputTape {
      norm.tangent(
        raw, tapeRows: moving.map { Int32($0?.token ?? 0) }, rows: moving.count, tape, into: raw)
    }
    try embeddings.projection?.multiply(raw, rows: moving.count, into: x, check: check)
    guard !closedInputs.isEmpty else { return }
    for (row, source) in moving.enumerated() where source.map({ closedInputs.contains($0.token) }) ?? false {
      (x + row * hidden).update(repeating: 0, count: hidden)
    }
  }

  /// - Parameter dropped: a layer through whose branches no gradient goes, see ``BlockDerivatives/dropGradient(_:_:into:)``
  func reverse(dropping dropped: Int? = nil, _ advance: () -> Void) throws {
    var g = targetGradient.base
    gradients = []
    for layer in (0..<layers).reversed() {
      let kept = keeping.contains(.gradients) && layer > 0 ? keep(&gradients) : nil
      let result = layer == 0 ? inputGradient.base : nextStream(after: g, kept: kept)
      if layer == dropped {
        derivatives(layer).dropGradient(g, tapes[layer], into: result)
      } else {
        try derivatives(layer).gradient(g, tapes[layer], into: result)
      }
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
  func tape(_ layer: Int, gradients wantsGradients: Bool = false) throws -> BlockTape {
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
  func inputInfluence() throws -> [[Double]] {
    let (embeddings, e) = (model.embeddings, model.embeddings.width)
    for token in closedInputs {
      (inputGradient.base + token * hidden).update(repeating: 0, count: hidden)
    }
    var g = inputGradient.base
    if let projection = embeddings.projection {
      g = workspace.words.floats(layout.tokens * e)
      try projection.multiplyTransposed(inputGradient.base, rows: layout.tokens, into: g, check: check)
    }
    if let norm = embeddings.norm, let tape = inputTape {
      let result = workspace.streams[0].floats(layout.tokens * max(hidden, e))
      norm.gradient(g, tapeRows: nil, rows: layout.tokens, tape, into: result)
      g = result
    }
    var deltaRows = [Int32](repeating: 0, count: layout.tokens)
    forEachToken { s, k, p in deltaRows[layout.token(s, k, p)] = Int32(layout.start(s) + p) }
    let dots = rowDots(g, delta.base, at: deltaRows, rows: layout.tokens, heads: 1, headSize: e)
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
