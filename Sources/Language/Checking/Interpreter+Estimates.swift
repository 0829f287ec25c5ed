import ExactText
import Faults
import Rendering
import Results
import Scripting

extension Interpreter {
  /// Prints what a check has found, on standard output.
  package func emit(_ estimates: WorkEstimates) throws {
    (session.output, session.onceOutput) = (nil, nil)
    try emit(CommandResult(command: "check", line: 0, value: .object(estimates)))
  }

  /// The entries with times on this machine, those of one place together; nil when there are none.
  ///
  /// - Throws: what the passes throw that measure the machine's speed: `Interrupted`.
  func estimates(_ entries: [WorkEntry]) throws -> WorkEstimates? {
    guard !entries.isEmpty else { return nil }
    let resident = ResidentMemory.bytes() ?? 0
    return WorkEstimates(
      lines: try grouped(entries).map { line($0, cost: try meanCost($0), resident: resident) })
  }

  /// In the order of their first appearance.
  private func grouped(_ entries: [WorkEntry]) -> [[WorkEntry]] {
    var groups: [[WorkEntry]] = []
    for entry in entries {
      let place = groups.firstIndex { $0[0].place.isSame(as: entry.place) }
      if let place { groups[place].append(entry) } else { groups.append([entry]) }
    }
    return groups
  }

  private func line(_ entries: [WorkEntry], cost: WorkEstimates.Cost?, resident: Int) -> WorkEstimates.Line {
    let place = entries[0].place
    let least = entries.reduce(0) { $0 + Double($1.runs.least) }
    let most = entries.reduce(Double?.some(0)) { sum, entry in
      guard let sum, let most = entry.runs.most else { return nil }
      return sum + Double(most)
    }
    return WorkEstimates.Line(
      place: (place.source.name ?? "line") + ":\(place.start.line)", command: place.text.oneLine,
      runs: (least, most),
      cost: cost.map { cost in
        var cost = cost
        cost.residentBytes = resident
        return cost
      })
  }

  /// What one run takes, beside what the process holds: the mean where runs differ; nil when that of any is not known.
  private func meanCost(_ entries: [WorkEntry]) throws -> WorkEstimates.Cost? {
    let weights = entries.map { Double(max(1, $0.runs.most ?? $0.runs.least)) }
    let count = weights.reduce(0, +)
    var (mean, sequences) = (WorkEstimates.Cost(), 0.0)
    for (entry, weight) in zip(entries, weights) {
      guard let cost = entry.cost else { return nil }
      mean.operations += cost.operations * weight / count
      mean.workingBytes = max(mean.workingBytes, cost.bytes)
      mean.seconds += try cost.seconds(checkInterruption) * weight / count
      sequences += Double(cost.sequences) * weight / count
    }
    mean.sequences = Int(sequences.rounded())
    return mean
  }
}

extension Span {
  fileprivate func isSame(as other: Span) -> Bool {
    range == other.range && (source === other.source || source.name == other.source.name)
  }
}

extension String {
  /// Shortened to what fits a table.
  fileprivate var oneLine: String {
    let text = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return text.count <= 60 ? text : text.prefix(59) + "…"
  }
}
