import Faults
import Language

/// What can be wrong with edges that are to be cut.
enum CutFault: StatedFault {
  case maskedNodes
  case mixedWithNodes
  case noCut(by: String)
  case noHeads
  case onlySkips

  var sentence: FaultSentence {
    switch self {
    case .maskedNodes:
      (
        "cut-mask", "by=mask takes attention edges, and these are nodes",
        "write edges as in L3H7@7<-2, or take a node's value away with by=zero"
      )
    case .mixedWithNodes:
      (
        "edges-and-nodes", "edges and nodes are not ablated by one command", "ablate them one after another"
      )
    case .noCut(let by):
      (
        "cut-by", "an attention edge is not cut by=\(by)",
        "by=zero sets its weight to 0 and leaves the others, by=mask lets the others share"
      )
    case .noHeads:
      (
        "cut-pattern-level", "the patterns have no heads: they were searched at the embedding level",
        "search with `patterns level=attention`"
      )
    case .onlySkips:
      (
        "cut-only-skips", "the pattern goes through skip connections alone: there is no attention edge to cut",
        "cut its skip connections with skips=true"
      )
    }
  }
}
