import Faults
import Language

/// What can stand between a text and its continuation.
enum GenerationFault: StatedFault {
  case notCausal(model: String, family: String)
  case temperature(Double)
  /// An intervention that says nothing about tokens that are added.
  case fixed(InterventionFault.Label, Reason)
  /// - Parameters:
  ///   - length: tokens that are run
  ///   - own: those of the text
  case position(InterventionFault.Label, node: String, length: Int, own: Int)

  enum Reason {
    case patterns
    case meansPerPosition(Int)
    case textAtAllPositions
    case resamplingAtAllPositions
    case keptSpecial
    case edges

    var text: String {
      switch self {
      case .patterns: "it keeps the patterns of sentences as they stand, and this one grows"
      case .meansPerPosition(let length): "it has a mean for each of \(length) positions, and the text grows"
      case .textAtAllPositions:
        "it has the activations of its text's own tokens, and none of those that are added"
      case .resamplingAtAllPositions: "sentences of one length stand in for each other, and this one grows"
      case .edges: "what residual edges carry comes from a text as it stands, and this one grows"
      case .keptSpecial: "which of the tokens that are added keep=special keeps is not known before"
      }
    }

    var remedy: String {
      switch self {
      case .patterns, .edges: "keep or patch nodes"
      case .meansPerPosition: "leave out per=position for one mean over all positions"
      case .textAtAllPositions, .resamplingAtAllPositions: "name positions of the text, e.g. L3H5@2"
      case .keptSpecial: "set the baseline without keep=special"
      }
    }
  }

  package var sentence: FaultSentence {
    switch self {
    case .notCausal(let model, let family):
      (
        "generate-not-causal",
        "model \(model) is an encoder (\(family)): its tokens read those behind them too, so that none predicts the next",
        "load a causal model, such as \"demo-gpt2\"; `forward` predicts what stands at a [MASK]"
      )
    case .temperature(let temperature):
      (
        "generate-temperature", "temperature is \(formatted(temperature)), expected a number from 0",
        "0 takes the likeliest token each time, 1 draws by the model's own probabilities"
      )
    case .fixed(let label, let reason):
      (
        "intervention-growth", "intervention \(label.number) (\(label.text)): \(reason.text)",
        "\(reason.remedy), or `restore \(label.number)`"
      )
    case .position(let label, let node, let length, let own):
      (
        "intervention-position",
        "intervention \(label.number) (\(label.text)): \(node) is out of range 0...\(length - 1) (the text has \(own) tokens, "
          + "and \(length - own) of those that are added are run)",
        "`restore \(label.number)` removes it"
      )
    }
  }
}

private func formatted(_ number: Double) -> String {
  number == number.rounded() && abs(number) < 1e15 ? "\(Int(number))" : "\(number)"
}
