import ExactText

extension Parser {
  /// What stands behind the `:` of an interpolation, up to its closing brace.
  mutating func format() throws -> FormatSyntax {
    let start = try take().range.upperBound
    var end = start
    while let byte = scanner[end], byte != UInt8(ascii: "}") { end += 1 }
    let format = try FormatReader(scanner.span(start..<end)).format()
    move(to: end)
    return format
  }
}

/// Reads ``FormatSyntax``.
private struct FormatReader {
  private let span: Span
  private var rest: Substring

  init(_ span: Span) {
    self.span = span
    rest = span.text[...]
  }

  func format() throws -> FormatSyntax {
    var reader = self
    return try reader.read()
  }

  private mutating func read() throws -> FormatSyntax {
    var format = FormatSyntax(span)
    guard !rest.isEmpty else { throw fault("nothing stands behind `:`") }
    takeAlignment(&format)
    format.sign = take { FormatSyntax.Sign(named: String($0)) } ?? .none
    if take("0"), format.alignment == nil { (format.fill, format.alignment) = ("0", .afterSign) }
    format.width = try number("the width", atMost: FormatSyntax.largestWidth) ?? 0
    format.grouping = take { $0 == "," || $0 == "_" ? $0 : nil }
    if take(".") {
      guard let precision = try number("the precision", atMost: FormatSyntax.largestPrecision) else {
        throw fault("a number is missing behind `.`")
      }
      format.precision = precision
    }
    format.form = take { FormatSyntax.Form(named: String($0)) }
    if let first = rest.first { throw fault("`\(first)` has no meaning there") }
    try check(format)
    return format
  }

  private mutating func takeAlignment(_ format: inout FormatSyntax) {
    let second = rest.dropFirst().first.flatMap { FormatSyntax.Alignment(named: String($0)) }
    if let second, let fill = rest.first {
      (format.fill, format.alignment) = (fill, second)
      rest = rest.dropFirst(2)
    } else {
      format.alignment = take { FormatSyntax.Alignment(named: String($0)) }
    }
  }

  private func check(_ format: FormatSyntax) throws {
    switch format.form {
    case .whole where format.precision != nil, .hexadecimal where format.precision != nil:
      throw fault("a whole number has no precision")
    case .text where format.grouping != nil || format.sign != .none || format.alignment == .afterSign:
      throw fault("a text has no sign and no groups of digits")
    case .hexadecimal where format.grouping == ",": throw fault("`,` groups decimal digits")
    default: break
    }
  }

  private mutating func take<Part>(_ part: (Character) -> Part?) -> Part? {
    guard let found = rest.first.flatMap(part) else { return nil }
    rest = rest.dropFirst()
    return found
  }

  private mutating func take(_ character: Character) -> Bool {
    take { $0 == character ? true : nil } ?? false
  }

  /// nil where no digit stands.
  private mutating func number(_ what: String, atMost limit: Int) throws -> Int? {
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    guard let number = Int(digits), number <= limit else { throw fault("\(what) is at most \(limit)") }
    rest = rest.dropFirst(digits.count)
    return number
  }

  private func fault(_ reason: String) -> Diagnostic {
    SyntaxFault.badFormat(span.text.clipped, reason: reason).at(span)
  }
}
