import Faults
import Language

/// What can be wrong with a model or with what is asked of it.
package enum ModelFault: StatedFault {
  case noModel
  case unknownModel(String, loaded: [String])
  case vocabularySize(tokens: Int, rows: Int)
  case noTokenizer(model: String)
  case headMissing(what: String, model: String)

  package var sentence: FaultSentence {
    switch self {
    case .noModel:
      ("no-model", "no model is loaded", "load one first, e.g. `load \"demo\"`")
    case .unknownModel(let name, let loaded):
      (
        "unknown-model", "no loaded model is called `\(name)`",
        didYouMean(closest(to: name, in: loaded)) ?? listed("loaded", loaded)
      )
    case .vocabularySize(let tokens, let rows):
      (
        "vocabulary-size",
        "vocabulary size mismatch: word embeddings have \(rows) rows, the vocabulary has \(tokens) entries",
        "the vocabulary must come from the same model as the weights"
      )
    case .noTokenizer(let model):
      (
        "no-tokenizer", "model \(model) has no tokenizer, so texts and words mean nothing to it",
        "give texts by `text ids=[...]` and entries as id[N]"
      )
    case .headMissing(let what, let model): ("head-missing", "model \(model) has no \(what)", nil)
    }
  }
}
