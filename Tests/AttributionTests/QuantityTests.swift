import Attribution
import Transformers
import Foundation
import Tensors
import Testing

@Suite struct QuantityTests {
  /// dQ/dlogits against central differences of the definition in Double.
  @Test(
    arguments: QuantityOfInterest.Readout.allCases,
    [QuantityOfInterest.Normalization.softmax, .sigmoid])
  func gradientIsThatOfTheValue(
    _ readout: QuantityOfInterest.Readout, _ normalization: QuantityOfInterest.Normalization
  ) {
    let quantity = QuantityOfInterest(
      terms: [
        .init(coefficient: 1.5, readout: readout, output: .label(1)),
        .init(coefficient: -0.75, readout: .logProbability, output: .label(3)),
        .init(coefficient: 0.5, readout: .probability, output: .label(1)),
      ], normalization: normalization)
    let logits: [Float] = [0.5, -1, 2, 0.25, -0.125]
    var gradient = [Float](repeating: 0, count: logits.count)
    logits.withUnsafeBufferPointer { x in
      gradient.withUnsafeMutableBufferPointer { quantity.gradient(logits: x, into: $0) }
    }
    for i in logits.indices {
      var (above, below) = (logits.map(Double.init), logits.map(Double.init))
      above[i] += 1e-5
      below[i] -= 1e-5
      let slope = (value(quantity, above) - value(quantity, below)) / 2e-5
      #expect(abs(Double(gradient[i]) - slope) < 1e-6, "\(readout), logit \(i)")
    }
    let exact = quantity.value(logits: Tensor(shape: [5], logits))
    #expect(abs(exact - value(quantity, logits.map(Double.init))) < 1e-12)
  }

  private func value(_ quantity: QuantityOfInterest, _ logits: [Double]) -> Double {
    let sum = logits.map { exp($0) }.reduce(0, +)
    return quantity.terms.reduce(0) { result, term in
      guard case .label(let label) = term.output else { return .nan }
      let x = logits[label]
      let total = quantity.normalization == .softmax ? sum : 1 + exp(x)
      return switch term.readout {
      case .logit: result + term.coefficient * x
      case .logProbability: result + term.coefficient * (x - log(total))
      case .probability: result + term.coefficient * exp(x) / total
      }
    }
  }

  /// Of logits far from 0 neither overflows, and a probability of nearly 1 keeps its slope.
  @Test func sigmoidsOfExtremeLogits() {
    func quantity(_ readout: QuantityOfInterest.Readout) -> QuantityOfInterest {
      QuantityOfInterest(
        terms: [.init(coefficient: 1, readout: readout, output: .label(0))], normalization: .sigmoid)
    }
    func value(_ readout: QuantityOfInterest.Readout, _ logit: Float) -> Double {
      quantity(readout).value(logits: Tensor(shape: [1], [logit]))
    }
    #expect(value(.probability, 1000) == 1 && value(.probability, -1000) == 0)
    #expect(value(.logProbability, 1000) == 0 && value(.logProbability, -1000) == -1000)
    #expect(value(.probability, .nan).isNaN)
    #expect(abs(value(.logProbability, 40) / -4.248354255291589e-18 - 1) < 1e-12)
    var gradient: [Float] = [0]
    [Float(40)].withUnsafeBufferPointer { x in
      gradient.withUnsafeMutableBufferPointer { quantity(.probability).gradient(logits: x, into: $0) }
    }
    #expect(abs(gradient[0] / 4.2483543e-18 - 1) < 1e-6)
    #expect(quantity(.logit).logitCoefficients?.count == 1)
    #expect(quantity(.probability).logitCoefficients == nil)
  }

  @Test func onlyLinearQuantitiesHaveLogitCoefficients() {
    func quantity(_ terms: (Double, QuantityOfInterest.Readout)...) -> QuantityOfInterest {
      QuantityOfInterest(
        terms: terms.map { .init(coefficient: $0.0, readout: $0.1, output: .token(7)) })
    }
    #expect(quantity((2, .logit)).logitCoefficients?.map(\.coefficient) == [2])
    #expect(quantity((1, .logProbability), (-1, .logProbability)).logitCoefficients?.count == 2)
    #expect(quantity((1, .logProbability)).logitCoefficients == nil)
    #expect(quantity((1, .logit), (1, .probability)).logitCoefficients == nil)
  }
}
