import Transformers
import Language
import Results
import Tensors

struct ForwardCommand: BenchCommand {
  let name = "forward"
  let group = CommandGroup.look
  let summary = "run the model: predictions at a position, and the quantity of interest"
  let discussion = """
    Predicts the text's [MASK], or the token at position=P; a causal model the token that follows the text, or P. With `labels` the classifier answers; a model whose
    only head is a classifier does so without being asked: all labels in their order, with top=N the best N. `prob` is the
    softmax over the labels; where the model's labels do not exclude each other (multi-label) it is the sigmoid of each
    logit, and a regression has none. The quantity of interest is shown when it reads the head that answers.
    """
  let parameters: [Parameter] = [
    .optional("text", .text, "the text; default the current one"),
    .option("pair", .text, "the second text of a pair"),
    .option(
      "top", .integer(minimum: 1), "how many predictions or labels, best first; default 5, or all labels"),
    .option(
      "position", .integer(minimum: 0),
      "where to predict; default the text's [MASK], in causal models the last"),
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

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let model = try bench.requireModel()
    let text = try bench.text(arguments, model)
    let classifies = arguments.flag("labels") || !model.hasLanguageHead
    let quantity = try bench.state.quantity
      .map { (try QuantityParser.resolve($0.source, model: model), $0) }
      .flatMap { $0.0.readsLabels == classifies ? $0 : nil }
    var pass = HeadPass(model: model, text: text, bench: bench)
    var result: Record = [:]
    if classifies {
      try arguments.refuse(
        "position",
        because:
          "the classifier reads \(text.isCausal ? "the last token that is no padding" : "the first token")")
      pass.classifies = true
    } else {
      let position = try text.target(position: arguments.integer("position"))
      pass.positions.insert(position)
      result["position"] = Value(position)
    }
    let readPosition = try quantity.flatMap { try pass.add($0.0, at: $0.1.position) }
    let logits = try pass.run()
    if classifies {
      bench.warnUnlessFinite("logits", logits.classes(), at: arguments.span)
      let type = model.configuration.problemType
      if type != .singleLabel { result["problem_type"] = .string(type.rawValue) }
      result["labels"] = .list(labels(logits.classes(), top: arguments.integer("top"), model))
    } else if case .number(let position)? = result["position"] {
      let row = logits.words(at: Int(position))
      bench.warnUnlessFinite("logits", row, at: arguments.span)
      result["predictions"] = .list(predictions(row, count: arguments.integer("top") ?? 5, model))
    }
    if let (quantity, _) = quantity {
      result["qoi"] = .number(logits.value(of: quantity, at: readPosition))
    }
    // Last: of a long text the tokens fill a screen.
    result["tokens"] = .strings(text.encoding.tokens)
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

  /// All in their order, or the `top` best.
  private func labels(_ logits: Tensor, top: Int?, _ model: LoadedModel) -> [Value] {
    let values = logits.values
    let type = model.configuration.problemType
    let normalizer = logits.withUnsafeBufferPointer(logSumExp)
    return (top.map { best($0, of: values) } ?? Array(values.indices)).map { label in
      var row: Record = [
        "label": .string(model.configuration.labels[label]), "id": Value(label),
        "logit": Value(values[label]),
      ]
      switch type {
      case .singleLabel: row["prob"] = .number(probability(values[label], normalizer))
      case .multiLabel: row["prob"] = .number(sigmoid(Double(values[label])))
      case .regression: break
      }
      return .record(row)
    }
  }
}
