/// How hidden states are called wherever they are drawn: by the paper's number and by what computes them.
public enum HiddenState {
  /// `embed` of h0, `L3` of h4.
  public static func source(_ index: Int) -> String { index == 0 ? "embed" : "L\(index - 1)" }

  /// `h0 embed`, `h4 L3`
  public static func label(_ index: Int) -> String { "h\(index) \(source(index))" }

  /// The name of an axis of them.
  public static let axis = "hidden state"
}
