import ExactText
import Faults
import Results
import Scripting

/// What the commands of a script that run the network will take on this machine.
package struct WorkEstimates: ObjectValue {
  struct Line: Sendable {
    let place: String
    let command: String
    /// How often it runs: at least and, where that is known, at most.
    let runs: (least: Double, most: Double?)
    /// Of one run; nil when it depends on what only a run knows.
    let cost: Cost?
  }

  struct Cost: Sendable {
    var sequences = 0
    var operations = 0.0
    var seconds = 0.0
    /// Of working memory, at the peak.
    var workingBytes = 0
    /// What the process holds besides.
    var residentBytes = 0

    /// Of the process at its peak.
    var bytes: Int { workingBytes + residentBytes }
  }

  let lines: [Line]

  package let typeName = "estimate"

  /// In seconds; the second is nil when there is no knowing.
  var total: (least: Double, most: Double?) {
    let least = lines.reduce(0) { $0 + $1.runs.least * ($1.cost?.seconds ?? 0) }
    let most = lines.reduce(Double?.some(0)) { sum, line in
      guard let sum, let runs = line.runs.most, let cost = line.cost else { return nil }
      return sum + runs * cost.seconds
    }
    return (least, most)
  }

  /// The largest of all; nil when none is known.
  var bytes: Int? { lines.compactMap { $0.cost?.bytes }.max() }

  package var summary: String {
    let isWhole = lines.allSatisfy { $0.cost != nil }
    let memory = bytes.map { ", memory \(isWhole ? "" : "at least ")\(Self.memory($0))" } ?? ""
    return "estimated time \(Self.range(total.least, total.most))\(memory)"
  }

  package var fields: Record {
    [
      "commands": .list(lines.map { .record($0.fields) }), "seconds_least": .number(total.least),
      "seconds_most": total.most.map(Value.number) ?? .null, "bytes": bytes.map { Value($0) } ?? .null,
    ]
  }

  package var table: Table? {
    let columns = lines.first.map { Array($0.fields.keys) } ?? []
    return Table(columns: columns, rows: lines.map { Array($0.fields.values) })
  }

  package var display: Value {
    let rows = lines.map { line -> [Value] in
      let (runs, cost) = (line.runs, line.cost)
      return [
        .string(line.place), .string(line.command), .string(Self.count(runs.least, runs.most)),
        cost.map { Value($0.sequences) } ?? .string("?"),
        .string(
          cost.map { cost in
            Self.range(cost.seconds * runs.least, runs.most.map { $0 * cost.seconds })
          } ?? "not known"),
        .string(cost.map { Self.memory($0.bytes) } ?? "not known"),
      ]
    }
    return .list([
      .table(Table(columns: ["place", "command", "runs", "sequences", "time", "memory"], rows: rows)),
      .string(summary),
    ])
  }
}

extension WorkEstimates.Line {
  /// What machine formats write: times and memory are those of one run.
  var fields: Record {
    [
      "place": .string(place), "command": .string(command), "runs_least": .number(runs.least),
      "runs_most": runs.most.map(Value.number) ?? .null,
      "sequences": cost.map { Value($0.sequences) } ?? .null,
      "operations": cost.map { .number($0.operations) } ?? .null,
      "seconds": cost.map { .number($0.seconds) } ?? .null, "bytes": cost.map { Value($0.bytes) } ?? .null,
    ]
  }
}

// MARK: Texts
extension WorkEstimates {
  private static func count(_ least: Double, _ most: Double?) -> String {
    let first = "\(Int(exactly: least).map(String.init) ?? "\(least)")"
    guard let most else { return "\(first) or more" }
    return most == least ? first : "\(first) to \(Int(exactly: most).map(String.init) ?? "\(most)")"
  }

  private static func range(_ least: Double, _ most: Double?) -> String {
    guard let most else { return "at least \(time(least))" }
    return time(least) == time(most) ? time(least) : "\(time(least)) to \(time(most))"
  }

  /// `0.03 s`, `2.5 s`, `40 s`, `3 min`.
  private static func time(_ seconds: Double) -> String {
    if seconds >= 10 { return ProgressClock.text(.seconds(min(seconds, 1e12))) }
    let digits = seconds < 1 ? 100.0 : 10
    return seconds == 0 ? "0 s" : "\(max(1, (seconds * digits).rounded()) / digits) s"
  }

  private static func memory(_ bytes: Int) -> String {
    let megabytes = Double(bytes) / 1e6
    return megabytes < 1000
      ? "\(Int(megabytes.rounded(.up))) MB" : "\((megabytes / 100).rounded(.up) / 10) GB"
  }
}
