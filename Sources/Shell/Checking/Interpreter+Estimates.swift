import Encoders
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
    var speeds: [String: Speed] = [:]
    for case (_, let model)? in entries.map(\.work) where speeds[model.name] == nil {
      speeds[model.name] = try model.encoder.speed(check: checkInterruption)
    }
    let resident = ResidentMemory.bytes() ?? 0
    return WorkEstimates(
      lines: grouped(entries).map { own in
        line(own, cost: cost(own) { speeds[$1.name]?.seconds(for: $0) ?? .nan }, resident: resident)
      })
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

  private func line(_ entries: [WorkEntry], cost: (Work, Double)?, resident: Int) -> WorkEstimates.Line {
    let place = entries[0].place
    let least = entries.reduce(0) { $0 + Double($1.runs.least) }
    let most = entries.reduce(Double?.some(0)) { sum, entry in
      guard let sum, let most = entry.runs.most else { return nil }
      return sum + Double(most)
    }
    return WorkEstimates.Line(
      place: (place.source.name ?? "line") + ":\(place.start.line)", command: place.text.oneLine,
      runs: (least, most),
      cost: cost.map { .init(work: $0, seconds: $1, bytes: resident + $0.bytes) })
  }

  /// Work and seconds of one run: the mean where runs differ; nil when that of any is not known.
  private func cost(_ entries: [WorkEntry], seconds time: (Work, LoadedModel) -> Double) -> (Work, Double)? {
    let weights = entries.map { Double(max(1, $0.runs.most ?? $0.runs.least)) }
    let count = weights.reduce(0, +)
    var (mean, seconds, sequences) = (Work(), 0.0, 0.0)
    for (entry, weight) in zip(entries, weights) {
      guard let (work, model) = entry.work else { return nil }
      mean.operations += work.operations * weight / count
      mean.bytes = max(mean.bytes, work.bytes)
      sequences += Double(work.sequences) * weight / count
      seconds += time(work, model) * weight / count
    }
    mean.sequences = Int(sequences.rounded())
    return (mean, seconds)
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
