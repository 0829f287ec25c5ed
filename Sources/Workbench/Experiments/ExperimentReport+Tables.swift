import Attribution
import ExactText
import Measurement
import Results
import Tensors
import Transformers

/// The rows of an experiment as its reports need them.
struct ReportedRows {
  let taskName: String
  /// For each row.
  let cases: [String]
  /// What is at each position: `2 author`, or `2` where the sentences differ.
  let roles: [String]
  /// Those that are reported.
  let levels: [PatternLevel]
  let configuration: TransformerConfiguration

  var layers: Int { configuration.layers }

  /// All rows, then those of each case.
  var groups: [(name: String, rows: [Int])] {
    let names = NameList(cases).filter { !$0.isEmpty }.sorted()
    let all = (name: "all", rows: Array(cases.indices))
    return names.isEmpty
      ? [all] : [all] + names.map { name in (name, cases.indices.filter { cases[$0] == name }) }
  }
}

extension ExperimentReport {
  static func accuracy(_ findings: [OutcomeFinding], _ rows: ReportedRows) -> ExperimentReport {
    ExperimentReport(
      table: Table(
        columns: ["case", "rows", "accuracy", "qoi_mean"],
        rows: rows.groups.map { name, indices in
          let summary = OutcomeSummary(indices.map { findings[$0].outcome })
          return [.string(name), Value(summary.rows), .number(summary.accuracy), .number(summary.mean)]
        }))
  }

  static func concentration(_ findings: [PatternFinding], _ rows: ReportedRows) -> ExperimentReport {
    let lines = rows.groups.flatMap { name, indices -> [[Value]] in
      let summary = ConcentrationSummary(indices.map { findings[$0] })
      return rows.levels.compactMap { level in
        summary[level].map { mean in
          [
            .string(name), Value(summary.rows), .string(level.rawValue), .number(mean.positive),
            .number(mean.negative),
          ]
        }
      }
    }
    return ExperimentReport(
      table: Table(columns: ["case", "rows", "level", "positive", "negative"], rows: lines))
  }

  static func share(_ findings: [PatternFinding], _ rows: ReportedRows) -> ExperimentReport {
    let summary = PathShareSummary(findings, rows.configuration)
    let lines = rows.levels.compactMap { level in
      summary[level].map { share -> [Value] in
        [
          .string(level.rawValue), Value(summary.words), .number(share.mean), .number(share.meanLogarithm),
          .number(summary.logarithmOfAll),
        ]
      }
    }
    return ExperimentReport(
      table: Table(columns: ["level", "words", "share", "log10_share", "log10_paths"], rows: lines))
  }

  static func ablation(_ findings: [AblationFinding], _ variants: [AblationVariant]) -> ExperimentReport {
    let hasFeedForward = variants.contains { $0.level == .feedForward }
    let lines = AblationSummary(findings, variants: variants).lines.map { line -> [Value] in
      let feedForward: [Value] = hasFeedForward ? [.number(line.keptFeedForward)] : []
      return [
        .string(line.variant.source.rawValue), line.variant.level.map { .string($0.rawValue) } ?? .null,
        line.variant.substitute.map { .string($0.rawValue) } ?? .null,
        .number(line.outcome.accuracy), .number(line.outcome.mean), .number(line.keptHidden),
        .number(line.keptAttention),
      ] + feedForward
    }
    return ExperimentReport(
      table: Table(
        columns: ["kept", "level", "by", "accuracy", "qoi_mean", "kept_hidden", "kept_attention"]
          + (hasFeedForward ? ["kept_feedforward"] : []), rows: lines))
  }

  static func convergence(
    _ findings: [ConvergenceFinding], _ settings: [ConvergenceExperiment.Setting]
  ) -> ExperimentReport {
    let lines = ConvergenceSummary(findings, settings: settings).lines.map { line -> [Value] in
      [
        .string(line.setting.quadrature.rawValue), Value(line.setting.points), .number(line.meanGap),
        .number(line.maximumGap), .number(line.relativeGap),
      ]
    }
    return ExperimentReport(
      table: Table(columns: ["quadrature", "points", "gap_mean", "gap_max", "gap_relative"], rows: lines))
  }

  static func optimality(_ findings: [OptimalityFinding], _ levels: [PatternLevel]) -> ExperimentReport {
    let lines = OptimalitySummary(findings, levels: levels).lines.map { line -> [Value] in
      [
        .string(line.level.rawValue), Value(line.words), .number(line.meanRank), .number(line.lowestRank),
        .number(line.best),
      ]
    }
    return ExperimentReport(
      table: Table(columns: ["level", "words", "rank_mean", "rank_min", "best"], rows: lines))
  }

  static func cut(_ findings: [CutFinding], _ rows: ReportedRows) -> ExperimentReport {
    let summary = CutSummary(findings, role: { rows.roles[$0] })
    let lines = summary.lines.map { line -> [Value] in
      [
        .string(line.role ?? "all"), .string(line.isPositive ? "+" : "-"), Value(line.words),
        .number(line.pattern), .number(line.cost), .number(line.random), .number(line.rank),
        .number(line.strongest), .number(line.single),
      ]
    }
    let words = findings.enumerated().flatMap { row, finding in
      finding.words.map { word -> [Value] in
        [
          Value(row), Value(word.position), .number(word.input), .number(word.pattern), .number(word.cost),
          .number(word.random), .number(word.rank), .number(word.strongest), .number(word.single),
        ]
      }
    }
    let costs = ["cost", "random", "rank", "strongest", "single"]
    return ExperimentReport(
      table: Table(columns: ["role", "sign", "words", "influence"] + costs, rows: lines),
      more: [
        "rank_correlation": summary.correlation.map(Value.number) ?? .null,
        "without_edges": Value(summary.withoutEdges),
      ],
      details: [
        "words": .table(
          Table(columns: ["row", "position", "word_influence", "influence"] + costs, rows: words))
      ])
  }

  static func attention(_ findings: [AttentionFinding], _ methods: [FlowMethod]) -> ExperimentReport {
    let lines = AttentionSummary(findings, methods: methods).lines.map { line -> [Value] in
      [
        .string(line.method.rawValue), Value(line.rows), .number(line.mean), .number(line.minimum),
        .number(line.maximum),
      ]
    }
    return ExperimentReport(
      table: Table(columns: ["method", "rows", "correlation", "minimum", "maximum"], rows: lines))
  }
}

// MARK: With drawings

extension ExperimentReport {
  static func faithfulness(
    _ findings: [FaithfulnessFinding], _ experiment: FaithfulnessExperiment, _ rows: ReportedRows
  ) -> ExperimentReport {
    let summary = FaithfulnessSummary(findings)
    let lines = FaithfulnessExperiment.shares.indices.map { index -> [Value] in
      [
        .number(FaithfulnessExperiment.shares[index]), Value(experiment.kept[index].count),
        .number(summary.means[index]), .number(summary.faithfulness[index]),
      ]
    }
    return ExperimentReport(
      table: Table(columns: ["share", "edges", "qoi_mean", "faithfulness"], rows: lines),
      more: [
        "circuit_faithfulness": .number(summary.own), "cpr": .number(summary.area),
        "cmd": .number(summary.distance), "qoi_all": .number(summary.all), "qoi_none": .number(summary.none),
      ], figure: .chart(chart(summary, rows)))
  }

  /// The shares grow by factors, so that they stand at even steps.
  private static func chart(_ summary: FaithfulnessSummary, _ rows: ReportedRows) -> Chart {
    let shares = FaithfulnessExperiment.shares
    return Chart(
      title: "faithfulness of circuits of \(rows.taskName)",
      subtitle: "CPR \(shown(summary.area)), CMD \(shown(summary.distance))", kind: .line,
      xAxis: "share of the edges kept, not to scale", yAxis: "faithfulness",
      categories: shares.map { shown($0) },
      series: [
        .init(
          name: "", points: summary.faithfulness.enumerated().map { .init(x: Double($0), y: $1) })
      ])
  }

  static func skips(_ findings: [PatternFinding], _ rows: ReportedRows) -> ExperimentReport {
    let level: PatternLevel = rows.levels.contains(.attention) ? .attention : .feedForward
    let lines = SkipSummary(findings, level: level, layers: rows.layers, role: { rows.roles[$0] }).lines
      .filter { $0.words > 0 }
    func name(_ line: SkipSummary.Line) -> String { line.role ?? "all" }
    func sign(_ line: SkipSummary.Line) -> String { line.isPositive ? "+" : "-" }
    let table = Table(
      columns: ["role", "sign", "words", "skips"] + layerNames(rows.layers),
      rows: lines.map { line in
        [.string(name(line)), .string(sign(line)), Value(line.words), .number(line.mean)]
          + line.layers.map(Value.number)
      })
    return ExperimentReport(
      table: table,
      figure: heatmap(
        "\(level == .attention ? "" : "feed-forward ")skip connections in patterns of \(rows.taskName)",
        rowAxis: "word and sign",
        lines.map { ("\(name($0)) \(sign($0))", $0.layers) }))
  }

  static func entropy(
    _ findings: [PatternFinding], _ levels: [PatternLevel], bins: Int, _ rows: ReportedRows
  ) -> ExperimentReport {
    let summaries = levels.map { EntropySummary(findings, level: $0, bins: bins, role: { rows.roles[$0] }) }
    var table = Table(
      columns: ["level", "role", "words", "distinct", "entropy"] + layerNames(rows.layers))
    var binTable = Table(
      columns: ["level", "rows", "qoi_min", "qoi_max", "qoi_mean", "accuracy", "entropy"])
    var means = Table(columns: ["level", "entropy_mean", "qoi_correlation"])
    for summary in summaries {
      let level = Value.string(summary.level.rawValue)
      for line in summary.lines {
        table.append(
          [level, .string(line.role), Value(line.words), Value(line.distinct), .number(line.entropy)]
            + line.layers.map(Value.number))
      }
      for bin in summary.bins {
        binTable.append([
          level, Value(bin.rows), .number(bin.minimum), .number(bin.maximum), .number(bin.meanValue),
          .number(bin.accuracy), .number(bin.entropy),
        ])
      }
      means.append([level, .number(summary.mean), summary.correlation.map(Value.number) ?? .null])
    }
    let drawn = summaries.last.map { $0.lines.map { ($0.role, $0.layers) } } ?? []
    return ExperimentReport(
      table: table, more: ["bins": .table(binTable), "levels": .table(means)],
      figure: heatmap(
        "entropy of patterns of \(rows.taskName), \(summaries.last?.level.rawValue ?? "") level",
        rowAxis: "word",
        drawn))
  }

  private static func layerNames(_ count: Int) -> [String] { (0..<count).map { "L\($0)" } }

  /// nil without lines.
  private static func heatmap(
    _ title: String, rowAxis: String, _ lines: [(name: String, layers: [Double])]
  ) -> Figure? {
    guard let columns = lines.first?.layers.count else { return nil }
    return .heatmap(
      Heatmap(
        title: title, rowAxis: rowAxis, columnAxis: "layer", rowLabels: lines.map(\.name),
        columnLabels: layerNames(columns),
        values: Tensor(shape: [lines.count, columns], lines.flatMap { $0.layers.map { Float($0) } })))
  }
}
