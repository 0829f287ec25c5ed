import ExactText
import Faults
import Scripting

/// What the computation of one command takes.
package struct WorkCost: Sendable {
  /// That go through the network.
  let sequences: Int
  /// Of floating-point numbers.
  let operations: Double
  /// Of working memory, at the peak.
  let bytes: Int
  /// On this machine, whose speed may have to be measured first.
  let seconds: @Sendable (@escaping InterruptionCheck) throws -> Double

  package init(
    sequences: Int, operations: Double, bytes: Int,
    seconds: @escaping @Sendable (@escaping InterruptionCheck) throws -> Double
  ) {
    (self.sequences, self.operations, self.bytes, self.seconds) = (sequences, operations, bytes, seconds)
  }
}

/// A command of a script that computes, and how often it does.
struct WorkEntry {
  /// The call.
  let place: Span
  /// Of one run; nil when it depends on what only a run knows.
  let cost: WorkCost?
  /// How often it runs: at least and, where that is known, at most.
  private(set) var runs: (least: Int, most: Int?) = (1, 1)

  init(_ place: Span, _ cost: WorkCost?) { (self.place, self.cost) = (place, cost) }

  /// In `count` turns of a loop or calls of a function.
  func repeated(_ count: Int) -> WorkEntry {
    with((saturating(runs.least, count), runs.most.map { saturating($0, count) }))
  }

  /// Where it may be passed over.
  var optional: WorkEntry { with((0, runs.most)) }

  /// Where nobody knows how often.
  var unlimited: WorkEntry { with((runs.least, nil)) }

  private func with(_ runs: (Int, Int?)) -> WorkEntry {
    var copy = self
    copy.runs = runs
    return copy
  }

  /// Ranges may be astronomically long.
  private func saturating(_ a: Int, _ b: Int) -> Int {
    let (product, overflows) = a.multipliedReportingOverflow(by: b)
    return overflows ? .max : product
  }
}

extension DryRun {
  /// Adds a command that runs in each function around, on the way that is checked.
  func add(_ entry: WorkEntry) {
    entries.append(pending > 0 ? entry.optional : entry)
    computing.formUnion(calls.map { Name($0.function) })
  }

  /// The entries of `body`, which are left out of those around it.
  func entries(of body: () throws -> Void) rethrows -> [WorkEntry] {
    let outer = entries
    entries = []
    defer { entries = outer }
    try body()
    return entries
  }

  /// Runs `body`, whose commands may be passed over.
  func optionally(_ body: () throws -> Void) rethrows {
    let outer = entries
    entries = []
    defer { entries = outer + entries.map(\.optional) }
    try body()
  }

  /// Adds the entries of a turn that stands for `count` of them, or with nil for nobody knows how many.
  func addTurns(_ turn: [WorkEntry], _ count: Int?) {
    entries += turn.map { entry in count.map(entry.repeated) ?? entry.optional.unlimited }
  }
}
