import Transformers
import Language
import Tensors

/// One forward pass that runs only the heads and positions that are read.
struct HeadPass {
  let model: LoadedModel
  let text: EncodedText
  let bench: Bench
  var positions: Set<Int> = []
  var classifies = false

  /// Asks for what `quantity` reads.
  ///
  /// - Returns: the position it is read at; nil for a classifier's.
  mutating func add(_ quantity: QuantityOfInterest, at position: Int?) throws -> Int? {
    if quantity.readsLabels {
      classifies = true
      return nil
    }
    let target = try text.target(position: position)
    positions.insert(target)
    return target
  }

  func run() throws -> HeadLogits {
    let sorted = positions.sorted()
    var request = ForwardRequest(
      wordPositions: sorted.map { (row: 0, position: $0) }, classify: classifies)
    try bench.checkMemory(model, length: text.count, request)
    request.interventions = [try bench.interventions(for: text, model)]
    let result = try bench.execution.perform(
      model.transformer.plan(text.batch, request, check: bench.session.checkInterruption))
    return HeadLogits(result: result, positions: sorted)
  }
}

/// The logits of one text, as far as they were asked for.
struct HeadLogits {
  let result: ForwardResult
  let positions: [Int]

  /// (V)
  func words(at position: Int) -> Tensor {
    guard let logits = result.wordLogits, let row = positions.firstIndex(of: position) else {
      preconditionFailure("position \(position) was not asked for")
    }
    return logits[row]
  }

  /// (C)
  func classes() -> Tensor {
    guard let logits = result.classLogits else { preconditionFailure("labels were not asked for") }
    return logits[0]
  }

  func value(of quantity: QuantityOfInterest, at position: Int?) -> Double {
    quantity.value(logits: position.map(words(at:)) ?? classes())
  }
}
