import Attribution
import Faults
import Tensors
import Transformers

/// Causal tracing: noise on some words spoils what a model knows; which single state, restored, brings it back?
///
/// Meng, Bau, Andonian, Belinkov, "Locating and Editing Factual Associations in GPT", NeurIPS 2022, section 2: the model runs on
/// the words as they are (clean), then on words to whose embeddings noise is added (corrupted), then, for each layer and
/// position, corrupted but for one state, which has its clean value.
///
/// The corrupted states go from layer to layer: a run with a restored state starts at the layer of that state, with the
/// corrupted states before it, and restored states of one layer go through the rest of the network together. In causal models
/// the noise does not reach what stands before the first noisy word, and what stands behind the target does not reach the
/// target: the value there is the corrupted one, and nothing is run.
public struct CausalTrace {
  /// What is restored.
  public enum Kind: String, Sendable, CaseIterable {
    /// The hidden state after a layer.
    case hidden
    /// What attention adds to the stream, in a window of layers.
    case attn
    /// What the feed-forward branch adds to it, in a window of layers.
    case mlp
  }

  let evaluator: Evaluator
  let probe: Probe
  /// Positions whose word embeddings get noise.
  let words: [Int]
  let kind: Kind
  /// Layers around one in which a branch's output is restored at once.
  let window: Int

  /// - Precondition: words are positions of the probe, each once, at least one; a window of at least 1.
  public init(evaluator: Evaluator, probe: Probe, words: [Int], kind: Kind, window: Int = 10) {
    precondition(!words.isEmpty && Set(words).count == words.count, "words \(words)")
    precondition(words.allSatisfy { probe.ids.indices ~= $0 }, "words \(words) of \(probe.ids.count)")
    precondition(window > 0, "a window of \(window) layers")
    (self.evaluator, self.probe, self.words) = (evaluator, probe, words)
    (self.kind, self.window) = (kind, window)
  }

  /// What the network gives without a restored state.
  public struct Base: Sendable {
    public let clean: Double
    /// (draws)
    public let corrupted: [Double]
  }

  /// - Parameters:
  ///   - noise: (draws, words, e), added to the embeddings of the words in their order.
  ///   - base: Called first.
  ///   - finished: Called for each layer with the quantity (n, draws) for each position that has its clean state there.
  ///   - progress: Told the finished share, 0 to 1.
  /// - Throws: ``MemoryFault``; what a forward pass and the closures throw.
  public func run(
    noise: Tensor, base: (Base) throws -> Void, finished: (_ layer: Int, [[Double]]) throws -> Void,
    progress report: @escaping (Double) -> Void = { _ in }
  ) throws {
    let width = model.configuration.embeddingSize
    precondition(
      noise.shape.count == 3 && noise.shape[1...] == [words.count, width], "noise of \(noise.shape)")
    let draws = noise.shape[0]
    let kept = keptBytes(draws)
    let run = RestoredRun(self, draws: draws, rows: try rowsAtOnce(kept))
    try evaluator.execution.holding(kept) {
      let clean = try run.clean()
      var (states, corrupted) = try run.corrupted(noise)
      try base(Base(clean: clean.value, corrupted: corrupted))
      let progress = Progress(total: layers * (layers + 1) / 2, report)
      for layer in 0..<layers {
        let first = kind == .hidden ? layer + 1 : window(around: layer).lowerBound
        // A window's start moves only where it does not begin at the first layer.
        while states.layer < first { states = try run.next(states) }
        try finished(layer, try run.restored(layer, clean.states, states, corrupted))
        progress.advance(by: layers - layer)
      }
      progress.finish()
    }
  }

  var model: Transformer { evaluator.model }
  var layers: Int { model.configuration.layers }
  var length: Int { probe.ids.count }

  /// The layers whose branch is restored at once: as many before the middle as behind it, where they are; the authors' rule.
  func window(around layer: Int) -> Range<Int> {
    max(0, layer - window / 2)..<min(layers, layer + (window + 1) / 2)
  }

  /// What has its clean value: of `layer` at `position`.
  func nodes(_ layer: Int, _ position: Int) -> [Node] {
    switch kind {
    case .hidden: [.hidden(row: layer + 1, position: position)]
    case .attn: window(around: layer).map { Node(layer: $0, component: .attention, position: position) }
    case .mlp: window(around: layer).map { .feedForward(layer: $0, position: position) }
    }
  }

  /// The positions where restoring a state can change anything.
  var open: Range<Int> {
    guard model.configuration.isCausal else { return 0..<length }
    let (first, last) = (words.min() ?? 0, probe.quantity.readsLabels ? length - 1 : probe.target)
    return first..<max(first, last + 1)
  }

  /// The sites of the clean run.
  var sites: Set<Site> {
    Set((0..<layers).flatMap { nodes($0, 0) }.map { $0.site(in: model.configuration.blocks) })
  }

  /// Bytes of the clean states, and of the corrupted ones before and after a layer.
  private func keptBytes(_ draws: Int) -> Int {
    let c = model.configuration
    let words = MemoryLayout<Float>.stride * draws * length * c.embeddingSize
    return ForwardExtent.bytes(of: sites, in: c, rows: 1, length: length) + words
      + 2 * ForwardExtent.bytes(of: [.hidden(row: 0)], in: c, rows: draws, length: length)
  }

  /// Sequences that run together: enough for full matrix products, as many as fit beside what is kept.
  private func rowsAtOnce(_ kept: Int) throws -> Int {
    let bytes =
      evaluator.bytesPerRow([probe])
      + ForwardExtent.bytes(of: [.hidden(row: 0)], in: model.configuration, rows: 1, length: length)
    guard kept + bytes <= evaluator.memoryBudget else {
      throw MemoryFault(needed: kept + bytes, budget: evaluator.memoryBudget)
    }
    return max(1, min((evaluator.memoryBudget - kept) / bytes, Evaluator.tokensPerBatch / length))
  }
}
