import ExactText
import Results
import Tensors

/// What is known of a value where ways of a script meet.
extension Value {
  /// What is known of a value that is one of several; one of them may be missing.
  static func joined(maybe values: [Value?]) throws -> Value {
    let present = values.compactMap(\.self)
    return present.count == values.count ? try joined(present) : .unknown()
  }

  static func joined(_ values: [Value]) throws -> Value {
    try values.dropFirst().reduce(values.first ?? .unknown()) { try $0.joined(with: $1) }
  }

  private func joined(with other: Value) throws -> Value {
    switch (opened, other.opened) {
    case (.list(let a), .list(let b)) where a.count == b.count:
      return .list(try zip(a, b).map { try $0.joined(with: $1) })
    case (.record(let a), .record(let b)) where a.keys == b.keys:
      return .record(
        try a.reduce(into: Record()) { $0[$1.key] = try $1.value.joined(with: b[$1.key] ?? .unknown()) })
    case (.object(let a), .object(let b)):
      guard let a = a as? UserFunction, let b = b as? UserFunction, a.isWritten(as: b) else { break }
      var function = a
      function.captured = try a.captured.reduce(into: [:]) {
        $0[$1.key] = try $1.value.joined(with: b.captured[$1.key] ?? .unknown())
      }
      return .object(function)
    default: break
    }
    let isKnown = asUnknown == nil && other.asUnknown == nil
    if isKnown, try isSame(as: other) { return self }
    guard let a = form, let b = other.form, try a.hasForm(of: b) else { return .unknown() }
    return .unknown(like: a)
  }

  private var form: Value? { asUnknown.map(\.standIn) ?? self }

  private func isSame(as other: Value) throws -> Bool {
    if case .object(let a) = self, case .object(let b) = other,
      let a = a as? UserFunction, let b = b as? UserFunction
    {
      return a.isWritten(as: b)
    }
    return try isEqual(to: other)
  }

  /// Whether what a check says of one it may say of the other.
  private func hasForm(of other: Value) throws -> Bool {
    switch (self, other) {
    case (.tensor(let a), .tensor(let b)): a.shape == b.shape
    case (.table(let a), .table(let b)): a.columns == b.columns && a.rows.count == b.rows.count
    case (.object, .object): try isSame(as: other)
    default: false
    }
  }

  /// A list or record of which only the form is known, as one of unknown parts; other values as they are.
  var opened: Value {
    guard let unknown = asUnknown, unknown.knowsLength else { return self }
    return switch unknown.standIn {
    case .list(let elements): .list(elements.map { .unknown(like: $0) })
    case .record(let record): .record(record.mapValues { .unknown(like: $0) })
    default: self
    }
  }

  /// Whether no more of it is unknown than of `before`, which was joined with others to make it.
  func isAsKnown(as before: Value) -> Bool {
    switch (opened, before.opened) {
    case (.list(let a), .list(let b)): a.count == b.count && zip(a, b).allSatisfy { $0.isAsKnown(as: $1) }
    case (.record(let a), .record(let b)):
      a.keys == b.keys && zip(a.values, b.values).allSatisfy { $0.isAsKnown(as: $1) }
    case (.object(let a as UserFunction), .object(let b as UserFunction)):
      zip(a.captured.values, b.captured.values).allSatisfy { $0.isAsKnown(as: $1) }
    case (let a, let b):
      a.asUnknown.map { a in b.asUnknown.map { (a.standIn == nil) == ($0.standIn == nil) } ?? false } ?? true
    }
  }
}

extension UserFunction {
  /// Whether both are what one place of a script makes.
  fileprivate func isWritten(as other: UserFunction) -> Bool {
    syntax.name.span.source === other.syntax.name.span.source
      && syntax.name.span.range == other.syntax.name.span.range
  }
}
