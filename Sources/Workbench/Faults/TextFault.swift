import Faults
import Language

/// What can be wrong with a text, or with a position in it.
package enum TextFault: StatedFault {
  case noText
  case noMask(length: Int)
  case severalMasks([Int])
  case noFlowTarget(masks: [Int], length: Int)
  case positionOutOfRange(Int, length: Int)
  case idOutOfRange(Int, entries: Int)
  case noTokens
  case idsAndText
  case counterfactualAlone
  /// Words beside ids, or the other way round.
  case counterfactualForm(isIDs: Bool)
  case counterfactualLength(TokenizationDifference)
  /// The masks of a sentence stand elsewhere than those of its counterfactual.
  case counterfactualMasks([Int], counterfactual: [Int])
  case noCounterfactual(text: String)

  package var sentence: FaultSentence {
    switch self {
    case .noText:
      ("no-text", "there is no current text", "set one with `text \"...\"` or give the text as an argument")
    case .noMask(let length):
      (
        "no-mask", "the text has no [MASK]", "write [MASK] in the text or give position=0...\(length - 1)"
      )
    case .severalMasks(let positions):
      (
        "several-masks", "the text has \(positions.count) masks, at positions \(commas(positions))",
        "choose one with position=\(positions[0]), or at=\(positions[0]) of `qoi`"
      )
    case .noFlowTarget(let masks, let length):
      (
        "no-flow-target",
        masks.isEmpty
          ? "the text has no [MASK]" : "the text has \(masks.count) masks, at positions \(commas(masks))",
        masks.isEmpty
          ? "write [MASK] in the text or give at=0...\(length - 1)" : "choose one with at=\(masks[0])"
      )
    case .idOutOfRange(let id, let entries):
      ("id-range", "id \(id) is out of range 0...\(entries - 1)", nil)
    case .noTokens: ("no-tokens", "the text has no tokens", "write at least one word")
    case .idsAndText: ("ids-and-text", "a text is given by words or by `ids`, not both", nil)
    case .counterfactualAlone:
      (
        "counterfactual-alone", "a counterfactual stands beside a text",
        "give both: `text \"...\" counterfactual=\"...\"`"
      )
    case .counterfactualForm(let isIDs):
      (
        "counterfactual-form",
        isIDs
          ? "the text is given by words, its counterfactual by ids"
          : "the text is given by ids, its counterfactual by words",
        "give both by words or both by ids"
      )
    case .counterfactualLength(let difference):
      (
        "counterfactual-length", difference.message,
        "take words of equally many tokens, such as one-token names; `tokenize` shows how words are split"
      )
    case .counterfactualMasks(let masks, let others):
      (
        "counterfactual-mask",
        "the mask stands at position \(commas(masks)), in the counterfactual at "
          + (others.isEmpty ? "none" : commas(others)),
        "both need [MASK] in the same place"
      )
    case .noCounterfactual(let text):
      (
        "no-counterfactual",
        text.isEmpty ? "the text has no counterfactual" : "\(quoted(text)) has no counterfactual",
        "give one: `text \"...\" counterfactual=\"...\"`; of a task's rows in a column `counterfactual`"
      )
    case .positionOutOfRange(let position, let length):
      (
        "position-range",
        "position \(position) is out of range 0...\(length - 1) (the text has \(length) tokens)",
        nil
      )
    }
  }
}

extension TokenizationDifference {
  var message: String {
    "the text has \(counts.0) tokens, its counterfactual \(counts.1); they part at position \(position): "
      + "\(Self.shown(tokens.0)) in the text, \(Self.shown(tokens.1)) in the counterfactual"
  }

  /// The first few.
  private static func shown(_ tokens: [String]) -> String {
    guard !tokens.isEmpty else { return "nothing" }
    return tokens.prefix(8).map { "`\($0)`" }.joined(separator: " ") + (tokens.count > 8 ? " ..." : "")
  }
}
