import RealModule
import Tensors

/// A linear combination of a model's outputs at one position: what an explanation explains.
///
///     Q = sum_i c_i r_i(o_i)
///
/// where `r` reads output `o` as a logit, a log-probability or a probability. All terms read the same
/// head: vocabulary entries of the masked-LM head, or class labels of the classifier.
public struct QuantityOfInterest: Sendable, Equatable {
  public enum Output: Hashable, Sendable {
    case token(Int)
    case label(Int)
  }

  public enum Readout: String, Sendable, CaseIterable {
    case logit
    case logProbability = "logprob"
    case probability = "prob"
  }

  public struct Term: Sendable, Equatable {
    public let coefficient: Double
    public let readout: Readout
    public let output: Output

    public init(coefficient: Double, readout: Readout, output: Output) {
      self.coefficient = coefficient
      self.readout = readout
      self.output = output
    }

    var index: Int {
      switch output {
      case .token(let id): id
      case .label(let label): label
      }
    }
  }

  /// What makes probabilities of logits.
  public enum Normalization: Sendable, Equatable {
    /// One output applies: p_i = exp(x_i) / sum_j exp(x_j).
    case softmax
    /// Each output applies or not, whatever the others do: p_i = 1 / (1 + exp(-x_i)).
    case sigmoid
  }

  public let terms: [Term]
  public let normalization: Normalization
  /// Terms that stand for one sum over a set of outputs, `prob[{a, b}]`, for who shows them; values do not depend on it.
  public let sets: [Range<Int>]

  /// - Parameter normalization: ``Normalization/sigmoid`` for labels that do not exclude each other.
  /// - Precondition: at least one term; all terms read tokens, or all read labels.
  public init(terms: [Term], normalization: Normalization = .softmax, sets: [Range<Int>] = []) {
    precondition(!terms.isEmpty, "a quantity of interest needs a term")
    self.terms = terms
    self.sets = sets
    self.normalization = normalization
    precondition(
      terms.allSatisfy { Self.readsLabels($0.output) == readsLabels }, "terms read different heads")
  }

  /// Whether the classifier is read; otherwise the masked-LM head is.
  public var readsLabels: Bool { Self.readsLabels(terms[0].output) }

  private static func readsLabels(_ output: Output) -> Bool {
    if case .label = output { return true }
    return false
  }

  /// The value for the logits of one position (or of the classifier), computed in Double.
  ///
  /// - Parameter logits: (V) or (C).
  public func value(logits: Tensor) -> Double { logits.withUnsafeBufferPointer { value(logits: $0) } }

  package func value(logits x: UnsafeBufferPointer<Float>) -> Double {
    let needsAll = normalization == .softmax && terms.contains { $0.readout != .logit }
    let logNormalizer = needsAll ? logSumExp(x) : 0
    return terms.reduce(0) { sum, term in
      let logit = Double(x[term.index])
      let logProbability = normalization == .softmax ? logit - logNormalizer : logSigmoid(logit)
      return switch term.readout {
      case .logit: sum + term.coefficient * logit
      case .logProbability: sum + term.coefficient * logProbability
      case .probability: sum + term.coefficient * Double.exp(logProbability)
      }
    }
  }
}

extension QuantityOfInterest {
  /// (index, c) with Q = sum_i c_i logit_i, when Q is that: it has no probabilities, and the coefficients of its
  /// log-probabilities add up to 0, so that the normalizer cancels. nil otherwise.
  package var logitCoefficients: [(index: Int, coefficient: Double)]? {
    // Each sigmoid has its own normalizer.
    if normalization == .sigmoid, terms.contains(where: { $0.readout != .logit }) { return nil }
    let logs = terms.filter { $0.readout == .logProbability }.map(\.coefficient)
    guard !terms.contains(where: { $0.readout == .probability }), logs.reduce(0, +) == 0 else { return nil }
    return terms.map { ($0.index, $0.coefficient) }
  }

  /// dQ/dlogits for the logits of one position (or of the classifier), computed in Double.
  ///
  ///     dQ/dlogit_j = sum_i c_i r_i' ([i = j] - p_j),  r' = 1 for log-probabilities, p_i for probabilities
  ///
  /// and c_i [i = j] for logits; p = softmax(logits). With sigmoids of each logit
  ///
  ///     dQ/dlogit_i = sum c_i r_i' (1 - p_i)
  ///
  /// - Parameters:
  ///   - logits: (V) or (C)
  ///   - gradient: (V) or (C), written
  package func gradient(logits: UnsafeBufferPointer<Float>, into gradient: UnsafeMutableBufferPointer<Float>)
  {
    precondition(logits.count == gradient.count, "\(logits.count) logits, \(gradient.count) places")
    if normalization == .sigmoid { return sigmoidGradient(logits, gradient) }
    let logNormalizer = logSumExp(logits)
    let factors = terms.map { term in
      switch term.readout {
      case .logit, .logProbability: term.coefficient
      case .probability: term.coefficient * probability(logits[term.index], logNormalizer)
      }
    }
    let normalized = zip(terms, factors).reduce(0) { $0 + ($1.0.readout == .logit ? 0 : $1.1) }
    for j in logits.indices { gradient[j] = Float(-normalized * probability(logits[j], logNormalizer)) }
    for (term, factor) in zip(terms, factors) { gradient[term.index] += Float(factor) }
  }

  private func sigmoidGradient(
    _ logits: UnsafeBufferPointer<Float>, _ gradient: UnsafeMutableBufferPointer<Float>
  ) {
    gradient.update(repeating: 0)
    for term in terms {
      let logit = Double(logits[term.index])
      // 1 - p = sigmoid(-x) keeps its digits where p is nearly 1.
      let slope =
        switch term.readout {
        case .logit: 1.0
        case .logProbability: sigmoid(-logit)
        case .probability: sigmoid(logit) * sigmoid(-logit)
        }
      gradient[term.index] += Float(term.coefficient * slope)
    }
  }
}

/// 1 / (1 + exp(-x)).
public func sigmoid(_ x: Double) -> Double { Double.exp(logSigmoid(x)) }

/// log(1 / (1 + exp(-x))) without overflow: -log1p(exp(-x)), for negative x as x - log1p(exp(x)). NaN for NaN.
func logSigmoid(_ x: Double) -> Double {
  x < 0 ? x - Double.log(onePlus: Double.exp(x)) : -Double.log(onePlus: Double.exp(-x))
}

/// log(sum(exp(x))), shifted by the maximum so that it cannot overflow.
public func logSumExp(_ x: UnsafeBufferPointer<Float>) -> Double {
  let top = Double(x.max() ?? -.infinity)
  return top + Double.log(x.reduce(0) { $0 + Double.exp(Double($1) - top) })
}

/// softmax(x)[i] for one logit, given ``logSumExp(_:)`` of all.
public func probability(_ logit: Float, _ normalizer: Double) -> Double {
  Double.exp(Double(logit) - normalizer)
}
