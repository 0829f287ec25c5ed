import Faults
import Language

/// What can be wrong with a pattern that was written by hand, or with patterns that are to be drawn.
package enum PatternFault: StatedFault {
  case noPatterns
  case severalKeptNodes
  /// Of patterns beside the attention of the current text.
  case otherText
  case notAWordOfText(String, tokens: [String])
  case severalWords(String, positions: [Int])
  case patternNode(String)
  case patternOrder(String)
  case patternStep(String)
  case parallelStep(String)
  case projectedStep(from: String, to: String)

  package var sentence: FaultSentence {
    switch self {
    case .noPatterns: ("no-patterns", "there is no pattern to draw", nil)
    case .severalKeptNodes:
      (
        "several-kept-nodes", "a drawing shows one node a layer, these patterns keep several",
        "leave out keep=N"
      )
    case .otherText:
      (
        "patterns-of-other-text", "the patterns are not of the current text alone, whose attention is drawn",
        "set their sentence by `text`, or give one of them: `patterns=p.sentences[0]`"
      )
    case .notAWordOfText(let word, let tokens):
      (
        "not-in-text", "`\(word)` is no token of the text",
        didYouMean(closest(to: word, in: tokens))
          ?? "a pattern begins with a token or a position: `the -> L0@2`, `1 -> L0@2`"
      )
    case .severalWords(let word, let positions):
      (
        "several-words", "`\(word)` is at positions \(commas(positions))",
        "begin with the position: `\(positions[0]) -> ...`"
      )
    case .patternNode(let text):
      (
        "pattern-node", "`\(text)` is no node of a pattern",
        "a node is L3@7 (hidden state), L3H5.q@7 (query; .k .v), L3H5@7 (head), L3.skip@7, L3.mlp@7 or L3.mlp_skip@7, each with one position"
      )
    case .patternOrder(let node):
      (
        "pattern-order", "`\(node)` does not come after the node before it",
        "nodes follow in the order of the layers; in a layer one query, key or value, one head or skip connection, one feed-forward branch or mlp_skip, one hidden state"
      )
    case .patternStep(let node):
      (
        "pattern-step", "`\(node)` is at another position than the node before it",
        "only heads move: within a layer they lead to the position at which the feed-forward branch reads"
      )
    case .parallelStep(let node):
      (
        "pattern-parallel", "no path goes from a head to `\(node)`: the blocks of this model are parallel",
        "leave it out, or come by the skip connection"
      )
    case .projectedStep(let last, let node):
      (
        "pattern-projection", "no path goes from `\(last)` to `\(node)`",
        "a query leads to its head at its position, a key or a value to the heads that read it"
      )
    }
  }
}
