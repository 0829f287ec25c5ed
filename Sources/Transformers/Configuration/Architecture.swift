import ExactText

/// The class of transformers a checkpoint was saved from, and so what its heads are: a `classifier` may judge texts or tokens.
public struct Architecture: Sendable, Equatable {
  /// What the class adds to the bare model.
  public enum Head: Sendable, Equatable, CaseIterable {
    case none, preTraining, words, sentenceClassifier
    case tokenClassifier, questionAnswering, nextSentence, multipleChoice, discriminator
    /// None that is known here.
    case other
  }

  /// As config.json has it.
  public let name: String

  public init(name: String) { self.name = name }

  public var head: Head { Self.endings.first { name.hasSuffix($0.ending) }?.head ?? .other }

  private static let endings: [(ending: String, head: Head)] = [
    ("ElectraForPreTraining", .discriminator), ("ForPreTraining", .preTraining), ("ForMaskedLM", .words),
    ("ForCausalLM", .words), ("LMHeadModel", .words), ("DoubleHeadsModel", .words),
    ("ForSequenceClassification", .sentenceClassifier), ("ForTokenClassification", .tokenClassifier),
    ("ForQuestionAnswering", .questionAnswering), ("ForNextSentencePrediction", .nextSentence),
    ("ForMultipleChoice", .multipleChoice), ("Model", .none),
  ]

  /// What of such a checkpoint is not computed, if it is its reason to be; for an unknown one what may be.
  public var uncomputedHead: String? {
    switch head {
    case .none, .preTraining, .words, .sentenceClassifier: nil
    case .tokenClassifier, .multipleChoice: "classifier.*"
    case .questionAnswering: "qa_outputs.*"
    case .nextSentence: "cls.seq_relationship.*"
    case .discriminator: "discriminator_predictions.*"
    case .other: "whatever it has besides the model and its word predictions"
    }
  }
}
