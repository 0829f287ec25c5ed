import Transformers
import Faults
import Tensors
import Testing

/// Several rows of different lengths in one batch, and each row alone.
@Suite struct BatchTests {
  let sequences = [sequence(7), sequence(1, seed: 3), sequence(12, seed: 4), sequence(12, seed: 5)]

  private func run(_ rows: [(ids: [Int32], types: [Int32])], _ sites: [Site]) throws -> [Site: Tensor] {
    let (model, _) = try tinyModel()
    let batch = TokenBatch(sequences: rows, padToken: 0)
    return try model.forward(batch, ForwardRequest(capture: Set(sites)), check: {}).activations
  }

  /// The part of a row's tensor that belongs to its `length` real tokens.
  private func realPart(_ tensor: Tensor, _ site: Site, _ length: Int) throws -> Tensor {
    let perToken: Set<SiteDimension> = [.position, .query, .key]
    return try tensor.sliced(
      site.dimensions.dropFirst().map { perToken.contains($0) ? .range(0..<length) : .all })
  }

  @Test func aRowOfABatchEqualsTheRowAlone() throws {
    let sites = Site.all(in: oddConfiguration)
    let together = try run(sequences, sites)
    var worst = 0.0
    for (row, sequence) in sequences.enumerated() {
      let alone = try run([sequence], sites)
      for site in sites {
        let part = try realPart(try #require(together[site])[row], site, sequence.ids.count)
        let single = try #require(alone[site])[0]
        #expect(part.shape == single.shape)
        let difference = maximumDifference(part.values, single.values.map(Double.init))
        #expect(difference < 1e-5, "\(site.name), row \(row): \(difference)")
        worst = max(worst, difference)
      }
    }
    print("batch against single: maximum difference \(worst)")
  }

  @Test func paddingKeysTakeNoPart() throws {
    let sites = [Site(.scores, layer: 0), Site(.pattern, layer: 1)]
    let found = try run(sequences, sites)
    for (row, sequence) in sequences.enumerated() where sequence.ids.count < 12 {
      let padding: [TensorSubscript] = [.index(row), .all, .all, .range(sequence.ids.count..<12)]
      #expect(try #require(found[sites[0]]).sliced(padding).values.allSatisfy { $0 == -.infinity })
      #expect(try #require(found[sites[1]]).sliced(padding).values.allSatisfy { $0 == 0 })
    }
  }

  @Test func maskedInnerTokensTakeNoPart() throws {
    let (model, _) = try tinyModel()
    let site = Site(.pattern, layer: 0)
    let batch = TokenBatch(
      ids: [1, 2, 3], types: [0, 0, 0], mask: [true, false, true], rows: 1, length: 3)
    let found = try model.forward(batch, ForwardRequest(capture: [site]), check: {})
    let pattern = try #require(found.activations[site])
    for head in 0..<3 {
      for query in 0..<3 {
        let row = pattern[0][head][query].values
        #expect(row[1] == 0 && abs(row[0] + row[2] - 1) < 1e-6)
      }
    }
  }

  /// Each site alone comes out as it does among all others: memory shared between steps is not overwritten. Products of
  /// fewer rows round differently.
  @Test func capturingASiteDoesNotDependOnTheOthers() throws {
    let sites = Site.all(in: oddConfiguration)
    let all = try run(sequences, sites)
    for site in sites {
      let alone = try #require(try run(sequences, [site])[site])
      let expected = try #require(all[site])
      let finite = zip(alone.values, expected.values).filter { $0 != $1 }
      #expect(finite.allSatisfy { abs($0 - $1) < 1e-5 }, "\(site.name)")
    }
  }

  /// Heads run the last layer at the positions they need only; capturing that layer makes it run whole.
  @Test func headsGiveTheSameWhicheverWayTheLastLayerRuns() throws {
    let (model, _) = try tinyModel()
    let batch = TokenBatch(sequences: sequences, padToken: 0)
    var request = ForwardRequest(
      wordPositions: [(2, 11), (0, 3), (2, 11), (1, 0), (3, 5)], classify: true)
    let short = try model.forward(batch, request, check: {})
    request.capture = Set(Site.all(in: oddConfiguration))
    let whole = try model.forward(batch, request, check: {})
    let logits = try #require(short.wordLogits)
    #expect(logits.shape == [5, 37])
    for (index, (row, position)) in request.wordPositions.enumerated() {
      let expected = try #require(whole.activations[Site(.logits)])[row][position].values.map(Double.init)
      #expect(maximumDifference(logits[index].values, expected) < 1e-5)
      #expect(maximumDifference(try #require(whole.wordLogits)[index].values, expected) < 1e-5)
    }
    let classes = try #require(short.classLogits)
    #expect(classes.shape == [4, 3])
    let expected = try #require(whole.activations[Site(.classLogits)])
    #expect(maximumDifference(classes.values, expected.values.map(Double.init)) < 1e-5)
    #expect(whole.classLogits == expected)
  }

  @Test func onlyWhatIsAskedForIsYielded() throws {
    let (model, _) = try tinyModel()
    let batch = TokenBatch(sequences: sequences, padToken: 0)
    let result = try model.forward(batch, ForwardRequest(capture: [Site(.pooled)]), check: {})
    #expect(Set(result.activations.keys) == [Site(.pooled)])
    #expect(result.classLogits == nil && result.wordLogits == nil)
  }

  @Test func anInterruptionEndsTheRun() throws {
    let (model, _) = try tinyModel()
    let batch = TokenBatch(sequences: sequences, padToken: 0)
    let request = ForwardRequest(capture: Set(Site.all(in: oddConfiguration)))
    #expect(throws: Interrupted()) { try model.forward(batch, request, check: { throw Interrupted() }) }
  }

  @Test func paddingFillsToTheLongest() {
    let batch = TokenBatch(sequences: [([5, 6], [1, 1]), ([7], [0])], padToken: 9)
    #expect(batch.rows == 2 && batch.length == 2)
    #expect(batch.ids == [5, 6, 7, 9])
    #expect(batch.types == [1, 1, 0, 0])
    #expect(batch.mask == [true, true, true, false])
  }
}
