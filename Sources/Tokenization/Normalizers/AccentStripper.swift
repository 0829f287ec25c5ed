import Faults

/// NFD without its nonspacing marks, with the sources `tokenizers` gives the characters that stay.
///
/// The library reorders marks by combining class and then hands out sources in the new order: a
/// character that begins a decomposition takes the next unused source, one further inside takes
/// the latest. Where marks change places this differs from tracking each mark, and a mark that is
/// not nonspacing (a Hangul tone mark, a musical stem) stays in the text, so it is visible.
struct AccentStripper {
  private(set) var result: NormalizedText
  private var pending: [Mark] = []
  /// Of the pending marks that begin a decomposition, in the order of the text.
  private var pendingSources: [NormalizedText.Source] = []
  private var latestSource = NormalizedText.Source(0, 0)

  private struct Mark {
    let scalar: Unicode.Scalar
    let combiningClass: UInt8
    let isFirstOfDecomposition: Bool
  }

  init(capacity: Int) {
    result = NormalizedText(capacity: capacity)
  }

  mutating func append(_ scalar: Unicode.Scalar, source: NormalizedText.Source) throws {
    var isFirst = true
    try Decomposition.forEach(of: scalar) { part in
      let combiningClass = part.combiningClass
      if combiningClass == 0 {
        try flush()
        latestSource = source
        keep(part)
      } else {
        pending.append(
          Mark(scalar: part, combiningClass: combiningClass, isFirstOfDecomposition: isFirst))
        if isFirst { pendingSources.append(source) }
      }
      isFirst = false
    }
  }

  /// Puts the marks since the last base character in order; to be called at the end of the text too.
  mutating func flush() throws {
    guard !pending.isEmpty else { return }
    var sources = pendingSources.makeIterator()
    var steps = Steps()
    for index in try orderedIndices(&steps) {
      try steps.next()
      let mark = pending[index]
      if mark.isFirstOfDecomposition, let next = sources.next() { latestSource = next }
      keep(mark.scalar)
    }
    pending.removeAll(keepingCapacity: true)
    pendingSources.removeAll(keepingCapacity: true)
  }

  /// The pending marks by combining class, equal ones in the order of the text.
  private func orderedIndices(_ steps: inout Steps) throws -> [Int] {
    try pending.indices.sorted {
      try steps.next()
      return (pending[$0].combiningClass, $0) < (pending[$1].combiningClass, $1)
    }
  }

  private mutating func keep(_ scalar: Unicode.Scalar) {
    if !scalar.isNonspacingMark { result.append(scalar, source: latestSource) }
  }
}
