import Tensors
import Testing

@Suite struct StatisticsTests {
  @Test func finiteValuesAreSummarised() throws {
    let statistics = try Tensor(shape: [2, 3], [1, .nan, 3, .infinity, -4, -.infinity]).statistics()
    #expect(statistics.shape == [2, 3])
    #expect(statistics.count == 6)
    #expect(statistics.min == -4)
    #expect(statistics.max == 3)
    #expect(statistics.mean == 0)
    #expect(statistics.standardDeviation == (26.0 / 3).squareRoot())
    #expect(statistics.nanCount == 1)
    #expect(statistics.infinityCount == 2)
  }

  @Test(arguments: [[], [Float.nan], [.infinity, .nan]])
  func withoutFiniteValuesThereIsNoSummary(_ values: [Float]) throws {
    let statistics = try Tensor(shape: [values.count], values).statistics()
    #expect(statistics.min == nil && statistics.max == nil)
    #expect(statistics.mean == nil && statistics.standardDeviation == nil)
    #expect(statistics.nanCount + statistics.infinityCount == values.count)
  }

  /// Summed in Float, the mean of a million times 0.1 would be off by a percent.
  @Test func sumsAreExactEnough() throws {
    let statistics = try Tensor(shape: [1 << 20], repeating: 0.1).statistics()
    #expect(abs(try #require(statistics.mean) - Double(Float(0.1))) < 1e-12)
    #expect(try #require(statistics.standardDeviation) < 1e-12)
  }

  @Test func aScalarHasNoSpread() throws {
    let statistics = try Tensor(scalar: 3).statistics()
    #expect(statistics.shape == [])
    #expect(statistics.mean == 3 && statistics.standardDeviation == 0)
  }
}
