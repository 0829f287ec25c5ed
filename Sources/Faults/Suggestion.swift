import ExactText

/// The candidate closest to `name`, for "did you mean"; nil when none makes sense.
///
/// Closeness is the optimal string alignment distance (edits and swaps of neighbours), ignoring case. How many edits are a slip
/// depends on the shorter word: none of one or two characters, one of up to four, two of up to seven, else a third. Where none is
/// that close, `name` may be the beginning of a candidate, the shortest one. Nothing is close to a name of more than 256
/// bytes, which nobody has mistyped: comparing two such texts takes the product of their lengths.
public func closest(to name: String, in candidates: some Sequence<String>) -> String? {
  let longest = 256
  guard name.utf8.count <= longest else { return nil }
  let target = Array(name.lowercased().unicodeScalars)
  var best: (distance: Int, candidate: String)?
  var continued: String?
  for candidate in candidates where candidate != name && candidate.utf8.count <= longest {
    let other = Array(candidate.lowercased().unicodeScalars)
    if isBeginning(target, of: other), other.count < (continued?.unicodeScalars.count ?? .max) { continued = candidate }
    let limit = mostEdits(min(target.count, other.count))
    guard abs(target.count - other.count) <= limit else { continue }
    let distance = alignmentDistance(target, other)
    if distance <= limit, distance < (best?.distance ?? .max) { best = (distance, candidate) }
  }
  return best?.candidate ?? continued
}

/// Of a word of so many characters.
private func mostEdits(_ count: Int) -> Int {
  switch count {
  case ...2: 0
  case ...4: 1
  case ...7: 2
  default: count / 3
  }
}

/// Three characters tell something.
private func isBeginning(_ name: [Unicode.Scalar], of candidate: [Unicode.Scalar]) -> Bool {
  name.count >= 3 && candidate.starts(with: name)
}

private func alignmentDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  if a.isEmpty || b.isEmpty { return max(a.count, b.count) }
  var beforePrevious = [Int](repeating: 0, count: b.count + 1)
  var previous = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + [Int](repeating: 0, count: b.count)
    for j in 1...b.count {
      let substitution = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1)
      row[j] = min(previous[j] + 1, row[j - 1] + 1, substitution)
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], beforePrevious[j - 2] + 1)
      }
    }
    (beforePrevious, previous) = (previous, row)
  }
  return previous[b.count]
}
