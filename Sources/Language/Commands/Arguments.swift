import ExactText
import Results
import Scripting

/// The arguments of one call, bound to the command's parameters and checked for their kinds.
package struct Arguments: Sendable {
  package struct Bound: Sendable {
    package fileprivate(set) var value: Value
    package let expression: Expression
    package var span: Span { expression.span }
  }

  private(set) var bound: NameTable<[Bound]>
  /// The whole call, for faults that concern no single argument.
  package let span: Span

  package subscript(name: String) -> Bound? { bound[name]?.first }

  package func all(_ name: String) -> [Bound] { bound[name] ?? [] }

  package func string(_ name: String) -> String? {
    if case .string(let text)? = self[name]?.value { return text }
    return nil
  }

  package func number(_ name: String) -> Double? {
    if case .number(let number)? = self[name]?.value { return number }
    return nil
  }

  /// Of all arguments together.
  var tensorBytes: Int {
    bound.values.reduce(0) { sum, list in
      list.reduce(sum) { sum, argument in
        guard case .tensor(let tensor) = argument.value else { return sum }
        return sum + tensor.count * MemoryLayout<Float>.stride
      }
    }
  }

  var all: [Bound] { Array(bound.values.joined()) }

  /// The same call without an argument.
  func without(_ name: String) -> Arguments {
    var copy = self
    copy.bound[name] = nil
    return copy
  }

  /// The same call with other values.
  func mapValues(_ transform: (Value) throws -> Value) rethrows -> Arguments {
    var copy = self
    copy.bound = try bound.mapValues { values in
      try values.map { argument in
        var argument = argument
        argument.value = try transform(argument.value)
        return argument
      }
    }
    return copy
  }

  /// For a check: values that are not computed yet replaced by others of their form, where `isEnough` says that such
  /// a one will do.
  func withForms(where isEnough: (Value) -> Bool) -> Arguments {
    mapValues { value in
      guard let form = value.asUnknown?.standIn, isEnough(form) else { return value }
      return form
    }
  }

  /// Checked when bound: `.integer` parameters hold whole numbers.
  package func integer(_ name: String) -> Int? { number(name).flatMap { Int(exactly: $0) } }

  package func flag(_ name: String) -> Bool {
    if case .bool(true)? = self[name]?.value { return true }
    return false
  }

  package func span(of name: String) -> Span { self[name]?.span ?? span }

  /// Whether an option's value is not written there, as in a loop over several: `by=kind`.
  package func isComputed(_ name: String) -> Bool {
    guard let argument = self[name] else { return false }
    switch argument.expression.kind {
    case .name(let written):
      if case .string(let text) = argument.value { return text != written }
      return true
    case .string(let parts): return parts.contains { if case .interpolation = $0 { true } else { false } }
    case .binary: return false
    default: return true
    }
  }

  /// - Throws: a fault at the first of some options that is given although it means nothing here.
  package func refuse(_ options: String..., because reason: String) throws {
    try refuse(options, because: reason)
  }

  package func refuse(_ options: [String], because reason: String) throws {
    for option in options {
      guard let argument = self[option] else { continue }
      throw CallFault.ignoredOption(option, reason: reason).located(argument.span)
    }
  }
}
