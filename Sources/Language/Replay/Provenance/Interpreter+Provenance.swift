import ExactText
import Scripting

extension Interpreter {
  /// Names on standard error what a script's results depend on and differs here, before it runs.
  func warnOfDifferences(in source: Source) {
    for index in 0..<source.lineCount {
      // Most lines are none; their texts need not be made.
      guard source.utf8[source.span(ofLine: index).range].starts(with: Provenance.mark.utf8),
        let stated = Provenance(line: source.line(index))
      else { continue }
      let differences = differences(from: stated)
      guard !differences.isEmpty else { continue }
      let warning = Diagnostic(
        .warning, code: "provenance", differences.joined(separator: "; "), at: source.spanOfMark(index),
        notes: ["the results may differ from those that were recorded"])
      console.report(warning)
    }
  }

  private func differences(from stated: Provenance) -> [String] {
    var present = Provenance.current
    present.fields.append(("seed", String(session.settings.seed)))
    let differing = present.fields.compactMap { key, value -> String? in
      guard let recorded = stated[key], recorded != value else { return nil }
      return "recorded with \(key) \(recorded), here it is \(value)"
    }
    return differing + [domain.difference(from: stated, in: self)].compactMap(\.self)
  }
}

extension Source {
  /// Of a line that begins with the mark.
  fileprivate func spanOfMark(_ line: Int) -> Span {
    let start = span(ofLine: line).range.lowerBound
    return Span(self, start..<start + Provenance.mark.utf8.count)
  }
}
