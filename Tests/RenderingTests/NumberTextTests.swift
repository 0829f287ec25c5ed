import Testing

@testable import Rendering

@Test(
  arguments: [
    (0.0, "0"), (-0.0, "-0.0"), (1, "1"), (-42, "-42"), (16_777_217, "16777217"),
    (0x1p53, "9007199254740992"), (0.1, "0.1"), (Double(Float(0.1)), "0.10000000149011612"),
    (1.0 / 3, "0.3333333333333333"), (0x1p-20, "9.5367431640625e-07"), (1e-7, "1e-07"), (1e300, "1e+300"),
    (0x1p60, "1152921504606846976"), (-0x1p62, "-4611686018427387904"), (0x1p63, "9.223372036854776e+18"),
    (.nan, "nan"), (.infinity, "inf"), (-.infinity, "-inf"),
  ] as [(Double, String)])
func numbersReadBackTheSame(number: Double, text: String) {
  #expect(formatNumber(number) == text)
}

@Test(
  arguments: [
    (0.1, "0.1"), (1 / 3, "0.33333334"), (-0.0, "-0.0"), (16_777_216, "16777216"), (0x1p-20, "9.536743e-07"),
    (.leastNonzeroMagnitude, "1e-45"), (.greatestFiniteMagnitude, "3.4028235e+38"), (.nan, "nan"),
  ] as [(Float, String)])
func elementsReadBackTheSame(element: Float, text: String) {
  #expect(formatNumber(element) == text)
  #expect(element.asWritten.description == Double(text)?.description)
}

@Test func everyFloatReadsBackBitForBit() throws {
  // A stride through all bit patterns, coprime with every field of the format.
  for bits in stride(from: UInt32(0), to: .max, by: 1_000_003) {
    let float = Float(bitPattern: bits)
    guard float.isFinite else { continue }
    #expect(Double(formatNumber(Double(float))) == Double(float))
    let text = formatNumber(float)
    let read = try #require(Double(text), "\(text) is no number")
    #expect(Float(read).bitPattern == bits, "\(text) for \(float)")
  }
}

@Test func doublesReadBackExactly() {
  for number in [0.1 + 0.2, 4e-300, .pi, 123456789.125, 1e22 + 4e6, 0x1p60, 0x1p-20, 0x1p62 + 1024, 0x1p64] {
    #expect(Double(formatNumber(number)) == number)
  }
}

@Test(
  arguments: [
    (0.0, 5, "0"), (-0.0, 5, "0"), (3, 5, "3"), (123_456_789, 5, "123456789"), (0.5, 5, "0.5"),
    (Double(Float(0.1)), 17, "0.100000001490116"), (1.0 / 3, 5, "0.33333"), (2.0 / 3, 3, "0.667"),
    (0.99999999, 5, "1"),
    (1234.5678, 5, "1234.6"), (123456.7, 5, "123457"), (12_345_678.9, 5, "1.2346e+07"),
    (0.000012345678, 5, "0.000012346"), (0.0000012345678, 5, "1.2346e-06"), (-1e-9, 5, "-1e-09"),
    (1e15, 5, "1e+15"), (1e300, 5, "1e+300"), (.nan, 5, "nan"), (-.infinity, 5, "-inf"), (1.25, 0, "1"),
    (1.0 / 3, 99, "0.333333333333333"),
  ] as [(Double, Int, String)])
func numbersForPeopleHaveSignificantDigits(number: Double, precision: Int, text: String) {
  #expect(formatNumber(number, precision: precision) == text)
}

@Test func columnsAlignDecimalPoints() throws {
  let numbers: [Double?] = [1, -0.25, nil, 100.123456, .nan, -.infinity, 1e-9, 0, -0.0]
  #expect(
    try alignNumbers(numbers, precision: 5)
      == [
        "   1.00 ", "  -0.25 ", "        ", " 100.12 ", " nan    ", "-inf    ", "   1e-09", "   0    ",
        "   0    ",
      ])
}

@Test func zerosCommonToAColumnAreLeftOut() throws {
  #expect(try alignNumbers([0.5, 0.25, 1], precision: 5) == ["0.50", "0.25", "1.00"])
  #expect(try alignNumbers([1, 20, -3], precision: 5) == [" 1", "20", "-3"])
  #expect(try alignNumbers([], precision: 5) == [])
}
