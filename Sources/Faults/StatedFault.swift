/// What is said of a fault; see ``Fault``.
package typealias FaultSentence = (code: String, message: String, remedy: String?)

/// A fault whose code, message and remedy stand together, in one switch over all cases: one without a sentence does not
/// compile.
package protocol StatedFault: Fault {
  var sentence: FaultSentence { get }
}

extension StatedFault {
  public var code: String { sentence.code }
  public var message: String { sentence.message }
  public var remedy: String? { sentence.remedy }
}

/// The remedy for a name that was mistyped; nil when nothing is close.
package func didYouMean(_ name: String?) -> String? { name.map { "did you mean `\($0)`?" } }

/// `fields: a, b, c`; nil when there are none.
package func listed(_ what: String, _ names: [String]) -> String? {
  names.isEmpty ? nil : "\(what): \(names.joined(separator: ", "))"
}

/// `1, 5, 7`
package func commas(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
