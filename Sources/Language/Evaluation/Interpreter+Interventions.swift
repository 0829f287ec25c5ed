import ExactText
import Results

// What results were computed under: one description for each intervention, in the words of the domain.

extension Interpreter {
  package func noteUse(_ description: String) { interventionsInUse.append(description) }

  /// Runs a statement that may be part of another one, and returns what it yields; the outer one was computed under
  /// what the inner one was.
  func tracingInterventions<R>(_ body: () throws -> R) rethrows -> R {
    // Most statements are under none; this is asked of each.
    var outer = NameList()
    swap(&outer, &interventionsInUse)
    defer {
      if interventionsInUse.isEmpty {
        interventionsInUse = outer
      } else if !outer.isEmpty {
        outer.append(contentsOf: interventionsInUse)
        interventionsInUse = outer
      }
    }
    return try body()
  }

  /// What a result was computed under: in the statement that gave it, or before it was kept in a variable.
  func interventions(behind result: Value) -> [String] {
    let own: [String] =
      switch result {
      case .object(let object): (object as? any InterventionResult)?.interventions ?? []
      case .record(let record): record.statedInterventions ?? []
      default: []
      }
    return interventionsInUse.union(own)
  }
}

/// A result that says what it was computed under, also when it was kept in a variable.
package protocol InterventionResult: ObjectValue {
  /// One description each.
  var interventions: [String] { get }
}

extension Record {
  /// Adds what a result was computed under, if anything.
  package mutating func state(_ interventions: [String]) {
    if !interventions.isEmpty { self["interventions"] = .strings(interventions) }
  }

  /// What it says it was computed under; nil for a field of that name that is something else.
  fileprivate var statedInterventions: [String]? {
    guard let field = self["interventions"] else { return [] }
    guard case .list(let elements) = field else { return nil }
    let texts = elements.compactMap { element -> String? in
      if case .string(let text) = element { text } else { nil }
    }
    return texts.count == elements.count ? texts : nil
  }
}

extension Value {
  /// A record that says what it was computed under, beside what it says already; other values as they are.
  func stating(interventions: [String]) -> Value {
    guard case .record(var record) = self, let own = record.statedInterventions else { return self }
    record.state(NameList(own).union(interventions))
    return .record(record)
  }
}
