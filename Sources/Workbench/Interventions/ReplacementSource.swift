import Transformers
import Language
import Results
import Tensors

/// What takes the place of nodes' values.
enum ReplacementSource: Sendable {
  case zero
  /// Nothing: a cut attention edge leaves its weight to the others.
  case mask
  case means(MeanActivations)
  /// The activations of the same sentence when its words are the baseline's.
  case baseline(BaselineText)
  /// Those of another sentence of a task.
  case resample(Resampling)
  /// The activations of each sentence's counterfactual.
  case counterfactual
  /// Those of one text.
  case text(TextActivations)

  /// Whether what takes a node's place depends on the sentence's counterfactual.
  var readsCounterfactual: Bool {
    switch self {
    case .counterfactual: true
    case .baseline(let baseline): baseline.isCounterfactual
    case .zero, .mask, .means, .resample, .text: false
    }
  }

  /// Continues the verb and its nodes: `by mean of sva_obj`.
  var phrase: String {
    switch self {
    case .zero: "by zero"
    case .mask: "by mask"
    case .means(let means): "by \(means.description)"
    case .baseline(let baseline): "by baseline \(baseline.description(nil))"
    case .resample(let resampling): "by resample of \(resampling.task), seed \(resampling.seed)"
    case .counterfactual: "by counterfactual"
    case .text(let from): "from \(from.text.source.title)"
    }
  }

  var fields: Record {
    switch self {
    case .zero: ["by": "zero"]
    case .mask: ["by": "mask"]
    case .means(let means): means.fields
    case .baseline(let baseline): ["by": "baseline", "baseline": .string(baseline.description(nil))]
    case .resample(let resampling):
      [
        "by": "resample", "on": .string(resampling.task), "rows": Value(resampling.rows.count),
        "seed": Value(resampling.seed),
      ]
    case .counterfactual: ["by": "counterfactual"]
    case .text(let from):
      from.text.source.ids.map { ["from": .numbers($0)] } ?? ["from": .string(from.text.source.text)]
    }
  }
}

extension SentenceText {
  /// Its words in quotes, or its ids.
  fileprivate var title: String { ids.map { "ids \($0)" } ?? "\"\(text)\"" }
}

/// Activations of one text, as the intact network computes them.
struct TextActivations: Sendable {
  let text: EncodedText
  /// (n, ...)
  let activations: [Site: Tensor]
}

/// Means over a task's sentences.
struct MeanActivations: Sendable {
  let task: String
  let texts: [EncodedText]
  let means: NodeMeans

  var scope: NodeMeans.Scope { means.scope }

  private var rows: Int { texts.count }

  var description: String {
    "mean\(scope == .position ? " per position" : "") of \(task) (\(rows) sentence\(rows == 1 ? "" : "s"))"
  }

  var fields: Record {
    var fields: Record = ["by": "mean", "on": .string(task), "rows": Value(rows)]
    if scope == .position { fields["per"] = "position" }
    return fields
  }
}
