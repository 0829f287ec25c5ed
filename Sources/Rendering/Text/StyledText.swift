import ExactText
import Faults

/// How a part of a text looks on a terminal. Only renderers make styles; no text becomes one.
public struct TextStyle: Sendable, Equatable {
  /// Of the sequence that switches it on (SGR): numbers and semicolons.
  let parameters: String

  init(_ parameters: String) { self.parameters = parameters }

  static let bold = TextStyle("1")
  static let dim = TextStyle("2")
  package static let error = TextStyle("1;31")
  package static let warning = TextStyle("1;33")
}

/// A text and the looks of its parts, kept apart until it is written: whatever control sequences the text itself has, none
/// is taken for a style.
public struct StyledText: Sendable, Equatable {
  package struct Run: Sendable, Equatable {
    package fileprivate(set) var text: String
    package let style: TextStyle?
  }

  /// Neighbours differ in style; none is empty.
  package private(set) var runs: [Run] = []

  public init() {}

  public init(_ text: String) { append(text, nil) }

  package init(_ text: String, _ style: TextStyle?) { append(text, style) }

  package var isEmpty: Bool { runs.isEmpty }

  /// What it says.
  public var plain: String { runs.map(\.text).joined() }

  /// With the control sequences of its styles, and its own where it has some.
  public var ansi: String { runs.map { Self.styled($0.text, $0.style) }.joined() }

  private static func styled(_ text: String, _ style: TextStyle?) -> String {
    style.map { "\u{1B}[\($0.parameters)m\(text)\u{1B}[0m" } ?? text
  }

  private mutating func append(_ text: String, _ style: TextStyle?) {
    if text.isEmpty { return }
    if let last = runs.indices.last, runs[last].style == style {
      runs[last].text += text
    } else {
      runs.append(Run(text: text, style: style))
    }
  }

  package static func += (text: inout StyledText, other: StyledText) {
    for run in other.runs { text.append(run.text, run.style) }
  }

  package static func + (text: StyledText, other: StyledText) -> StyledText {
    var whole = text
    whole += other
    return whole
  }

  /// Without blanks at its end, unless they are styled.
  var trimmingEnd: StyledText {
    guard let last = runs.last, last.style == nil else { return self }
    var trimmed = self
    trimmed.runs.removeLast()
    trimmed.append(Rendering.trimmingEnd(last.text), nil)
    return trimmed
  }

  /// With every text replaced, its style kept.
  package func mapTexts(_ transform: (String) throws -> String) rethrows -> StyledText {
    var mapped = StyledText()
    for run in runs { mapped.append(try transform(run.text), run.style) }
    return mapped
  }
}

extension StyledText: ExpressibleByStringInterpolation {
  public init(stringLiteral text: String) { self.init(text) }

  public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.text }

  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var text = StyledText()

    public init(literalCapacity: Int, interpolationCount: Int) {}

    public mutating func appendLiteral(_ literal: String) { text += StyledText(literal) }

    public mutating func appendInterpolation(_ part: StyledText) { text += part }

    public mutating func appendInterpolation(_ part: some CustomStringConvertible) {
      text += StyledText(part.description)
    }
  }
}

extension Sequence where Element == StyledText {
  func joined(separator: StyledText = "") -> StyledText {
    var (whole, isFirst) = (StyledText(), true)
    for part in self {
      if !isFirst { whole += separator }
      whole += part
      isFirst = false
    }
    return whole
  }

  /// Each ended by its newline.
  ///
  /// - Throws: ``Interrupted``.
  func lines() throws -> StyledText {
    var (whole, steps) = (StyledText(), Steps())
    for line in self {
      try steps.next()
      whole += line
      whole += "\n"
    }
    return whole
  }
}

extension StyledText {
  /// Whether it has at least so many ends of lines; looks no further than that.
  package func hasLines(_ count: Int) -> Bool {
    var left = count
    for run in runs {
      for byte in run.text.utf8 where byte == UInt8(ascii: "\n") {
        left -= 1
        if left == 0 { return true }
      }
    }
    return count <= 0
  }
}
