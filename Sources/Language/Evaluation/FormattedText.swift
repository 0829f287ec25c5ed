import ExactText
import Faults
import Rendering
import Results
import Scripting

/// Values as `{x:.2f}` shows them, by the rules of Python's format strings.
extension Interpreter {
  /// A list is shown element by element.
  ///
  /// - Throws: ``ValueFault`` for a value that the format is not for.
  func text(of value: Value, _ format: FormatSyntax) throws -> String {
    switch value {
    case .list(let elements) where format.form != .text:
      return "[" + (try elements.joinedText(separator: ", ") { try text(of: try known($0), format) }) + "]"
    case .number(let number) where format.form != .text: return try FormattedNumber(number, format).text
    default:
      guard format.isForTexts else {
        throw ValueFault.formatForNumbers(format.span.text, found: value.typeName).located(format.span)
      }
      let text = try displayText(value)
      return format.padded(format.precision.map { String(text.prefix($0)) } ?? text, standard: .left)
    }
  }
}

extension FormatSyntax {
  fileprivate var isForTexts: Bool {
    (form == nil || form == .text) && sign == .none && grouping == nil && alignment != .afterSign
  }

  /// Blanks, or what fills, up to the width.
  fileprivate func padded(_ text: String, standard: Alignment) -> String {
    let missing = max(0, width - displayWidth(text))
    func filled(_ count: Int) -> String { String(repeating: fill, count: count) }
    switch alignment ?? standard {
    case .left: return text + filled(missing)
    case .right, .afterSign: return filled(missing) + text
    case .center: return filled(missing / 2) + text + filled(missing - missing / 2)
    }
  }
}

private struct FormattedNumber {
  private let number: Double
  private let format: FormatSyntax

  init(_ number: Double, _ format: FormatSyntax) throws {
    (self.number, self.format) = (number, format)
    switch format.form {
    case .whole, .hexadecimal:
      guard Int(exactly: number) != nil else {
        throw ValueFault.formatForWholeNumbers(format.span.text, found: formatNumber(number)).located(
          format.span)
      }
    default: break
    }
  }

  var text: String {
    let isNegative = number.sign == .minus && !number.isNaN
    let sign = isNegative ? "-" : format.sign == .none ? "" : format.sign.rawValue
    let digits = grouped(digits(of: number.magnitude))
    guard format.alignment == .afterSign else { return format.padded(sign + digits, standard: .right) }
    let zeros = max(0, format.width - sign.count - digits.count)
    return sign + String(repeating: format.fill, count: zeros) + digits
  }

  private func digits(of magnitude: Double) -> String {
    if !magnitude.isFinite { return formatNumber(magnitude) + (format.form == .percent ? "%" : "") }
    func printed(_ conversion: Character, _ standard: Int) -> String {
      formatNumber(magnitude, conversion: conversion, decimals: format.precision ?? standard)
    }
    return switch format.form {
    case .whole: formatNumber(magnitude, conversion: "f", decimals: 0)
    case .hexadecimal: String(Int(magnitude), radix: 16)
    case .fixed: printed("f", 6)
    case .scientific: printed("e", 6)
    case .general: printed("g", 6)
    case .percent: formatNumber(magnitude * 100, conversion: "f", decimals: format.precision ?? 6) + "%"
    case .text, nil: format.precision == nil ? formatNumber(magnitude) : printed("g", 6)
    }
  }

  /// With the sign of groups between the thousands.
  private func grouped(_ digits: String) -> String {
    guard let separator = format.grouping else { return digits }
    let whole = digits.prefix { $0.isNumber }
    let groups = stride(from: whole.count, to: 0, by: -3).map { end in
      String(whole.dropLast(whole.count - end).suffix(3))
    }
    return groups.reversed().joined(separator: String(separator)) + digits[whole.endIndex...]
  }
}
