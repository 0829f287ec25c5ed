import Attribution
import Transformers
import ExactText
import Language
import Results
import Scripting

/// The baseline as it was typed; resolved against the model that is current when used.
package struct BaselineText: Sendable, Equatable {
  package let name: String
  package let keepsSpecial: Bool

  static let standard = BaselineText(name: "mask", keepsSpecial: false)

  package var description: String { keepsSpecial ? "\(name) keep=special" : name }

  func resolve(_ model: LoadedModel, _ text: EncodedText) throws -> Baseline {
    let isSpecial = text.encoding.isSpecial
    let kept = keepsSpecial ? Set(isSpecial.indices.filter { isSpecial[$0] }) : []
    return Baseline(try content(model), keep: kept)
  }

  /// `mask`, `pad` and `zero` name those; anything else is a vocabulary entry.
  func content(_ model: LoadedModel) throws -> Baseline.Content {
    switch name {
    case "mask": return .token(try model.tokenizer.requiredID(.mask))
    case "pad": return .token(try model.tokenizer.requiredID(.pad))
    case "zero": return .zero
    default: return .token(try QuantityParser.tokenID(name, model: model))
    }
  }
}

/// Options that every verb which integrates along a path takes.
enum PathOptions {
  static let parameters: [Parameter] = [
    .option("points", .integer(minimum: 2, maximum: 10_000), "points on the path; default 50"),
    .option(
      "quadrature", .word(Quadrature.allCases.map(\.rawValue)),
      "uniform (default) or gauss, exact with far fewer points"),
    .option("baseline", .name(.baselines), "mask, zero, pad or a word, for this command only"),
    .option("keep", .word(["special"]), "special: [CLS] and [SEP] do not move, for this command only"),
  ]

  static func options(_ arguments: Arguments, _ bench: Bench) -> AttributionOptions {
    AttributionOptions(
      points: arguments.integer("points") ?? 50,
      quadrature: arguments.string("quadrature").flatMap(Quadrature.init(rawValue:)) ?? .uniform,
      memoryBudget: bench.session.workingMemory)
  }

  /// The session's baseline, with what the command changes about it.
  static func baseline(_ arguments: Arguments, _ bench: Bench) -> BaselineText {
    let session = bench.state.baseline
    let keepsSpecial = arguments.string("keep") == "special"
    guard arguments["baseline"] != nil || keepsSpecial else { return session }
    return BaselineText(
      name: arguments.string("baseline") ?? session.name, keepsSpecial: keepsSpecial || session.keepsSpecial)
  }
}
