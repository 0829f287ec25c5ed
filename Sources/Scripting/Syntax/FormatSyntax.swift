/// How an interpolation shows its value, in the notation of Python's format strings: the `.2f` of `{x:.2f}`.
///
///     format = [[fill] align] [sign] ["0"] [width] ["," | "_"] ["." precision] [form]
public struct FormatSyntax: Sendable {
  public enum Alignment: String, CaseIterable, Sendable {
    case left = "<"
    case right = ">"
    case center = "^"
    /// Between the sign and the digits of a number.
    case afterSign = "="
  }

  /// What stands before a number that is not negative.
  public enum Sign: String, CaseIterable, Sendable {
    case plus = "+"
    case blank = " "
    case none = "-"
  }

  public enum Form: String, CaseIterable, Sendable {
    case whole = "d"
    case fixed = "f"
    case scientific = "e"
    case general = "g"
    case percent = "%"
    case hexadecimal = "x"
    case text = "s"
  }

  public internal(set) var fill: Character = " "
  public internal(set) var alignment: Alignment?
  public internal(set) var sign = Sign.none
  public internal(set) var width = 0
  /// Between groups of three digits.
  public internal(set) var grouping: Character?
  public internal(set) var precision: Int?
  /// nil: as the value is shown, a number with a precision as ``Form/general``.
  public internal(set) var form: Form?
  /// As it is written, without the colon.
  public let span: Span

  init(_ span: Span) { self.span = span }

  static let largestWidth = 1000
  static let largestPrecision = 100
}
