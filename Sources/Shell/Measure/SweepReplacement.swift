import Encoders
import Tensors

/// What takes the place of a node in a sweep.
struct SweepReplacement {
  /// `by mean of sva_obj (200 sentences)`
  let phrase: String
  private let values: Values

  private enum Values {
    case zero
    /// The same in every sentence.
    case shared([Node: Replacement.Value])
    /// Those of each sentence.
    case own([[Node: Replacement.Value]])
  }

  static let parameters: [Parameter] = [
    .option(
      "by", .word(["zero", "mean", "baseline", "resample"]),
      "what takes a node's place, as for `ablate`, from the same rows; default zero"),
    .option("per", .word(["position"]), "with by=mean: a mean for each position"),
    .option("seed", .integer(minimum: 0), "of by=resample; default the session's"),
  ]

  /// Computes what is put in place of `nodes`; means and other sentences are those of the task's rows.
  init(
    _ call: InterventionArguments, _ nodes: [Node], _ task: MeasuredTask, _ interpreter: Interpreter
  ) throws {
    let texts = task.texts(of: 0..<task.count)
    let source = try call.source(
      sites: Set(nodes.map(\.site)), nodes: nodes, scope: .node, sentences: (task.task.name, texts))
    phrase = source.phrase
    switch source {
    case .zero: values = .zero
    case .means(let means):
      values = .shared(Self.values(means.replacements(of: nodes), for: nodes, length: means.length))
    case .baseline, .resample, .text:
      try Self.checkMemory(nodes, texts, call.model, interpreter)
      let intervention = Intervention(
        number: 0, verb: "sweep", target: "", scope: .nodes(nodes), source: source, model: call.model)
      do {
        let longest = texts.map(\.count).max() ?? 0
        values = .own(
          try intervention.interventions(for: texts, in: interpreter).map {
            Self.values($0.replacements, for: nodes, length: longest)
          })
      } catch InterventionFault.noDonor(_, let task, let length) {
        throw InterventionFault.noDonor(nil, task: task, length: length)
      }
    }
  }

  /// The values of `nodes`; where a node without a position is replaced position by position, under the first of them, which
  /// holds all.
  ///
  /// - Parameter length: that of the longest sentence; a batch may be as long.
  private static func values(
    _ replacements: [Replacement], for nodes: [Node], length: Int
  ) -> [Node: Replacement.Value] {
    let wanted = Set(nodes)
    var values: [Node: Replacement.Value] = [:]
    for replacement in replacements where wanted.contains(replacement.node) || replacement.node.position == 0
    {
      values[replacement.node] = replacement.value.padded(to: length)
    }
    return values
  }

  /// Values of all sentences are kept at once; the passes get the other half of the budget.
  private static func checkMemory(
    _ nodes: [Node], _ texts: [EncodedText], _ model: LoadedModel, _ interpreter: Interpreter
  ) throws {
    let width = Set(nodes.map { Node(layer: $0.layer, component: $0.component) })
      .reduce(0) { $0 + $1.width(in: model.configuration) }
    let bytes = texts.reduce(0) { $0 + $1.count } * width * MemoryLayout<Float>.stride
    let budget = interpreter.session.settings.maxMemory
    guard bytes <= budget / 2 else { throw LimitFault.memory(needed: 2 * bytes, budget: budget) }
  }

  func value(of node: Node, inText text: Int) -> Replacement.Value {
    let value: Replacement.Value? =
      switch values {
      case .zero: .zero
      case .shared(let values): values.value(of: node)
      case .own(let values): values[text].value(of: node)
      }
    guard let value else { preconditionFailure("no replacement for \(node.name)") }
    return value
  }
}

extension [Node: Replacement.Value] {
  fileprivate func value(of node: Node) -> Replacement.Value? {
    self[node] ?? self[Node(layer: node.layer, component: node.component, position: 0)]
  }
}

extension Replacement.Value {
  /// With zeros for positions behind the sentence, where there is only padding.
  fileprivate func padded(to length: Int) -> Replacement.Value {
    guard case .positions(let rows) = self, rows.shape[0] < length else { return self }
    let missing = (length - rows.shape[0]) * rows.shape[1]
    return .positions(
      Tensor(shape: [length, rows.shape[1]], rows.values + Array(repeating: 0, count: missing)))
  }
}
