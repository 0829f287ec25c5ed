/// The order in which people count: digits that stand together by the number that they are, everything else by its scalars, so
/// that `step2` stands before `step10`.
package func naturallyPrecedes(_ left: String, _ right: String) -> Bool {
  left.withBytes { a in
    right.withBytes { b in
      let found = naturalOrder(a, b)
      return (found != 0 ? found : order(left, right)) < 0
    }
  }
}

/// 0 for texts that differ in leading zeros alone.
private func naturalOrder(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Int {
  var (rest, other) = (a[...], b[...])
  while let first = rest.first, let second = other.first {
    if isDigit(first), isDigit(second) {
      let (number, otherNumber) = (takeNumber(from: &rest), takeNumber(from: &other))
      if number.count != otherNumber.count { return number.count - otherNumber.count }
      if let (x, y) = zip(number, otherNumber).first(where: { $0 != $1 }) { return Int(x) - Int(y) }
    } else {
      if first != second { return Int(first) - Int(second) }
      rest.removeFirst()
      other.removeFirst()
    }
  }
  return rest.count - other.count
}

/// The digits that `text` begins with, without leading zeros.
private func takeNumber(from text: inout Slice<UnsafeRawBufferPointer>) -> Slice<UnsafeRawBufferPointer> {
  let digits = text.prefix(while: isDigit)
  text = text[digits.endIndex...]
  return digits.drop { $0 == UInt8(ascii: "0") }
}

private func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
