import ExactText
import Faults
import Tensors

/// Finds a model's tensors in a checkpoint under the names that different versions gave them.
struct WeightReader {
  let source: any WeightSource
  let names: NameList
  /// Of the bare model's tensors, where it is part of a model with heads.
  private let prefix: String
  private let epsilon: Float

  /// - Parameter modelPrefix: the prefix that the bare model's tensors have in a model with heads, dot included
  init(_ source: any WeightSource, prefix modelPrefix: String, epsilon: Float) {
    self.source = source
    names = NameList(source.names)
    prefix = names.contains { $0.hasPrefix(modelPrefix) } ? modelPrefix : ""
    self.epsilon = epsilon
  }

  func contains(prefix: String) -> Bool { names.contains { $0.hasPrefix(prefix) } }

  /// Of a tensor of the bare model.
  func modelShape(_ name: String) -> [Int]? { source.shape(of: prefix + name) }

  /// The full name of a tensor of the bare model.
  func modelName(_ name: String) -> String { prefix + name }

  func modelHas(_ name: String) -> Bool { names.contains(prefix + name) }

  func has(_ name: String) -> Bool { names.contains(name) }

  /// A tensor of the bare model, `name` without the prefix.
  func model(_ name: String, _ shape: [Int]) throws -> Tensor { try tensor(prefix + name, shape) }

  /// A tensor of which `shape` is required.
  func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
    source.expect(name, shape)
    guard let found = source.shape(of: name) else {
      throw TransformerFault.missingTensor(name, shape: shape, closest: likeliest(name))
    }
    guard found == shape else { throw TransformerFault.wrongShape(name, expected: shape, found: found) }
    return try source.tensor(named: name)
  }

  /// The tensor that may have been meant: one of the same layer, since the next layer's is always close.
  private func likeliest(_ name: String) -> String? {
    let digits = name.filter(\.isNumber)
    return closest(to: name, in: names.filter { $0.filter(\.isNumber) == digits }.sorted())
  }

  /// `name.weight` (outputs, inputs) and `name.bias` (outputs) of the bare model or, with `isHead`, of a head.
  ///
  /// - Parameters:
  ///   - hasBias: zeros stand in where it is false.
  ///   - isTransposed: The weight is stored as (inputs, outputs).
  func linear(
    _ name: String, outputs: Int, inputs: Int, hasBias: Bool = true, isTransposed: Bool = false,
    isHead: Bool = false
  ) throws -> Linear {
    let full = isHead ? name : prefix + name
    let weight = try tensor(full + ".weight", isTransposed ? [inputs, outputs] : [outputs, inputs])
    return Linear(
      weight: isTransposed ? weight.permuted([1, 0]) : weight,
      bias: hasBias ? try tensor(full + ".bias", [outputs]) : nil)
  }

  /// Several linear layers of one input as one, their outputs one after another.
  func stacked(
    _ names: [(name: String, outputs: Int)], inputs: Int, hasBias: Bool = true
  ) throws -> Linear {
    let parts = try names.map { try linear($0.name, outputs: $0.outputs, inputs: inputs, hasBias: hasBias) }
    return Linear(
      weight: try Tensor(concatenating: parts.map(\.weight)),
      bias: hasBias ? try Tensor(concatenating: parts.map(\.bias)) : nil)
  }

  /// A layer norm; checkpoints converted from the original code call weight and bias gamma and beta.
  func layerNorm(_ name: String, width: Int, hasShift: Bool = true, isHead: Bool = false) throws -> Norm {
    let full = isHead ? name : prefix + name
    let isLegacy = names.contains(full + ".gamma")
    return Norm(
      gain: try tensor(full + (isLegacy ? ".gamma" : ".weight"), [width]),
      shift: hasShift ? try tensor(full + (isLegacy ? ".beta" : ".bias"), [width]) : nil, epsilon: epsilon,
      isCentred: true)
  }

  /// - Parameter plusOne: The gain is the weight + 1.
  func rmsNorm(_ name: String, width: Int, plusOne: Bool = false) throws -> Norm {
    let weight = try model(name + ".weight", [width])
    return Norm(
      gain: plusOne ? Tensor(shape: [width], weight.values.map { $0 + 1 }) : weight, shift: nil,
      epsilon: epsilon, isCentred: false)
  }

  /// The word embeddings (V, e).
  func words(_ name: String, _ c: TransformerConfiguration) throws -> Tensor {
    if let shape = modelShape(name), shape.count == 2, shape[0] != c.vocabulary {
      throw TransformerFault.vocabularyMismatch(configured: c.vocabulary, found: shape[0])
    }
    return try model(name, [c.vocabulary, c.embeddingSize])
  }

  /// The decoder of a head that is saved only where it is not the word embeddings.
  ///
  /// - Parameter biases: names of its bias, the first of which that is there counts; none for zeros
  func decoder(
    _ name: String, words: Tensor, _ c: TransformerConfiguration, biases: [String] = []
  ) throws -> Linear {
    let isTied = c.tiesEmbeddings && !has(name)
    let bias = biases.first(where: has) ?? biases.last
    return Linear(
      weight: isTied ? words : try tensor(name, [c.vocabulary, words.shape[1]]),
      bias: try bias.map { try tensor($0, [c.vocabulary]) })
  }

  /// The layers, one after another.
  ///
  /// Not by `map`, which would reserve room for as many layers as a broken configuration may name.
  func blocks(_ count: Int, _ block: (Int) throws -> Block) rethrows -> [Block] {
    var blocks: [Block] = []
    for index in 0..<count { blocks.append(try block(index)) }
    return blocks
  }
}

extension Tensor {
  /// `parts`, which differ in their first dimension only, one after another.
  fileprivate init(concatenating parts: [Tensor]) throws {
    let rows = parts.reduce(0) { $0 + $1.shape[0] }
    try self.init(shape: [rows] + parts[0].shape.dropFirst()) { target in
      var start = 0
      for part in parts {
        try part.withUnsafeBufferPointer { source in
          try source.indices.forEachPart { start = target[start...].update(fromContentsOf: source[$0]) }
        }
      }
    }
  }
}
