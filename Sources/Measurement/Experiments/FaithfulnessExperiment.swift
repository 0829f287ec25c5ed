import Attribution
import Transformers

/// How much of a behaviour circuits of growing size keep, every other edge taken from the counterfactual.
///
///     f(k) = (m(C_k) - m(none)) / (m(all) - m(none))
///
/// with means m over the rows, at shares k of all edges. The area under f is CPR, that between f and 1 is CMD. Mueller et al.,
/// "MIB: A Mechanistic Interpretability Benchmark", 2025; Hanna et al., "Have Faith in Faithfulness", 2024.
public struct FaithfulnessExperiment: Experiment {
  /// k.
  public static let shares = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]

  public let circuit: Circuit
  /// C_k.
  public let kept: [EdgeSet]

  public init(_ circuit: Circuit) {
    self.circuit = circuit
    let count = circuit.scores.space.edgeCount
    kept = Self.shares.map { circuit.scores.best(Int($0 * Double(count)), by: circuit.selection) }
  }

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [FaithfulnessFinding] {
    let space = circuit.scores.space
    let sets = (kept + [circuit.edges]).map(\.complement) + [EdgeSet(space), EdgeSet(space).complement]
    return try rows.map { row in
      let values = try context.attributor.quantities(
        of: context.rows[row].input, withEdges: sets, options: context.options, check: context.check)
      let last = kept.count
      return FaithfulnessFinding(
        values: Array(values[..<last]), own: values[last], all: values[last + 1], none: values[last + 2])
    }
  }
}

/// The quantities of one sentence.
public struct FaithfulnessFinding: Finding, Equatable {
  /// m(C_k).
  public let values: [Double]
  /// Of the circuit itself.
  public let own: Double
  public let all: Double
  public let none: Double

  init(values: [Double], own: Double, all: Double, none: Double) {
    (self.values, self.own, self.all, self.none) = (values, own, all, none)
  }

  public var numbers: NamedNumbers {
    NamedNumbers(["qoi": values, "circuit": [own], "all": [all], "none": [none]])
  }

  public init?(numbers: NamedNumbers) {
    guard let values = numbers["qoi"], let own = numbers.number("circuit"), let all = numbers.number("all"),
      let none = numbers.number("none"), values.count == FaithfulnessExperiment.shares.count
    else { return nil }
    self.init(values: values, own: own, all: all, none: none)
  }
}

public struct FaithfulnessSummary: Sendable, Equatable {
  /// m(C_k) and f(k).
  public let means: [Double]
  public let faithfulness: [Double]
  /// f of the circuit itself.
  public let own: Double
  public let all: Double
  public let none: Double

  public init(_ findings: [FaithfulnessFinding]) {
    let (all, none) = (mean(findings.map(\.all)), mean(findings.map(\.none)))
    func share(_ value: Double) -> Double { (value - none) / (all - none) }
    means = FaithfulnessExperiment.shares.indices.map { index in mean(findings.map { $0.values[index] }) }
    faithfulness = means.map(share)
    own = share(mean(findings.map(\.own)))
    (self.all, self.none) = (all, none)
  }

  /// The area under f, by trapezoids over the shares.
  public var area: Double { Self.area(faithfulness) }

  /// That between f and 1.
  public var distance: Double { Self.area(faithfulness.map { abs(1 - $0) }) }

  private static func area(_ values: [Double]) -> Double {
    let shares = FaithfulnessExperiment.shares
    var area = 0.0
    for k in shares.indices.dropLast() {
      area += (shares[k + 1] - shares[k]) * (values[k] + values[k + 1]) / 2
    }
    return area
  }
}
