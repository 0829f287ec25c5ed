import Faults
import Language

/// What can be wrong with a quantity of interest.
package enum QuantityFault: StatedFault {
  case noQuantity
  case quantityWithoutBlanks(word: String, spaced: String)
  case notOneToken(word: String, pieces: [String], suggestion: String?)
  case unknownLabel(String, labels: [String])
  /// The name of one class and the number of another, which is called `other`.
  case ambiguousLabel(String, named: Int, numbered: Int, other: String)
  /// Of a regression.
  case noProbability(String, model: String)
  case quantitySyntax(String, found: String)
  case mixedQuantity
  /// It could be the logarithm of a sum or a sum of logarithms.
  case logOfSet
  /// A range of entries that are not two digits each.
  case numeralRange(String)
  case factorOutOfRange(String)
  case noBaseline(model: String)

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
    case .ambiguousLabel(let label, let named, let numbered, let other):
      (
        "ambiguous-label",
        "label[\(label)] can be two classes: \(label) is the name of class \(named) and the number of class \(numbered)",
        "in quotes it is a name: label[\"\(label)\"] is class \(named), label[\"\(other)\"] class \(numbered)"
      )
    case .noProbability(let reader, let model):
      (
        "qoi-regression",
        "model \(model) is a regression: its outputs are values, of which there is no \(reader)",
        "read the value itself, e.g. `qoi label[0]`"
      )
    case .quantitySyntax(let expected, let found):
      (
        "qoi-syntax", "in the quantity of interest: expected \(expected), found \(found)",
        "e.g. `qoi is - are`, `qoi logprob[is]`, `qoi label[1] - label[0]`"
      )
    case .mixedQuantity:
      ("qoi-mixed", "a quantity of interest reads words or labels, not both", nil)
    case .logOfSet:
      (
        "qoi-set", "the log-probability of a set could be that of the sum or the sum of its entries'",
        "write prob[{...}], or one logprob[...] for each entry"
      )
    case .numeralRange(let text):
      (
        "qoi-range", "\(text) is no range of two-digit numerals",
        "write both ends in quotes, the smaller first: `prob[{\"33\"..\"99\"}]`"
      )
    case .noBaseline(let model):
      (
        "no-baseline",
        "model \(model) has no token for mask, padding, end or begin of text to start a path from",
        "choose one, e.g. `baseline id[0]` or `baseline zero`"
      )
    case .factorOutOfRange(let text): ("factor-range", "\(text) is not between -1000000 and 1000000", nil)
    }
  }
}
