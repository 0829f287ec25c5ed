import Transformers
import ExactText
import Language
import Results

extension Bench {
  /// What is done to `model` when it reads `text`: every forward pass of the bench goes by it.
  func interventions(for text: EncodedText, _ model: LoadedModel) throws -> Interventions {
    try interventions(for: [text], model)[0]
  }

  /// The same for the rows of a batch.
  func interventions(for texts: [EncodedText], _ model: LoadedModel) throws -> [Interventions] {
    let interventions = state.interventions.acting(on: model)
    var texts = texts
    // Asked for only where it matters: what reads the session's quantity depends on it.
    if interventions.contains(where: \.keepsPatterns) {
      let question = state.quantity?.description
      texts = texts.map { $0.question == nil ? $0.asked(question) : $0 }
    }
    var result: [Interventions] = Array(repeating: .none, count: texts.count)
    for intervention in interventions {
      let next = try intervention.interventions(for: texts, in: self)
      result = zip(result, next).map { $0.followed(by: $1) }
      session.noteUse(intervention.description)
    }
    return result
  }
}

extension Record {
  static let interventionsKey = "interventions_hash"
  /// What another value of it means, for ``RowFile``.
  static let otherInterventions = "interventions with other sentences or patterns"

  /// Adds what tells the interventions on `model` from others that read alike, if there are any.
  mutating func identify(_ interventions: ActiveInterventions, on model: LoadedModel) {
    if let hash = interventions.fingerprint(on: model) { self[Self.interventionsKey] = .string(hash) }
  }
}
