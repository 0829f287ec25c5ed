/// Where two texts differ, by lines.
struct LineDifferences {
  /// Lines in one place: those that were expected, and those found instead.
  struct Place {
    /// Index of the first expected line.
    let line: Int
    var expected: [String]
    var found: [String]
  }

  /// In order; empty when the texts agree.
  let places: [Place]

  /// - Complexity: O(lines of one times lines of the other); beyond a million the texts are compared line by line.
  init(_ expected: [String], _ found: [String], by comparison: LineComparison) {
    let start = zip(expected, found).prefix { comparison.agree($0, $1) }.count
    let (a, b) = (Array(expected[start...]), Array(found[start...]))
    guard !a.isEmpty || !b.isEmpty else {
      places = []
      return
    }
    guard a.count * b.count <= 1_000_000 else {
      places = [Place(line: start, expected: a, found: b)]
      return
    }
    places = Self.align(a, b, start, comparison)
  }

  /// By the longest common subsequence of lines that agree.
  private static func align(
    _ a: [String], _ b: [String], _ start: Int, _ comparison: LineComparison
  ) -> [Place] {
    let agrees = a.map { line in b.map { comparison.agree(line, $0) } }
    var common = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
    for i in a.indices.reversed() {
      for j in b.indices.reversed() {
        common[i][j] =
          agrees[i][j] ? common[i + 1][j + 1] + 1 : max(common[i + 1][j], common[i][j + 1])
      }
    }
    var places: [Place] = []
    var (i, j, isOpen) = (0, 0, false)
    while i < a.count || j < b.count {
      if i < a.count, j < b.count, agrees[i][j] {
        (i, j, isOpen) = (i + 1, j + 1, false)
        continue
      }
      if !isOpen { places.append(Place(line: start + i, expected: [], found: [])) }
      isOpen = true
      if i < a.count, j == b.count || common[i + 1][j] >= common[i][j + 1] {
        places[places.count - 1].expected.append(a[i])
        i += 1
      } else {
        places[places.count - 1].found.append(b[j])
        j += 1
      }
    }
    return places
  }
}
