import Faults
import Scripting

/// Replays a script and compares what its statements show with what it expects.
package final class Verification {
  /// What a statement, or several on one line, have shown.
  struct Observed {
    let expected: ExpectedOutput
    let shown: [String]
    let differences: [LineDifferences.Place]
  }

  let script: Script
  /// Of those statements that have run.
  private(set) var observed: [Observed] = []
  private let groups: [ExpectedOutput]
  private var shown = ""
  private var statementsDone = 0

  /// - Throws: a diagnostic when a line of an expectation belongs to no command.
  package init(_ script: Script) throws {
    try script.checkExpectations()
    self.script = script
    groups = script.expectedOutputs
  }

  /// Of the script, as messages print it.
  package var name: String { script.source.name ?? "-" }

  package var expectations: Int { groups.count { !$0.lines.isEmpty } }
  package var compared: Int { observed.count { !$0.expected.lines.isEmpty } }
  package var differing: Int { observed.count { !$0.differences.isEmpty } }
  /// An expectation behind a `quit` has not been met either.
  package var holds: Bool { differing == 0 && compared == expectations }

  /// Runs the script in a session of its own. Results are not printed; rows of sweeps and experiments are neither read
  /// from files nor written there.
  ///
  /// - Parameter report: gets a text for each difference, as soon as it is found.
  /// - Throws: the fault of the first command that fails; the rest has not run then.
  package func run(in interpreter: Interpreter, report: @escaping (String) throws -> Void) throws {
    interpreter.record.isVerifying = true
    interpreter.record.afterStatement = { [unowned interpreter] shown in
      let comparison = LineComparison(
        tolerance: interpreter.session.settings.tolerance, precision: interpreter.session.settings.precision)
      if let text = self.observe(shown, comparison) { try report(text) }
    }
    defer {
      interpreter.record.afterStatement = nil
      interpreter.record.isVerifying = false
    }
    try interpreter.run(script)
  }

  /// A statement has run.
  ///
  /// - Returns: how what was shown differs from the expectation, when it does.
  private func observe(_ text: String, _ comparison: LineComparison) -> String? {
    shown += text
    statementsDone += 1
    let group = groups[observed.count]
    guard statementsDone == group.statements.upperBound else { return nil }
    let lines = Expectation.lines(shown)
    let comparison = comparison.scaled(to: group.text)
    shown = ""
    let differences =
      group.lines.isEmpty ? [] : LineDifferences(group.text, lines, by: comparison).places
    observed.append(Observed(expected: group, shown: lines, differences: differences))
    guard !differences.isEmpty else { return nil }
    return differences.map { report($0, group, comparison) }.joined()
  }

  private func report(
    _ place: LineDifferences.Place, _ group: ExpectedOutput, _ comparison: LineComparison
  ) -> String {
    let line = min(group.lines.lowerBound + place.line, group.lines.upperBound - 1) + 1
    var lines = ["\(name):\(line): the result differs"]
    lines += place.expected.map { "  expected  \($0)" }
    lines += place.found.map { "  found     \($0)" }
    if place.expected.count == place.found.count {
      let changes = zip(place.expected, place.found).compactMap { comparison.changes($0, $1) }.joined()
      lines += changes.map { "  \($0.sentence)" }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// `, 2 not reached`; empty when all were.
  package var missing: String {
    compared < expectations ? ", \(expectations - compared) not reached" : ""
  }

  /// How it went, in a line without its end.
  package var summary: String {
    let many = "\(expectations) expectation\(expectations == 1 ? "" : "s")"
    if differing > 0 { return "\(name): \(many), \(differing) differ\(differing == 1 ? "s" : "")\(missing)" }
    return "\(name): \(many)\(missing.isEmpty ? expectations == 1 ? " holds" : " hold" : missing)"
  }
}
