import Encoders
import OrderedCollections
import Results

extension Interpreter {
  /// What is done to `model` when it reads `text`: every forward pass of the shell goes by it.
  func interventions(for text: EncodedText, _ model: LoadedModel) throws -> Interventions {
    try interventions(for: [text], model)[0]
  }

  /// The same for the rows of a batch.
  func interventions(for texts: [EncodedText], _ model: LoadedModel) throws -> [Interventions] {
    var result: [Interventions] = Array(repeating: .none, count: texts.count)
    for intervention in session.interventions.acting(on: model) {
      let next = try intervention.interventions(for: texts, in: self)
      result = zip(result, next).map { $0.followed(by: $1) }
      noteUse(intervention.description)
    }
    return result
  }

  /// Remembers that the statement that runs was computed under an intervention.
  func noteUse(_ description: String) {
    interventionsInUse.append(description)
  }

  /// Runs a statement that may be part of another one, and returns what it yields; the outer one was computed under
  /// what the inner one was.
  func tracingInterventions<R>(_ body: () throws -> R) rethrows -> R {
    var outer: OrderedSet<String> = []
    swap(&outer, &interventionsInUse)
    defer {
      outer.formUnion(interventionsInUse)
      interventionsInUse = outer
    }
    return try body()
  }
}

extension Interpreter {
  /// What a result was computed under: in the statement that gave it, or before it was kept in a variable.
  func interventions(behind result: Value) -> [String] {
    guard case .object(let object) = result, let kept = object as? any InterventionResult else {
      return Array(interventionsInUse)
    }
    return Array(interventionsInUse.union(kept.interventions))
  }
}

/// A result that says what it was computed under, also when it was kept in a variable.
protocol InterventionResult: ObjectValue {
  /// One description each.
  var interventions: [String] { get }
}

extension Record {
  /// Adds what a result was computed under, if anything.
  mutating func state(_ interventions: [String]) {
    if !interventions.isEmpty { self["interventions"] = .strings(interventions) }
  }
}
