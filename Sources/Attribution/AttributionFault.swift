import Transformers
import Faults

/// What can be wrong with a question to an ``Attributor``.
public enum AttributionFault: Fault, Equatable {
  case noInput
  case targetOutOfRange(Int, sentence: Int, length: Int)
  case targetIsPadding(Int, sentence: Int)
  case targetNotClassified(Int, sentence: Int, position: Int)
  case baselineTokenOutOfVocabulary(Int, vocabulary: Int)
  case counterfactualLength(Int, sentence: Int, length: Int)
  case keptPositionOutOfRange(Int, sentence: Int, length: Int)
  case outputOutOfRange(QuantityOfInterest.Output, count: Int)
  case wordOutOfRange(Int, sentence: Int, length: Int)
  case wordIsPadding(Int, sentence: Int)
  case repeatedWord(Int)
  case wordOutOfReach(Int, sentence: Int, target: Int)
  case tooFewPoints(Int, minimum: Int, quadrature: Quadrature)
  case widthNotPositive(String, Int)
  case keptWithBeam(kept: Int, beam: Int)
  case notInPatterns(Node)
  case patternIsPadding(Int)
  case routeMissesTarget(Int, target: Int)
  case budgetTooSmall(needed: Int, budget: Int, points: Int)
  case flowNeedsPlainBranch
  case flowUndefined(FlowMethod, reason: String, instead: FlowMethod?)
  case variantTooLarge(needed: Int, budget: Int)
  case tooManyPairs(needed: Int, budget: Int)

  public var code: String {
    switch self {
    case .noInput: "attribution-input-empty"
    case .targetOutOfRange: "target-out-of-range"
    case .targetIsPadding: "target-is-padding"
    case .targetNotClassified: "target-not-first"
    case .baselineTokenOutOfVocabulary: "baseline-token-out-of-vocabulary"
    case .counterfactualLength: "counterfactual-length"
    case .keptPositionOutOfRange: "baseline-position-out-of-range"
    case .outputOutOfRange: "quantity-output-out-of-range"
    case .wordOutOfRange: "word-out-of-range"
    case .wordIsPadding: "word-is-padding"
    case .repeatedWord: "word-repeated"
    case .wordOutOfReach: "word-out-of-reach"
    case .tooFewPoints: "points-too-few"
    case .widthNotPositive: "width-not-positive"
    case .keptWithBeam: "kept-with-beam"
    case .notInPatterns: "pattern-node"
    case .patternIsPadding: "pattern-is-padding"
    case .routeMissesTarget: "route-misses-target"
    case .flowNeedsPlainBranch, .flowUndefined: "flow-undefined"
    case .budgetTooSmall, .variantTooLarge, .tooManyPairs: "memory-budget-too-small"
    }
  }

  public var message: String {
    switch self {
    case .noInput: "there is no sentence to explain"
    case .targetOutOfRange(let target, let sentence, let length):
      "the target \(target) of sentence \(sentence) is out of range 0...\(length - 1)"
    case .targetIsPadding(let target, let sentence):
      "the target \(target) of sentence \(sentence) is padding"
    case .targetNotClassified(let target, let sentence, let position):
      "the classifier reads position \(position), but the target of sentence \(sentence) is \(target)"
    case .baselineTokenOutOfVocabulary(let token, let vocabulary):
      "the baseline's token \(token) is out of the vocabulary 0...\(vocabulary - 1)"
    case .counterfactualLength(let count, let sentence, let length):
      "the counterfactual of sentence \(sentence) has \(count) tokens, the sentence \(length)"
    case .keptPositionOutOfRange(let position, let sentence, let length):
      "the baseline keeps position \(position), but sentence \(sentence) has positions 0...\(length - 1)"
    case .outputOutOfRange(.token(let token), let count):
      "the quantity reads token \(token), which is out of the vocabulary 0...\(count - 1)"
    case .outputOutOfRange(.label(let label), let count):
      "the quantity reads label \(label), which is out of range 0...\(count - 1)"
    case .wordOutOfRange(let word, let sentence, let length):
      "word \(word) of sentence \(sentence) is out of range 0...\(length - 1)"
    case .wordIsPadding(let word, let sentence): "word \(word) of sentence \(sentence) is padding"
    case .repeatedWord(let word): "word \(word) is asked for twice"
    case .wordOutOfReach(let word, let sentence, let target):
      "word \(word) of sentence \(sentence) has no pattern: no path leads from it to position \(target), which the quantity reads"
    case .tooFewPoints(let points, let minimum, let quadrature):
      "\(points) points are too few: the \(quadrature.rawValue) path needs at least \(minimum)"
    case .widthNotPositive(let option, let width): "\(option) is \(width), but must be at least 1"
    case .keptWithBeam(let kept, let beam):
      "cannot keep \(kept) nodes a layer in a beam search of width \(beam)"
    case .notInPatterns(let node):
      "\(node.name) is no hidden state, query, key, value, head, feed-forward branch or skip connection, which patterns are made of"
    case .patternIsPadding(let position): "the pattern goes through position \(position), which is padding"
    case .routeMissesTarget(let end, let target):
      "the route ends at position \(end), but the quantity reads \(target)"
    case .budgetTooSmall(let needed, let budget, let points):
      tooMuch("\(points) points need", needed, budget)
    case .flowNeedsPlainBranch:
      "method=norm is not defined for this model: its attention is normed before it is added, so that no token has a share "
        + "of its own"
    case .flowUndefined(let method, let reason, _):
      "method=\(method.rawValue) is not defined here: \(reason)"
    case .tooManyPairs(let needed, let budget): tooMuch("the parts of all tokens need", needed, budget)
    case .variantTooLarge(let needed, let budget):
      tooMuch("value zeroing needs", needed, budget)
    }
  }

  public var remedy: String? {
    switch self {
    case .keptWithBeam: "set one of the two to 1"
    case .wordOutOfReach(let word, _, let target) where word > target:
      "take words up to position \(target): a causal model's tokens read only those before them; or move the target by at="
    case .wordOutOfReach: "take words that the model's windows let it read"
    case .budgetTooSmall: "raise the budget, or take fewer points"
    case .variantTooLarge, .tooManyPairs: "raise the budget, or take a shorter sentence"
    case .flowUndefined(_, _, let method?): "method=\(method.rawValue) is for such models"
    default: nil
    }
  }
}

/// That something needs more than the budget, in bytes. Both in MB of 2^20 bytes, as budgets are given, or in bytes where
/// the budget is less than one.
private func tooMuch(_ what: String, _ needed: Int, _ budget: Int) -> String {
  let megabyte = 1 << 20
  let isSmall = budget < megabyte
  let least = isSmall ? "\(needed) bytes" : "\((needed + megabyte - 1) / megabyte) MB"
  let tenths = budget * 10 / megabyte
  let given = tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
  return
    "\(what) at least \(least) of memory, but the budget is \(isSmall ? "\(budget) bytes" : "\(given) MB")"
}
