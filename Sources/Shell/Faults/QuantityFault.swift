import Faults

/// What can be wrong with a quantity of interest.
enum QuantityFault: StatedFault {
  case noQuantity
  case quantityWithoutBlanks(word: String, spaced: String)
  case notOneToken(word: String, pieces: [String], suggestion: String?)
  case unknownLabel(String, labels: [String])
  case quantitySyntax(String, found: String)
  case mixedQuantity
  case factorOutOfRange(String)

  package var sentence: FaultSentence {
    switch self {
    case .noQuantity:
      ("no-qoi", "there is no quantity of interest", "set one, e.g. `qoi is - are`")
    case .quantityWithoutBlanks(let word, let spaced):
      (
        "not-one-token", "\"\(word)\" is not one vocabulary entry",
        "operators stand between blanks: `\(spaced)`"
      )
    case .notOneToken(let word, let pieces, let suggestion):
      (
        "not-one-token",
        "\"\(word)\" is not one vocabulary entry; its pieces are \(pieces.joined(separator: " "))",
        didYouMean(suggestion) ?? "choose a word that is one entry"
      )
    case .unknownLabel(let label, let labels):
      ("unknown-label", "the classifier has no label `\(label)`", listed("labels", labels))
    case .quantitySyntax(let expected, let found):
      (
        "qoi-syntax", "in the quantity of interest: expected \(expected), found \(found)",
        "e.g. `qoi is - are`, `qoi logprob[is]`, `qoi label[1] - label[0]`"
      )
    case .mixedQuantity:
      ("qoi-mixed", "a quantity of interest reads words or labels, not both", nil)
    case .factorOutOfRange(let text): ("factor-range", "\(text) is not between -1000000 and 1000000", nil)
    }
  }
}
