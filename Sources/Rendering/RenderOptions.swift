import Faults

/// How results are shown to people. Machine formats ignore all of it.
public struct RenderOptions: Sendable {
  /// Columns available; `.max` (a pipe, a file) means that nothing is cut to fit.
  public var width: Int
  /// Whether ANSI colours may be used.
  public var color: Bool
  /// Whether the terminal knows 24-bit colours; otherwise the palette of 256 is used.
  public var trueColor: Bool
  /// Whether ornaments (the ellipsis) may be other than ASCII. Data is always written as it is.
  public var unicode: Bool
  /// Significant digits of numbers that are not whole, 1 ... 15.
  public var precision: Int
  /// Rows of a table before it is cut with a line saying how many more there are; nil shows all.
  public var maxRows: Int?
  /// In a tensor of more than 1000 elements a longer axis shows its first and last half of this.
  public var maxTensorEdge: Int
  /// Whether the lines are for a terminal: a text that stands within the layout then stays on its line. Elsewhere it
  /// is written as it is.
  public var isTerminal: Bool

  public init(
    width: Int = 80, color: Bool = false, trueColor: Bool = false, unicode: Bool = true,
    precision: Int = 5, maxRows: Int? = nil, maxTensorEdge: Int = 6, isTerminal: Bool = false
  ) {
    self.width = width
    self.color = color
    self.trueColor = trueColor
    self.unicode = unicode
    self.precision = precision
    self.maxRows = maxRows
    self.maxTensorEdge = maxTensorEdge
    self.isTerminal = isTerminal
  }

  var ellipsis: String { unicode ? "…" : "..." }

  func bold(_ text: String) -> StyledText { styled(text, .bold) }

  func dim(_ text: String) -> StyledText { styled(text, .dim) }

  func styled(_ text: String, _ style: TextStyle) -> StyledText { StyledText(text, color ? style : nil) }

  /// A text within a layout by lines.
  func onLine(_ text: String) -> String { isTerminal ? text.escapingControls : text }
}
