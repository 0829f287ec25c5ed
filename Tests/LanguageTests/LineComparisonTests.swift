import Testing

@testable import Language

@Suite struct LineComparisonTests {
  private let comparison = LineComparison(tolerance: 1e-4)

  @Test(arguments: [
    ("is  13.20  0.61", "is 13.2 0.61"), ("0.50000", "0.50004"), ("0", "9e-7"), ("nan -inf", "nan -inf"),
    ("[1.5, 2]", "[1.50001, 2]"), ("a  b", "a b"), ("", "   "), ("1e-3", "0.001"), ("1.0000%", "1.0001%"),
    ("L3H5@7", "L3H5@7"),
  ])
  func agrees(expected: String, found: String) {
    #expect(comparison.agree(expected, found))
  }

  @Test(arguments: [
    ("0.5", "0.5001"), ("0", "2e-6"), ("12345", "12346"), ("100000", "100001"), ("L3H5", "L3H6"),
    ("a b", "ab"),
    ("1", "nan"), ("1.5", "inf"), ("[1, 2]", "[1, 2, 3]"), ("x1.5", "x1.50001"), ("1.5", "a"),
    ("-0.5", "0.5"),
    ("3x", "3.00001x"),
  ])
  func differs(expected: String, found: String) {
    #expect(!comparison.agree(expected, found))
  }

  @Test func theToleranceIsRelativeToTheExpectedNumber() {
    let loose = LineComparison(tolerance: 0.1)
    #expect(loose.agree("10.0", "11.0") && !loose.agree("10.0", "11.1"))
    #expect(LineComparison(tolerance: 0).agree("0.5", "0.5000009"))
    #expect(!LineComparison(tolerance: 0).agree("0.5", "0.500002"))
  }

  /// Values on either side of a boundary of rounding print as neighbours.
  @Test(arguments: [
    ("1.2344", "1.2345", 0), ("0.99999", "1.0000", 0), ("2.5e-07", "2.5001e-07", 0),
    ("1 the 1.92 │██ 0.0650 │▎", "1 the 1.93 │██▏ 0.0651 │▍", 1e-4), ("-2.01 ▐██│", "-2 ██│", 1e-4),
    ("0.999 ├ -2", "1.00 ├ -1.9", 1e-4),
  ])
  func neighboursAgree(expected: String, found: String, tolerance: Double) {
    #expect(LineComparison(tolerance: tolerance).agree(expected, found))
    #expect(LineComparison(tolerance: tolerance).agree(found, expected))
  }

  /// Shares of few rows and numbers that are written short are not rounded; whole numbers of drawings count.
  @Test(arguments: [
    ("0.975", "0.976"), ("0.5", "0.6"), ("0.0650", "0.0651"), ("1.2344", "1.2346"),
    ("│██ 1.92", "│██ 1.94"), ("│ 0.5", "│ 0.6"), ("│██", "│██▎"), ("▐█│", "▐██│"), ("│██", "██│"),
    ("1 ─ 2", "1 ─ 3"),
    ("1.2344e-01", "1.2345e-02"),
  ])
  func whatIsNoNeighbourDiffers(expected: String, found: String) {
    #expect(!LineComparison(tolerance: 1e-5).agree(expected, found))
  }

  /// A difference of large numbers is as far off as they are.
  @Test func theLargestNumberOfAResultIsItsScale() {
    let scaled = comparison.scaled(to: ["8.97  -4.5 inf", "rows 10000 0.00001"])
    #expect(scaled.agree("0.00001", "0.000018") && !scaled.agree("0.00001", "0.00002"))
    #expect(!comparison.scaled(to: ["0.5 10000"]).agree("0.00001", "0.0000121"))
    // What is far larger than what networks give out is no scale for them.
    #expect(!comparison.scaled(to: ["big 12345678.5 3.2e22"]).agree("0.25", "0.251"))
  }

  @Test func precisionSaysWhatIsRounded() {
    #expect(LineComparison(tolerance: 1e-4, precision: 3).agree("1.92", "1.93"))
    #expect(!LineComparison(tolerance: 1e-4, precision: 4).agree("1.92", "1.93"))
  }

  @Test func layoutsMayBeAsWideAsTheirNumbers() {
    let expected = ["    tokens  influence", " 0  [CLS]     0.1482"]
    let same = ["    tokens  influence", " 0  [CLS]     0.1483"]
    let wider = ["    tokens  influence", " 0  [CLS]     0.14821"]
    let other = ["  tokens  influence", " 0  [CLS]   0.1482"]
    #expect(comparison.widthChange(expected, same) == 0)
    #expect(comparison.widthChange(expected, wider) == 1)
    #expect(!comparison.isLaidOut(other[1], as: expected[1], widthChange: 0))
    #expect(!comparison.isLaidOut(" " + expected[0], as: expected[0], widthChange: 0))
    #expect(comparison.isLaidOut(expected[1] + " ", as: expected[1], widthChange: 0))
    #expect(comparison.isLaidOut("   tokens   influence", as: expected[0], widthChange: 1))
    #expect(!comparison.isLaidOut("tokens  influence", as: expected[0], widthChange: 1))
  }

  @Test func changesNameTheNumbers() throws {
    let changes = try #require(comparison.changes("is  2.0  0.5", "is  2.5  0.5"))
    #expect(changes.map(\.sentence) == ["2.0 -> 2.5: difference 0.5, relative 0.25"])
    #expect(try #require(comparison.changes("0", "0.5")).map(\.sentence) == ["0 -> 0.5: difference 0.5"])
    #expect(comparison.changes("a 1", "b 1") == nil)
  }

  @Test func linesAreAligned() {
    let found = LineDifferences(["a", "b", "c", "d"], ["a", "x", "c", "d", "e"], by: comparison).places
    #expect(found.map(\.line) == [1, 4])
    #expect(found.map(\.expected) == [["b"], []])
    #expect(found.map(\.found) == [["x"], ["e"]])
    #expect(LineDifferences(["a", "b"], ["b"], by: comparison).places.map(\.expected) == [["a"]])
    #expect(LineDifferences(["1.00001"], ["1.0"], by: comparison).places.isEmpty)
  }
}
