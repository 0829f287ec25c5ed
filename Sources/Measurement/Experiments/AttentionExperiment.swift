import Attribution

/// Whether what attention says about the words agrees with their influence: Spearman's rank correlation, over the words of a
/// sentence that move, of a flow method's scores with |input influence|.
public struct AttentionExperiment: Experiment {
  public let methods: [FlowMethod]

  public init(methods: [FlowMethod] = FlowMethod.general) { self.methods = methods }

  public func findings(_ rows: [Int], in context: ExperimentContext) throws -> [AttentionFinding] {
    let influences = try context.inputInfluence(rows)
    let analyzer = FlowAnalyzer(model: context.model, execution: context.execution)
    return try zip(rows, influences).map { index, influence in
      let row = context.rows[index]
      let words = row.ids.indices.filter { influence.influence[$0] != 0 }
      let magnitudes = words.map { abs(influence.influence[$0]) }
      return AttentionFinding(
        correlations: try methods.map { method in
          let scores = try analyzer.analyze(
            FlowInput(
              ids: row.ids, types: row.types, target: row.target, interventions: row.interventions),
            options: FlowOptions(method: method, memoryBudget: context.options.memoryBudget),
            check: context.check
          ).scores
          return rankCorrelation(words.map { scores[$0] }, magnitudes)
        })
    }
  }
}

/// The correlations of one sentence, for each method; nil where undefined.
public struct AttentionFinding: Finding, Equatable {
  public let correlations: [Double?]

  init(correlations: [Double?]) { self.correlations = correlations }

  public var numbers: NamedNumbers { NamedNumbers(["correlations": correlations.map { $0 ?? .nan }]) }

  public init?(numbers: NamedNumbers) {
    guard let values = numbers["correlations"] else { return nil }
    correlations = values.map { $0.isNaN ? nil : $0 }
  }
}

public struct AttentionSummary: Sendable, Equatable {
  public struct Line: Sendable, Equatable {
    public let method: FlowMethod
    /// Sentences in which the correlation is defined.
    public let rows: Int
    public let mean: Double
    public let minimum: Double
    public let maximum: Double
  }

  public let lines: [Line]

  public init(_ findings: [AttentionFinding], methods: [FlowMethod]) {
    lines = methods.enumerated().map { index, method in
      let values = findings.compactMap { $0.correlations[index] }
      return Line(
        method: method, rows: values.count, mean: Measurement.mean(values), minimum: values.min() ?? .nan,
        maximum: values.max() ?? .nan)
    }
  }
}
