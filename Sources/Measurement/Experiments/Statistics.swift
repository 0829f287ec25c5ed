import RealModule

/// NaN for none.
func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// Entropy of the observed frequencies, -sum_x f_x log2 f_x, in bits: 0 when all are the same, at most log2 of their number.
///
/// The plug-in estimate, which is too low for few observations; compare only sets of equal size. 0 for none.
func entropyInBits<Element: Hashable>(_ observations: [Element]) -> Double {
  let total = Double(observations.count)
  return frequencies(observations).values.map { count in
    let share = Double(count) / total
    return -share * Double.log2(share)
  }.sorted().reduce(0, +)
}

/// How often each occurs.
func frequencies<Element: Hashable>(_ observations: [Element]) -> [Element: Int] {
  observations.reduce(into: [:]) { $0[$1, default: 0] += 1 }
}
