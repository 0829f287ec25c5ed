import ExactText

/// The function between the two products of a feed-forward branch, also used by heads.
public enum Activation: String, Sendable, CaseIterable {
  /// x Phi(x), Phi the normal distribution function: the `erf` form.
  case gelu
  /// x (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))) / 2, the form of the original BERT and GPT-2 code.
  case geluNew = "gelu_new"
  /// max(x, 0).
  case relu
  /// x / (1 + exp(-x)).
  case silu
  case tanh

  /// The activation that transformers has under a name, or nil for one not supported.
  public init?(huggingFaceName name: String) {
    switch name {
    case "gelu_pytorch_tanh": self = .geluNew
    case "swish": self = .silu
    default: self.init(named: name)
    }
  }

  /// All names that ``init(huggingFaceName:)`` takes.
  public static let huggingFaceNames = [
    "gelu", "gelu_new", "gelu_pytorch_tanh", "relu", "silu", "swish", "tanh",
  ]
}
