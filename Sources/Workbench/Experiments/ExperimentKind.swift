import Attribution
import ExactText

/// The experiments by the names that the command takes.
enum ExperimentKind: String, CaseIterable, Sendable {
  case accuracy, concentration, share, ablation, skips, entropy, convergence, optimality, attention,
    faithfulness, cut

  /// Options that mean something to it, beside those of tasks, paths and files.
  var options: Set<Name> {
    switch self {
    case .accuracy, .convergence, .attention: []
    case .concentration, .share, .skips: ["level"]
    case .ablation: ["level", "by", "seed"]
    case .entropy: ["level", "bins"]
    case .optimality: ["level", "samples", "seed"]
    case .faithfulness: ["circuit"]
    case .cut: ["by", "samples", "seed", "skips"]
    }
  }

  /// The levels that it reports of patterns that are refined to `finest`; of skip connections those of one level.
  func levels(asked: PatternLevel?, finest: PatternLevel) -> [PatternLevel] {
    if let asked { return [asked] }
    return self == .skips ? [.attention] : PatternLevel.allCases.filter { $0 <= finest }
  }

  /// Whether it uses patterns, so that `patterns=` spares work.
  var usesPatterns: Bool {
    switch self {
    case .accuracy, .convergence, .faithfulness: false
    default: true
    }
  }

  /// Whether it goes along the path of inputs.
  var usesPath: Bool { self != .accuracy && self != .faithfulness }
}
