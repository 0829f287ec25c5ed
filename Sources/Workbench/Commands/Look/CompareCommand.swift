import Attribution
import Language
import Results
import Scripting

struct CompareCommand: BenchCommand {
  let name = "compare"
  let group = CommandGroup.look
  let summary =
    "two results side by side: numbers with their differences, patterns and flows word by word, tasks by case"
  let discussion = """
    Predictions are paired by word, labels by label, rows of tables by node, task, case or position; ids and positions
    are not compared. What only one of the two has is left out. Scores of `attribute` stand beside the effects of a `sweep` of
    the same nodes (what the quantity loses without the clean activation), with Spearman's rank correlation.
    """
  let parameters: [Parameter] = [
    .required("before", .any, "a result, e.g. of forward, influence, patterns, flow, measure or sweep"),
    .required("after", .any, "another of the same kind"),
  ]
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    compare patterns(points=10) patterns(points=20)
    compare influence(points=10) influence(points=10, quadrature=gauss)
    compare measure(sva_obj, rows=8) measure(sva_subj, rows=8)
    """#

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let before = arguments["before"], let after = arguments["after"] else { return .null }
    if case .object(let a) = before.value, case .object(let b) = after.value, let a = a as? PatternSet,
      let b = b as? PatternSet
    {
      return .table(words(a, b))
    }
    if let scores = ScoreComparison(before.value, after.value) {
      guard !scores.names.isEmpty else {
        throw ScoreFault.nothingInCommon.located(after.span)
      }
      if let reason = ScoreComparison.difference(before.value, after.value) {
        bench.session.warn(Diagnostic(.warning, code: "compare-unlike", reason, at: after.span))
      }
      return .object(scores)
    }
    if let table = MeasurementComparison.table(before.value, after.value) { return .table(table) }
    if case .object(let a) = before.value, case .object(let b) = after.value, let a = a as? FlowResult,
      let b = b as? FlowResult
    {
      return .table(a.compared(with: b))
    }
    let rows = try NumberPairs(before.value, after.value).pairs
    guard !rows.isEmpty else {
      throw ValueFault.badOperands("compare", before.value.typeName, after.value.typeName).located(after.span)
    }
    return .table(
      Table(
        columns: ["what", "before", "after", "difference"],
        rows: rows.map { [.string($0), .number($1), .number($2), .number($2 - $1)] }, mixesQuantities: true))
  }

  /// Words that both have, in the order of the first.
  private func words(_ a: PatternSet, _ b: PatternSet) -> Table {
    let haveBranches = min(a.finestLevel, b.finestLevel) == .feedForward
    var table = Table(
      columns: ["sentence", "position", "token", "same path", "same heads"]
        + (haveBranches ? ["same branches"] : []) + ["before", "after", "difference"])
    for (index, pair) in zip(a.sentences, b.sentences).enumerated() {
      for word in pair.0.patterns.words {
        guard let other = pair.1.patterns.words.first(where: { $0.position == word.position }) else {
          continue
        }
        // Paths of one level: those of a finer one carry less.
        let level = min(word.finestLevel, other.finestLevel)
        let (x, y) = (word.influence(at: level) ?? .nan, other.influence(at: level) ?? .nan)
        let branches: [Value] =
          haveBranches ? [.bool(word.feedForward?.steps == other.feedForward?.steps)] : []
        let same: [Value] = [
          .bool(word.embedding.nodes == other.embedding.nodes),
          .bool(word.attention?.choices == other.attention?.choices),
        ]
        table.append(
          [Value(index), Value(word.position), .string(pair.0.tokens[word.position])] + same + branches
            + [.number(x), .number(y), .number(y - x)])
      }
    }
    return table
  }
}
