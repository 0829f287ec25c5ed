import ExactText
import Faults
import Language

/// What can be wrong with the name of a node or tensor.
package enum NodeFault: StatedFault {
  case outOfRange(what: String, number: Int, count: Int, model: String)
  case unknownComponent(String, suggestion: String?)
  case misplacedPart(String, in: String)
  case severalNodes(Int, verb: String)
  case notANode(String)
  case ambiguousAlias(String, choices: [String])
  case unrotatedAlias(String, instead: String, model: String)
  case staleNode(String)
  case edgeWithoutHead(String)
  case nothingRead(String, isCausal: Bool)
  case edgesNotTaken(verb: String?)
  case notAMatrix(name: String, shape: [Int])

  package var sentence: FaultSentence {
    switch self {
    case .outOfRange(let what, let number, let count, let model):
      (
        "\(what.split(separator: " ").joined(separator: "-"))-range",
        "\(what) \(number) is out of range 0...\(count - 1) (model \(model) has \(count) \(what)s)",
        nil
      )
    case .unknownComponent(let name, let suggestion):
      (
        "unknown-tensor", "a layer has no tensor or node `\(name)`",
        didYouMean(suggestion) ?? "see `help nodes`"
      )
    case .misplacedPart(let part, let text):
      ("bad-node", "`\(part)` does not fit in `\(text)`", "see `help nodes`")
    case .severalNodes(let count, let verb):
      (
        "several-nodes", "`\(verb)` takes one node here, this names \(count)",
        verb == "save"
          ? "give each node a field of its own, or save the heads of a layer as a tensor: L3.z" : nil
      )
    case .notANode(let found): ("not-a-node", "expected a node or tensor, found \(found)", "see `help nodes`")
    case .ambiguousAlias(let alias, let choices):
      (
        "ambiguous-alias",
        "`\(alias)` means different tensors in different libraries: write \(choices.map { "`\($0)`" }.joined(separator: " or "))",
        "the first is taken before the norm, the second behind it"
      )
    case .unrotatedAlias(let alias, let instead, let model):
      (
        "unrotated-alias",
        "`\(alias)` is read after a rotation, and model \(model) rotates none: write `\(instead)`", nil
      )
    case .staleNode(let name):
      ("stale-node", "\(name) is out of range for the current model and text", nil)
    case .edgeWithoutHead(let text):
      (
        "attention-edge", "`\(text)`: it is heads that read from a position at another",
        "write an attention edge as in L3H7@7<-2: head 7 of layer 3 at position 7 reading position 2"
      )
    case .nothingRead(let text, let isCausal):
      (
        "attention-edge-unread", "`\(text)`: the layer lets no such position be read there",
        isCausal
          ? "in this model a position reads itself and those before it, in some layers those of a window alone"
          : "in this model a position reads those of a window alone in some layers"
      )
    case .edgesNotTaken(let verb):
      (
        "attention-edges-not-taken",
        (verb.map { "`\($0)` takes nodes" } ?? "a node or tensor is needed here")
          + ", and these are attention edges",
        "`ablate` cuts them, `sweep attention_edges edges=...` measures and `attribute attention_edges` scores them"
      )
    case .notAMatrix(let name, let shape):
      (
        "not-a-matrix",
        "\(name) has shape \(shape); a heat map needs two dimensions, or three for at most 1024 maps, none of them empty",
        "index it, e.g. `heatmap L2.pattern[5]`"
      )
    }
  }
}
