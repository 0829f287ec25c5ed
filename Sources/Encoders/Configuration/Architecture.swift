import ExactText

/// Which class of transformers a checkpoint was saved from, and so what its heads are: a `classifier` may judge texts or
/// tokens.
public enum Architecture: Sendable, Equatable {
  case encoder, preTraining, maskedLM, sentenceClassifier
  case tokenClassifier, questionAnswering, nextSentence, multipleChoice
  /// A BERT of which the heads are not known here.
  case other(String)

  private static let known: [(name: String, architecture: Architecture)] = [
    ("BertModel", .encoder), ("BertForPreTraining", .preTraining), ("BertForMaskedLM", .maskedLM),
    ("BertLMHeadModel", .maskedLM), ("BertForSequenceClassification", .sentenceClassifier),
    ("BertForTokenClassification", .tokenClassifier), ("BertForQuestionAnswering", .questionAnswering),
    ("BertForNextSentencePrediction", .nextSentence), ("BertForMultipleChoice", .multipleChoice),
  ]

  /// From an entry of `architectures` in config.json.
  init(name: String) {
    self = Self.known.first { $0.name == name }?.architecture ?? .other(name)
  }

  /// As config.json has it.
  public var name: String {
    if case .other(let name) = self { return name }
    return Self.known.first { $0.architecture == self }?.name ?? "\(self)"
  }

  /// Whether the name says BERT.
  var isBERTs: Bool {
    if case .other(let name) = self { return name.hasPrefix("Bert") && !name.hasPrefix("BertGeneration") }
    return true
  }

  /// What of such a checkpoint is not computed, if it is its reason to be; for an unknown one what may be.
  public var uncomputedHead: String? {
    switch self {
    case .encoder, .preTraining, .maskedLM, .sentenceClassifier: nil
    case .tokenClassifier, .multipleChoice: "classifier.*"
    case .questionAnswering: "qa_outputs.*"
    case .nextSentence: "cls.seq_relationship.*"
    case .other: "whatever it has besides cls.predictions.*"
    }
  }
}
