import Transformers
import Faults
import Tensors

/// A number for every node of a sentence's network; 0 for padding.
public struct NodeScores: Sendable, Equatable {
  /// (L+1, n): hidden states, row 0 the embedding output. Of the last row only the target is read.
  public var hidden: [[Double]]
  /// (L, n, A): heads.
  public var heads: [[[Double]]]
  /// (L, n): skip connections of the attention blocks.
  public var skips: [[Double]]

  public init(hidden: [[Double]], heads: [[[Double]]], skips: [[Double]]) {
    (self.hidden, self.heads, self.skips) = (hidden, heads, skips)
  }
}

extension Attributor {
  /// The conductance of each word through every node: how much of the word's influence flows through the node, whatever it
  /// flows through before and after.
  ///
  /// Dhamdhere, Sundararajan, Yan, "How Important Is a Neuron?", ICLR 2019, equation 2, summed over the components of a
  /// word's embedding and of the node. Over the words it adds up to ``Conductance``, over the nodes of a row to the word's
  /// input influence.
  ///
  /// - Returns: For each input a score for each position; nil for positions that do not move, and for padding.
  /// - Complexity: a forward pass for each word.
  public func wordConductance(
    _ inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [[NodeScores?]] {
    let request = try Request(self, inputs, options, check: check, progress: progress)
    return try execution.perform(request.wordConductance())
  }

  /// The internal influence of every node, as one number:
  ///
  ///     < mean over the path of dQ/dy, y(x) - y(b) >
  ///
  /// Leino, Sen, Datta, Fredrikson, Li, "Influence-Directed Explanations for Deep Convolutional Networks", ITC 2018,
  /// definition 1, is the mean gradient, one number for each component. Times the change of the component, as integrated
  /// gradients do it at the input, and summed over components it is one number for each node, with a sign.
  public func internalInfluence(
    _ inputs: [AttributionInput], options: AttributionOptions = AttributionOptions(),
    check: @escaping InterruptionCheck, progress: @escaping ProgressReport = { _ in }
  ) throws -> [NodeScores] {
    let request = try Request(self, inputs, options, check: check, progress: progress)
    return try execution.perform(request.internalInfluence())
  }
}

extension Request {
  func internalInfluence(_ parts: [MemoryPlan.Part]) throws -> [NodeScores] {
    let heads = model.configuration.heads
    let progress = Progress(total: parts.count * 3 * layers + sentences.count, report)
    var gradients = sentences.map { MeanGradients($0, model.configuration) }
    try addGradients(parts, to: &gradients, progress)
    let scores = try sentences.map { sentence in
      try check()
      let change = try changes(sentence)
      progress.advance()
      return gradients[sentence.index].scores(change, sentence, heads: heads)
    }
    progress.finish()
    return scores
  }

  private func addGradients(
    _ plan: [MemoryPlan.Part], to gradients: inout [MeanGradients], _ progress: Progress
  ) throws {
    for part in plan {
      let block = try run(part, keeping: .gradients, progress)
      for row in 0..<layers {
        let gradient = row == 0 ? Floats(block.inputGradient.base) : block.outputGradient(row - 1)
        for (m, s) in part.sentences.enumerated() { gradients[s].hidden[row].add(gradient, m, block.layout) }
      }
      let last = block.targetGradient.base
      for (m, s) in part.sentences.enumerated() {
        gradients[s].hidden[layers].add(last, m, block.layout, target: sentences[s].target)
      }
      for layer in 0..<layers {
        try addTokenGradients(layer, block, part.sentences, to: &gradients)
        progress.advance()
      }
    }
  }

  /// dQ/dz and dQ/d(skip connection) of a layer.
  private func addTokenGradients(
    _ layer: Int, _ block: PointBlock, _ members: [Int], to gradients: inout [MeanGradients]
  ) throws {
    let tape = try block.tape(layer)
    let size = tape.outputs * block.hidden
    let context = Storage(uninitializedCount: tape.outputs * model.configuration.queryWidth)
    let skip = Storage(uninitializedCount: size)
    defer { withExtendedLifetime((skip, context)) {} }
    try block.derivatives(layer).tokenGradient(
      block.outputGradient(layer), tape, at: nil, rows: tape.outputs, skip: skip.base, context: context.base)
    for (m, s) in members.enumerated() {
      let target = tape.isLast ? sentences[s].target : nil
      gradients[s].skips[layer].add(skip.base, m, block.layout, target: target)
      gradients[s].contexts[layer].add(context.base, m, block.layout, target: target)
    }
  }

  /// y(x) - y(b) of hidden states, (n, d) for each row, and of context vectors, (n, A dh) for each layer.
  private func changes(_ sentence: Sentence) throws -> (hidden: [[Float]], contexts: [[Float]]) {
    let request = changesRequest(sentence)
    let states = try [Float(0), 1].map { alpha in
      try model.forward(
        sentence.batch, words: sentence.words(at: alpha, model.embeddings), request, check: check
      )
      .activations
    }
    func change(_ site: Site) -> [Float] {
      guard let start = states[0][site]?[0], let end = states[1][site]?[0] else {
        preconditionFailure("\(site.name) was not captured")
      }
      return sentence.positions.flatMap { zip(end[$0].values, start[$0].values).map(-) }
    }
    return ((0...layers).map { change(.hidden(row: $0)) }, (0..<layers).map { change(Site(.z, layer: $0)) })
  }

  private func changesRequest(_ sentence: Sentence) -> ForwardRequest {
    let sites = (0...layers).map(Site.hidden) + (0..<layers).map { Site(.z, layer: $0) }
    return ForwardRequest(capture: Set(sites), interventions: [sentence.interventions])
  }

  /// What `changes` takes.
  func changesWork(_ sentence: Sentence) -> Work {
    let work = ForwardExtent(model, changesRequest(sentence), rows: 1, length: sentence.paddedLength).work
    return work + work
  }
}

/// Gradients of one sentence, their weighted mean over points.
private struct MeanGradients {
  struct Sum {
    /// (n, width)
    var values: [Double]
    let width: Int

    /// - Parameter target: the only position that `gradient` has; nil when it has all
    mutating func add(_ gradient: Floats, _ member: Int, _ layout: PathLayout, target: Int? = nil) {
      let positions = target.map { $0..<$0 + 1 } ?? 0..<layout.sentences[member].length
      for k in 0..<layout.points {
        for p in positions {
          let row = target == nil ? layout.token(member, k, p) : layout.row(member, k)
          for c in 0..<width {
            values[p * width + c] += layout.weights[k] * Double(gradient[row * width + c])
          }
        }
      }
    }

    /// <gradient, change> of each part of a position's components: (n, parts).
    func dots(_ change: [Float], parts: Int) -> [[Double]] {
      let size = width / parts
      return (0..<values.count / width).map { position in
        (0..<parts).map { part in
          let start = position * width + part * size
          return (start..<start + size).reduce(0) { $0 + values[$1] * Double(change[$1]) }
        }
      }
    }
  }

  /// Of rows 0 ... L.
  var hidden: [Sum]
  var contexts: [Sum]
  var skips: [Sum]

  init(_ sentence: Sentence, _ c: TransformerConfiguration) {
    func empty(_ width: Int) -> Sum {
      Sum(values: Array(repeating: 0, count: sentence.length * width), width: width)
    }
    hidden = Array(repeating: empty(c.hidden), count: c.layers + 1)
    contexts = Array(repeating: empty(c.queryWidth), count: c.layers)
    skips = Array(repeating: empty(c.hidden), count: c.layers)
  }

  func scores(
    _ change: (hidden: [[Float]], contexts: [[Float]]), _ sentence: Sentence, heads: Int
  ) -> NodeScores {
    let none = Array(repeating: 0.0, count: heads)
    return NodeScores(
      hidden: zip(hidden, change.hidden).map {
        sentence.spread($0.dots($1, parts: 1).map { $0[0] }, filling: 0)
      },
      heads: zip(contexts, change.contexts).map { sentence.spread($0.dots($1, parts: heads), filling: none) },
      // A skip connection carries the block's input.
      skips: zip(skips, change.hidden).map {
        sentence.spread($0.dots($1, parts: 1).map { $0[0] }, filling: 0)
      })
  }
}

extension Sentence {
  /// The real tokens at their places, and padding that nothing reads.
  fileprivate var batch: TokenBatch {
    TokenBatch(
      ids: spread(ids, filling: 0), types: spread(types, filling: 0),
      mask: spread(ids.map { _ in true }, filling: false), rows: 1, length: paddedLength)
  }
}

extension NodeScores {
  /// What flows through a hidden state comes through its heads or its skip connection.
  public init(_ conductance: Conductance) {
    self.init(
      hidden: conductance.hidden, heads: conductance.heads,
      skips: conductance.heads.enumerated().map { layer, positions in
        zip(conductance.hidden[layer + 1], positions).map { $0 - $1.reduce(0, +) }
      })
  }
}
