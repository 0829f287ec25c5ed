import Faults
import Language

/// What can be wrong with a question to `trace`.
enum TraceFault: StatedFault {
  case noWords
  case repeatedWord(Int)
  case deviations(Double)
  case noiseShape([Int], expected: [Int])

  var sentence: FaultSentence {
    switch self {
    case .noWords:
      ("trace-words", "no word gets noise", "give the positions of at least one, e.g. words=[2, 3]")
    case .repeatedWord(let word): ("trace-words", "the word at position \(word) is given twice", nil)
    case .deviations(let number):
      (
        "trace-noise", "noise of \(shown(number)) deviations spoils nothing that can be compared",
        "give a number above 0"
      )
    case .noiseShape(let found, let expected):
      (
        "trace-noise",
        "the noise has the shape \(found), but the words' embeddings are \(expected)",
        "give a tensor of that shape, or with draws as a first dimension"
      )
    }
  }
}
