import Faults
import Language

/// What can be wrong with a circuit.
enum CircuitFault: StatedFault {
  case noEdges
  case otherModel(field: String, found: String, own: String)
  case unknownEdge(String, example: String)
  case badEdge(String)
  case noSize
  case twoSizes
  case notEdgeScores(kind: String)
  case notACircuit(String)
  case mixedEdges
  case empty

  var sentence: FaultSentence {
    switch self {
    case .noEdges:
      (
        "circuit-file", "this is no circuit: it has no `edges`",
        "a circuit file is {cfg, nodes, edges}, as MIB writes it"
      )
    case .otherModel(let field, let found, let own):
      (
        "circuit-model",
        "the circuit is of another model: its \(field) is \(found), the current model's \(own)",
        "load that model"
      )
    case .unknownEdge(let name, let example):
      (
        "circuit-edge", "the current model has no edge \(quoted(name))",
        "edges go from what is written before to what reads after: \(quoted(example)), \(quoted("embed -> L*.mlp"))"
      )
    case .badEdge(let name): ("circuit-file", "\(quoted(name)) has no score and no in_graph", nil)
    case .noSize:
      ("circuit-size", "it is not said how many edges are kept", "give edges=N or threshold=X")
    case .twoSizes: ("circuit-size", "edges= and threshold= both say how many edges are kept", "give one")
    case .notEdgeScores(let kind):
      (
        "circuit-scores", "a circuit is made of scores of edges, and these are of \(kind)",
        "`attribute edges` scores edges"
      )
    case .notACircuit(let type):
      ("circuit-input", "a circuit is made of a task, scores of edges or a circuit file, not of \(type)", nil)
    case .mixedEdges:
      ("edges-and-nodes", "edges and nodes are not patched by one command", "patch them one after another")
    case .empty:
      (
        "circuit-empty", "no edge connects the embeddings with the output",
        "keep more edges, or take select=greedy"
      )
    }
  }
}
