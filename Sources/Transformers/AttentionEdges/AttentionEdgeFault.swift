import ExactText
import Faults

/// Why edges cannot be cut.
public enum AttentionEdgeFault: Fault, Equatable {
  /// A query all of whose keys are masked.
  case nothingToRead(layer: Int, head: Int, reader: Int)
  /// Derivatives behind a probability that was set to 0.
  case zeroedHasNoDerivatives(String)

  public var code: String {
    switch self {
    case .nothingToRead: "attention-nothing-to-read"
    case .zeroedHasNoDerivatives: "attention-zeroed-derivatives"
    }
  }

  public var message: String {
    switch self {
    case .nothingToRead(let layer, let head, let reader):
      "L\(layer)H\(head)@\(reader) has nothing left to read: every edge into it is masked, and a softmax over nothing is undefined"
    case .zeroedHasNoDerivatives(let edge):
      "\(edge) is cut by=zero: influences, patterns and scores are not defined there, for the other weights still depend on its score"
    }
  }

  public var remedy: String? {
    switch self {
    case .nothingToRead: "leave one edge into it, or cut by=zero: the head's context is 0 there then"
    case .zeroedHasNoDerivatives: "cut it by=mask, whose derivatives are exact"
    }
  }
}
