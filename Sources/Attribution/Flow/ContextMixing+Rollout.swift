extension ContextMixing {
  /// Attention rollout (Abnar and Zuidema, ACL 2020, section 3): how much of a token after each layer comes from each
  /// input word, along all paths.
  ///
  ///     R_0 = M_0,  R_l = M_l R_(l-1)
  ///
  /// - Returns: (L, n): row `target` of each R_l, which adds up to 1 where no row of zeros is on the way.
  /// - Complexity: O(L² n²), since only one row of each product is wanted.
  public func rollout(to target: Int) -> [[Double]] {
    precondition(0..<length ~= target, "target \(target) of \(length) tokens")
    return (0..<layers).map { last in
      var row = (0..<length).map { self[last, target, $0] }
      for layer in (0..<last).reversed() { row = mixed(row, through: layer) }
      return row
    }
  }

  /// row M_layer.
  private func mixed(_ row: [Double], through layer: Int) -> [Double] {
    var result = [Double](repeating: 0, count: length)
    for (token, weight) in row.enumerated() where weight != 0 {
      let start = (layer * length + token) * length
      for from in 0..<length { result[from] += weight * shares[start + from] }
    }
    return result
  }
}
