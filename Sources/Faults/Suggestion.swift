import ExactText

/// The candidate closest to `name`, for "did you mean"; nil when none makes sense.
///
/// Closeness is the optimal string alignment distance (edits and swaps of neighbours), ignoring case; of equally close ones the
/// candidate wins that agrees longest from the beginning. How many edits are a slip depends on the shorter word: none of one
/// character, of two one more, one of up to four, two of up to seven, else a third; in words of three no letter may be another, and two
/// edits leave the first letter. Where none is that close, `name` may be the beginning of a candidate, the shortest one, or a candidate
/// of five letters or more its beginning. Nothing is close to a name of more than 256 bytes, which nobody has mistyped:
/// comparing two such texts takes the product of their lengths.
public func closest(to name: String, in candidates: some Sequence<String>) -> String? {
  let longest = 256
  guard name.utf8.count <= longest else { return nil }
  let target = Array(name.lowercased().unicodeScalars)
  var best: (distance: Int, shared: Int, candidate: String)?
  var continued: String?
  for candidate in candidates where candidate != name && candidate.utf8.count <= longest {
    let other = Array(candidate.lowercased().unicodeScalars)
    if isBeginning(target, other), other.count < (continued?.unicodeScalars.count ?? .max) {
      continued = candidate
    }
    guard let distance = slips(target, other) else { continue }
    let shared = zip(target, other).prefix { $0 == $1 }.count
    let isCloser =
      best.map { distance < $0.distance || distance == $0.distance && shared > $0.shared } ?? true
    if isCloser { best = (distance, shared, candidate) }
  }
  return best?.candidate ?? continued
}

/// How many edits lead from one word to the other; nil where they are more than slips.
private func slips(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int? {
  let count = min(a.count, b.count)
  let limit =
    switch count {
    case ...1: 0
    case 2: a.starts(with: b) || b.starts(with: a) ? 1 : 0
    case ...4: 1
    case ...7: 2
    default: count / 3
    }
  guard abs(a.count - b.count) <= limit else { return nil }
  let distance = alignmentDistance(a, b)
  guard distance <= limit, distance < 2 || a.first == b.first else { return nil }
  let isOtherLetter = a.count == b.count && zip(a, b).count { $0 != $1 } == 1
  return a.count == 3 && isOtherLetter ? nil : distance
}

/// Whether one word begins the other: three characters tell something of a candidate, five of a name.
private func isBeginning(_ name: [Unicode.Scalar], _ candidate: [Unicode.Scalar]) -> Bool {
  name.count >= 3 && candidate.starts(with: name) || candidate.count >= 5 && name.starts(with: candidate)
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
