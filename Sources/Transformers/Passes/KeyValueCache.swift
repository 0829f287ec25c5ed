import Faults
import Tensors

/// Keys and values of the tokens of one text, for those behind them to read: after norms, rotations and biases. In a causal
/// model they do not depend on what follows.
final class KeyValueCache {
  let model: Transformer
  /// Of one token.
  let workspace: Workspace
  let tables: [Rotary: RotaryTable]
  /// Tokens that it has room for.
  let capacity: Int
  /// Tokens that it has.
  private(set) var length = 0
  /// Of each layer (2, capacity, G dh): keys, then values.
  private let layers: [Storage]
  private let replacements: [Replacement]
  /// Indices of the replacements at all positions.
  private let everywhere: [Int]
  /// Indices of those at one position, by it.
  private let placed: [Int: [Int]]
  /// By the position of the reader.
  private let cuts: [Int: CutPlan]

  init(_ model: Transformer, capacity: Int, _ interventions: Interventions) {
    let configuration = model.configuration
    (self.model, self.capacity) = (model, capacity)
    workspace = Workspace(tokens: 1, configuration)
    tables = configuration.rotaryTables(length: capacity)
    layers = (0..<configuration.layers).map { _ in
      Storage(uninitializedCount: 2 * capacity * configuration.keyWidth)
    }
    replacements = interventions.replacements
    var (everywhere, placed): ([Int], [Int: [Int]]) = ([], [:])
    for (index, replacement) in replacements.enumerated() {
      if let position = replacement.node.position {
        placed[position, default: []].append(index)
      } else {
        everywhere.append(index)
      }
    }
    (self.everywhere, self.placed) = (everywhere, placed)
    cuts = Dictionary(grouping: interventions.cuts, by: \.edge.reader)
      .mapValues { CutPlan([Interventions(cuts: $0)]) }
  }

  /// Bytes of the keys, values and angles of so many tokens, and of what a pass of one token computes in.
  static func bytes(tokens: Int, in configuration: TransformerConfiguration) -> Int {
    let angles = Set(configuration.blocks.rotaries.compactMap(\.self)).reduce(0) { $0 + $1.width }
    let floats =
      tokens * (2 * configuration.layers * configuration.keyWidth + angles)
      + Workspace.size(tokens: 1, configuration)
    return floats * MemoryLayout<Float>.stride
  }

  private var keyWidth: Int { model.configuration.keyWidth }
  private var keyCount: Int { capacity * keyWidth }

  /// Takes over what a pass over the first tokens has captured: ``sites(in:)``.
  func fill(_ activations: [Site: Tensor], length: Int) {
    precondition(length <= capacity, "\(length) tokens for \(capacity)")
    for (layer, storage) in layers.enumerated() {
      for (kind, start) in [(Site.Kind.k, 0), (.v, keyCount)] {
        guard let values = activations[Site(kind, layer: layer)] else {
          preconditionFailure("\(kind) of layer \(layer) was not captured")
        }
        (storage.base + start).update(from: values.pointer, count: length * keyWidth)
      }
    }
    self.length = length
  }

  /// Keys and values of all layers.
  static func sites(in configuration: TransformerConfiguration) -> Set<Site> {
    Set((0..<configuration.layers).flatMap { [Site(.k, layer: $0), Site(.v, layer: $0)] })
  }

  /// z, (A dh), of the token that runs, whose key and value are kept.
  ///
  /// - Parameter projections: queries, keys and values of the token, (A dh + 2 G dh)
  func attend(
    _ layer: Int, _ projections: Floats, into context: MutableFloats, check: InterruptionCheck
  ) throws {
    try check()
    precondition(length < capacity, "a token more than \(capacity)")
    let branch = model.blocks[layer].attention
    let (keys, values) = (layers[layer].base, layers[layer].base + keyCount)
    let own = projections + branch.queryWidth
    (keys + length * keyWidth).update(from: own, count: keyWidth)
    (values + length * keyWidth).update(from: own + keyWidth, count: keyWidth)
    branch.heads.context(of: projections, at: length, keys: keys, values: values, into: context)
    for reader in cuts[length]?.readers(of: layer) ?? [] {
      cut(reader, branch, projections, keys: keys, values: values, into: context)
    }
  }

  /// The same of one head, without some keys. Edges from tokens behind its own are not there.
  private func cut(
    _ reader: CutPlan.Reader, _ branch: AttentionBranch, _ query: Floats, keys: Floats, values: Floats,
    into context: MutableFloats
  ) {
    let (heads, bias) = (branch.heads, branch.noBias.pointer)
    let (column, keyColumn) = (reader.head * heads.headSize, heads.keyColumn(of: reader.head))
    let operands = CutOperands(
      query: query + column, key: keys + keyColumn, value: values + keyColumn, stride: keyWidth,
      keys: length + 1, queryBias: bias, keyBias: bias, valueBias: bias)
    withScratch(count: length + 1) { weights in
      heads.cut(
        reader.limited(to: length + 1), operands, readable: heads.mask.keys(of: length, length: length + 1),
        isThere: { _ in true }, weights: weights, context: context + column)
    }
  }

  /// The token that ran has left its keys and values in all layers.
  func advance() { length += 1 }

  /// What is replaced at one position, in the order that was asked for.
  func interventions(at position: Int) -> Interventions {
    guard let own = placed[position] else { return Interventions(everywhere.map { replacements[$0] }) }
    return Interventions((everywhere + own).sorted().map { replacements[$0] })
  }
}
