/// What class logits mean; Hugging Face's `problem_type`.
public enum ProblemType: String, Sendable, CaseIterable {
  /// Exactly one class applies: softmax over the classes.
  case singleLabel = "single_label_classification"
  /// Each class applies or not, whatever the others do: a sigmoid of each logit.
  case multiLabel = "multi_label_classification"
  /// The logits are the answer, no probabilities.
  case regression
}
