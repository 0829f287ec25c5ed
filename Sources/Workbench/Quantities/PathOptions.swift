import Attribution
import Transformers
import ExactText
import Language
import Results
import Scripting
import Tokenization

/// The baseline as it was typed; resolved against the model that is current when used.
package struct BaselineText: Sendable, Equatable {
  /// nil for the model's default.
  package let name: String?
  package let keepsSpecial: Bool
  /// Whether a word is taken as written, without the blank that one within a sentence has.
  package var isQuoted = false

  static let standard = BaselineText(name: nil, keepsSpecial: false)

  /// Whether the path starts from the counterfactual of each text.
  var isCounterfactual: Bool { !isQuoted && name == Self.counterfactual }

  static let counterfactual = "counterfactual"

  /// As one types it; the default by what it is for `model`.
  func description(_ model: LoadedModel?) -> String {
    let word = name.map { isQuoted ? "\"\($0)\"" : $0 } ?? model.flatMap { Self.defaultRole($0)?.0 } ?? "mask"
    return keepsSpecial ? "\(word) keep=special" : word
  }

  /// The same whatever model is current later.
  func settled(for model: LoadedModel) -> BaselineText {
    BaselineText(
      name: name ?? Self.defaultRole(model)?.0, keepsSpecial: keepsSpecial, isQuoted: isQuoted)
  }

  /// The mask token where there is one, else padding if it is a token of its own, else end or begin of text.
  static func defaultRole(_ model: LoadedModel) -> (String, SpecialRole)? {
    let tokenizer = model.tokenizer
    let ends = [SpecialRole.eos, .bos, .unk].compactMap(tokenizer.id)
    return roles.first { name, role in
      guard let id = tokenizer.id(role) else { return false }
      return role != .pad || !ends.contains(id)
    }
  }

  private static let roles: [(String, SpecialRole)] = [
    ("mask", .mask), ("pad", .pad), ("eos", .eos), ("bos", .bos),
  ]

  func resolve(_ model: LoadedModel, _ text: EncodedText) throws -> Baseline {
    let isSpecial = text.encoding.isSpecial
    let kept = keepsSpecial ? Set(isSpecial.indices.filter { isSpecial[$0] }) : []
    return Baseline(try content(model, text), keep: kept)
  }

  /// Whether `model` has it; a counterfactual only a text can have.
  func check(_ model: LoadedModel) throws {
    if !isCounterfactual { _ = try content(model) }
  }

  private func content(_ model: LoadedModel, _ text: EncodedText) throws -> Baseline.Content {
    try isCounterfactual ? .tokens(text.requireCounterfactual().ids) : content(model)
  }

  /// `mask`, `pad`, `eos`, `bos` and `zero` name those, `id[N]` an entry by number; anything else is a vocabulary entry.
  private func content(_ model: LoadedModel) throws -> Baseline.Content {
    guard let name else {
      guard let (_, role) = Self.defaultRole(model) else { throw QuantityFault.noBaseline(model: model.name) }
      return .token(try model.tokenizer.requiredID(role))
    }
    if !isQuoted {
      if name == "zero" { return .zero }
      if let role = Self.roles.first(where: { $0.0 == name })?.1 {
        return .token(try model.tokenizer.requiredID(role))
      }
      if name.hasPrefix("id["), name.hasSuffix("]") {
        let number = String(name.dropFirst(3).dropLast())
        return .token(try QuantityParser.entry(numbered: number, model: model))
      }
    }
    return .token(try QuantityParser.tokenID(name, continuing: !isQuoted, model: model))
  }
}

/// Options that every verb which integrates along a path takes.
enum PathOptions {
  static let parameters: [Parameter] = [
    .option(
      "points", .countOrWord(["auto"], 2...10_000),
      "points on the path; default 50. auto: trapezoid points, as many as the completeness gap needs to be at most 1 % of the "
        + "sum of absolute influences"),
    .option(
      "quadrature", .word(Quadrature.allCases.map(\.rawValue)),
      "uniform (default, a plain mean); trapezoid, its ends half, and gauss, exact with far fewer points; left, k / N from 0 on"
    ),
    .option(
      "baseline", .name(.baselines),
      "mask, pad, eos, bos, zero, counterfactual, id[N] or a word, for this command only"),
    .option(
      "keep", .word(["special"]), "special: tokens such as [CLS] and [SEP] do not move, for this command only"
    ),
  ]

  static func options(_ arguments: Arguments, _ bench: Bench) -> AttributionOptions {
    AttributionOptions(
      points: arguments.integer("points") ?? 50,
      quadrature: arguments.string("quadrature").flatMap(Quadrature.init(rawValue:)) ?? .uniform,
      choosesPoints: isAutomatic(arguments), memoryBudget: bench.session.workingMemory)
  }

  static func isAutomatic(_ arguments: Arguments) -> Bool { arguments.string("points") != nil }

  /// Refuses `points=auto` where points cannot be chosen for each text.
  static func refuseAutomatic(_ arguments: Arguments, because reason: String) throws {
    guard isAutomatic(arguments), let argument = arguments["points"] else { return }
    throw CallFault.ignoredOption("points=auto", reason: reason).located(argument.span)
  }

  /// Refuses a quadrature beside `points=auto`, which is one of its own.
  static func checkQuadrature(_ arguments: Arguments) throws {
    guard isAutomatic(arguments) else { return }
    try arguments.refuse("quadrature", because: "points=auto takes trapezoid points")
  }

  /// The session's baseline, with what the command changes about it.
  static func baseline(_ arguments: Arguments, _ bench: Bench) -> BaselineText {
    let session = bench.state.baseline
    let keepsSpecial = arguments.string("keep") == "special"
    guard arguments["baseline"] != nil || keepsSpecial else { return session }
    return BaselineText(
      name: arguments.string("baseline") ?? session.name, keepsSpecial: keepsSpecial || session.keepsSpecial,
      isQuoted: arguments["baseline"].map(\.isQuoted) ?? session.isQuoted)
  }
}

extension Arguments.Bound {
  /// Whether the word was written in quotes.
  var isQuoted: Bool {
    if case .string = expression.kind { return true }
    return false
  }
}

extension Bench {
  /// A path from zero embeddings begins with a jump where nothing is added to them before their first norm.
  func warnOfZero(_ baseline: BaselineText, _ model: LoadedModel, at span: Span?) {
    guard baseline.name == "zero", !baseline.isQuoted, !model.configuration.addsToWords else { return }
    session.warn(
      Diagnostic(
        .warning, code: "zero-baseline",
        "model \(model.name) adds nothing to a word before its first norm: what that norm gives jumps at the start of a path "
          + "from zero, a step that no number of points sees", at: span,
        notes: ["take a token instead, e.g. `baseline \(BaselineText.standard.description(model))`"]))
  }
}
