import Attribution
import ExactText
import Language
import Results

/// How patterns were searched, beside points and baseline: patterns of another search are other patterns.
struct PatternSearch: Sendable, Equatable {
  let quadrature: String
  let beam: Int
  /// Nodes kept in each layer.
  let kept: Int
  /// Whether the patterns are of all words that move, not of chosen ones.
  let hasAllWords: Bool
  /// Fingerprints of the model's files, and of the interventions; nil without any.
  let model: String
  let interventions: String?
}

extension PatternSearch {
  init(_ options: AttributionOptions, _ model: LoadedModel, interventions: ActiveInterventions) {
    self.init(
      quadrature: options.quadrature.rawValue, beam: options.beam, kept: options.kept,
      hasAllWords: options.words == nil, model: model.folder.fingerprint,
      interventions: interventions.fingerprint(on: model))
  }

  /// What the patterns are in contrast to those of `other`, in words that go on from "these patterns are not those of
  /// ...:"; nil when the searches are the same.
  func difference(from other: PatternSearch) -> String? {
    if model != other.model { return "they are of other weights" }
    if interventions != other.interventions { return "they were found under \(Record.otherInterventions)" }
    if hasAllWords != other.hasAllWords { return "they are of chosen words, not of all" }
    if quadrature != other.quadrature { return "their quadrature is \(quadrature), not \(other.quadrature)" }
    if kept != other.kept { return "they keep \(kept) nodes in each layer, not \(other.kept)" }
    if beam != other.beam { return "they were searched with beam=\(beam), not beam=\(other.beam)" }
    return nil
  }
}

// MARK: In files

extension PatternSearch {
  var record: Record {
    var record: Record = [
      "quadrature": .string(quadrature), "beam": Value(beam), "kept": Value(kept),
      "all_words": .bool(hasAllWords), "model": .string(model),
    ]
    if let interventions { record["interventions"] = .string(interventions) }
    return record
  }

  /// nil when a field is missing or of another type.
  init?(saved value: Value) {
    guard case .record(let record) = value, case .string(let quadrature)? = record["quadrature"],
      case .number(let beam)? = record["beam"], let beam = Int(exactly: beam),
      case .number(let kept)? = record["kept"], let kept = Int(exactly: kept),
      case .bool(let hasAllWords)? = record["all_words"], case .string(let model)? = record["model"]
    else { return nil }
    var interventions: String?
    if let field = record["interventions"] {
      guard case .string(let hash) = field else { return nil }
      interventions = hash
    }
    self.init(
      quadrature: quadrature, beam: beam, kept: kept, hasAllWords: hasAllWords, model: model,
      interventions: interventions)
  }
}
