import Attribution
import Transformers

/// How activations and edges are scored; `analysis` names papers and formulas in ``AttributeCommand``.
enum ScoreMethod: String, CaseIterable {
  case atp
  case atpStar = "atp-star"
  case ig
  case eap
  case eapIG = "eap-ig"
  case relp

  static func defaultMethod(of kind: SweepTargets.Kind) -> ScoreMethod { kind == .edges ? .eap : .atp }

  func scores(_ kind: SweepTargets.Kind) -> Bool {
    if kind == .attentionEdges { return self == .atp }
    return switch self {
    case .atp, .atpStar, .ig: kind != .edges
    case .eap, .eapIG: kind == .edges
    case .relp: true
    }
  }

  /// What can stand at the other end.
  func ends(_ kind: SweepTargets.Kind) -> [ScoreEndName] {
    switch self {
    case .atp where kind == .attentionEdges: [.zero, .mask]
    case .atp: [.counterfactual, .baseline, .zero, .mean]
    case .relp where kind != .edges: [.counterfactual, .baseline, .zero, .mean]
    default: [.counterfactual, .baseline]
    }
  }

  /// Whether the gradient is averaged along the path.
  var isIntegrated: Bool { self == .ig || self == .eapIG }

  /// Whether scores have a sign.
  var isSigned: Bool { self != .atpStar }

  /// - Throws: ``ScoreFault`` for what is not defined.
  func check(_ kind: SweepTargets.Kind, _ configuration: TransformerConfiguration) throws {
    guard scores(kind) else {
      throw ScoreFault.undefined(
        method: rawValue, kind: kind.rawValue,
        methods: Self.allCases.filter { $0.scores(kind) }.map(\.rawValue))
    }
    if self == .atpStar, configuration.layers < 2 { throw ScoreFault.oneLayer }
    guard self == .relp else { return }
    let family = configuration.family.rawValue
    if configuration.blocks.order == .postNorm { throw ScoreFault.postNorm(method: rawValue, family: family) }
    if configuration.blocks.normsBranches {
      throw ScoreFault.normedBranches(method: rawValue, family: family)
    }
  }
}

/// What an activation is compared with, as `by=` names it.
enum ScoreEndName: String, CaseIterable {
  case counterfactual, baseline, zero, mean
  /// Of attention edges.
  case mask
}
