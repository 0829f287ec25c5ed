import Encoders
import Results
import Tensors

struct ForwardCommand: Command {
  let name = "forward"
  let group = CommandGroup.look
  let summary = "run the model: predictions at a position, and the quantity of interest"
  let discussion = """
    Predicts the text's [MASK], or the token at position=P. With `labels` the classifier answers; a model whose
    only head is a classifier does so without being asked. The quantity of interest is shown when it reads the
    head that answers.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the text; default the current one"),
    .option("pair", .text, "the second text of a pair"),
    .option("top", .integer(minimum: 1), "how many predictions; default 5"),
    .option("position", .integer(minimum: 0), "where to predict; default the text's [MASK]"),
    .flag("labels", "class labels instead of words"),
  ]
  let runsNetwork = true
  let example = #"""
    load "demo"
    forward "paris [MASK] the capital of france ." top=3
    text "a gripping , funny film ."
    forward labels
    forward position=3 top=2
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let model = try interpreter.session.requireModel()
    let text = try interpreter.text(arguments, model)
    let classifies = arguments.flag("labels") || !model.encoder.hasMaskedLMHead
    let quantity = try interpreter.session.quantity
      .map { (try QuantityParser.resolve($0.source, model: model), $0) }
      .flatMap { $0.0.readsLabels == classifies ? $0 : nil }
    var pass = HeadPass(model: model, text: text, interpreter: interpreter)
    var result: Record = ["tokens": .strings(text.encoding.tokens)]
    if classifies {
      pass.classifies = true
      result["labels"] = []
    } else {
      let position = try text.target(position: arguments.integer("position"))
      pass.positions.insert(position)
      result["position"] = Value(position)
    }
    let readPosition = try quantity.flatMap { try pass.add($0.0, at: $0.1.position) }
    let logits = try pass.run()
    if classifies {
      result["labels"] = .list(labels(logits.classes(), model))
    } else if case .number(let position)? = result["position"] {
      let row = logits.words(at: Int(position))
      result["predictions"] = .list(predictions(row, count: arguments.integer("top") ?? 5, model))
    }
    if let (quantity, _) = quantity {
      result["qoi"] = .number(logits.value(of: quantity, at: readPosition))
    }
    return .record(result)
  }

  private func predictions(_ logits: Tensor, count: Int, _ model: LoadedModel) -> [Value] {
    let values = logits.values
    let normalizer = logits.withUnsafeBufferPointer(logSumExp)
    return best(count, of: values).map { id in
      .record([
        "token": .string(model.tokenizer.vocabulary.name(of: id)), "id": Value(id),
        "logit": Value(values[id]), "prob": .number(probability(values[id], normalizer)),
      ])
    }
  }

  /// Indices of the largest values, equal ones in their order, without sorting a whole vocabulary.
  private func best(_ count: Int, of values: [Float]) -> [Int] {
    var best: [Int] = []
    for id in values.indices {
      if best.count == count, let last = best.last, !(values[id] > values[last]) { continue }
      best.insert(id, at: best.firstIndex { values[id] > values[$0] } ?? best.count)
      if best.count > count { best.removeLast() }
    }
    return best
  }

  private func labels(_ logits: Tensor, _ model: LoadedModel) -> [Value] {
    let normalizer = logits.withUnsafeBufferPointer(logSumExp)
    return logits.values.enumerated().map { label, logit in
      .record([
        "label": .string(model.configuration.labels[label]), "id": Value(label),
        "logit": Value(logit), "prob": .number(probability(logit, normalizer)),
      ])
    }
  }
}
