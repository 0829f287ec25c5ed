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
    let interventions = session.interventions.acting(on: model)
    var texts = texts
    // Asked for only where it matters: what reads the session's quantity depends on it.
    if interventions.contains(where: \.keepsPatterns) {
      texts = texts.map { $0.question == nil ? $0.asked(session.quantity?.description) : $0 }
    }
    var result: [Interventions] = Array(repeating: .none, count: texts.count)
    for intervention in interventions {
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
    let own: [String] =
      switch result {
      case .object(let object): (object as? any InterventionResult)?.interventions ?? []
      case .record(let record): record.statedInterventions ?? []
      default: []
      }
    return Array(interventionsInUse.union(own))
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

  /// What it says it was computed under; nil for a field of that name that is something else.
  var statedInterventions: [String]? {
    guard let field = self["interventions"] else { return [] }
    guard case .list(let elements) = field else { return nil }
    let texts = elements.compactMap { element -> String? in
      if case .string(let text) = element { text } else { nil }
    }
    return texts.count == elements.count ? texts : nil
  }

  static let interventionsKey = "interventions_hash"
  /// What another value of it means, for ``RowFile``.
  static let otherInterventions = "interventions with other sentences or patterns"

  /// Adds what tells the interventions on `model` from others that read alike, if there are any.
  mutating func identify(_ interventions: ActiveInterventions, on model: LoadedModel) {
    if let hash = interventions.fingerprint(on: model) { self[Self.interventionsKey] = .string(hash) }
  }
}
