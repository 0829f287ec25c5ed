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
    case .positionOutOfRange(let position, let length):
      (
        "position-range",
        "position \(position) is out of range 0...\(length - 1) (the text has \(length) tokens)",
        nil
      )
    }
  }
}
