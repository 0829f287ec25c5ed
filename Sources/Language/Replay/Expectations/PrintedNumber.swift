import ExactText

/// A number as it is printed: digits x 10^(exponent - decimals).
struct PrintedNumber: Equatable {
  /// All of them, without the point, with the sign.
  let digits: Int
  let decimals: Int
  /// Behind `e`.
  let exponent: Int

  /// How many digits there are from the first that is not 0.
  var significant: Int { digits == 0 ? 0 : String(digits.magnitude).count }

  /// With zeros at the end, for so many decimals.
  ///
  /// - Returns: nil when there are too many for an Int.
  func digits(decimals: Int) -> Int? {
    var result = digits
    for _ in self.decimals..<max(self.decimals, decimals) {
      let (product, overflows) = result.multipliedReportingOverflow(by: 10)
      if overflows { return nil }
      result = product
    }
    return result
  }

  /// - Returns: nil when it is not finite, or has more digits than an Int.
  init?(_ text: String) {
    let parts = text.split(separator: "e", omittingEmptySubsequences: false)
    let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
    guard let digits = Int(mantissa.joined()), let exponent = parts.count > 1 ? Int(parts[1]) : 0 else {
      return nil
    }
    self.digits = digits
    decimals = mantissa.count > 1 ? mantissa[1].count : 0
    self.exponent = exponent
  }
}
