/// Spearman's rank correlation: Pearson's correlation of the ranks, equal values sharing the mean of theirs.
///
/// - Returns: nil when it is undefined: fewer than two values, all values of one side equal, or one that is NaN.
/// - Precondition: as many values on both sides.
public func rankCorrelation(_ x: [Double], _ y: [Double]) -> Double? {
  precondition(x.count == y.count, "\(x.count) and \(y.count) values")
  guard !(x + y).contains(where: \.isNaN) else { return nil }
  let (a, b) = (ranks(x), ranks(y))
  // The mean rank is the same with and without ties.
  let mean = Double(x.count + 1) / 2
  var (products, squaresA, squaresB) = (0.0, 0.0, 0.0)
  for (a, b) in zip(a, b) {
    products += (a - mean) * (b - mean)
    squaresA += (a - mean) * (a - mean)
    squaresB += (b - mean) * (b - mean)
  }
  guard squaresA > 0, squaresB > 0 else { return nil }
  return products / (squaresA * squaresB).squareRoot()
}

/// 1 for the smallest; equal values have the mean of their ranks.
private func ranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    let value = values[order[start]]
    let end = order[start...].firstIndex { values[$0] != value } ?? order.count
    for place in order[start..<end] { ranks[place] = Double(start + 1 + end) / 2 }
    start = end
  }
  return ranks
}
