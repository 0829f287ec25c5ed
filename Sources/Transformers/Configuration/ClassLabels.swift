import ExactText

/// Names of the classes, in the order of the class logits.
///
/// Those that a configuration only counts are not written out: their number is believed when the classifier has as many
/// outputs.
public struct ClassLabels: RandomAccessCollection, Equatable, Sendable {
  private enum Names: Sendable {
    case listed([String])
    /// As transformers makes them.
    case numbered(count: Int)
  }

  private let names: Names

  public init(_ names: [String]) { self.names = .listed(names) }

  init(numbered count: Int) { names = .numbered(count: count) }

  public var startIndex: Int { 0 }

  public var endIndex: Int {
    switch names {
    case .listed(let names): names.count
    case .numbered(let count): count
    }
  }

  public subscript(index: Int) -> String {
    switch names {
    case .listed(let names): return names[index]
    case .numbered(let count):
      precondition((0..<count).contains(index), "class \(index) of \(count)")
      return "LABEL_\(index)"
    }
  }

  /// The same names in the same order, however they are kept.
  public static func == (a: ClassLabels, b: ClassLabels) -> Bool {
    switch (a.names, b.names) {
    case (.numbered(let x), .numbered(let y)): x == y
    default: a.count == b.count && zip(a, b).allSatisfy { $0 == $1 }
    }
  }
}

extension ClassLabels: ExpressibleByArrayLiteral {
  public init(arrayLiteral names: String...) { self.init(names) }
}
