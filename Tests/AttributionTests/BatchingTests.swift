import Attribution
import Transformers
import Faults
import Foundation
import Testing

/// A value that several threads may change.
private final class Locked<Value>: @unchecked Sendable {
  private let lock = NSLock()
  private var value: Value

  init(_ value: Value) { self.value = value }

  func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    lock.lock()
    defer { lock.unlock() }
    return body(&value)
  }
}

/// Expects the same patterns, with values within 1e-5 of the largest input influence, and quantities within 1e-5 of
/// themselves where that is more.
func expectEqual(_ a: SentencePatterns, _ b: SentencePatterns) {
  let scale = a.inputs.influence.map(abs).max() ?? 0
  func close(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= 1e-5 * scale }
  #expect(a.target == b.target)
  #expect(a.inputs.influence.count == b.inputs.influence.count)
  #expect(zip(a.inputs.influence, b.inputs.influence).allSatisfy(close))
  for (x, y) in [
    (a.inputs.quantity, b.inputs.quantity), (a.inputs.quantityAtBaseline, b.inputs.quantityAtBaseline),
  ] {
    #expect(abs(x - y) <= 1e-5 * max(scale, abs(y)))
  }
  #expect(a.words.map(\.position) == b.words.map(\.position))
  for (x, y) in zip(a.words, b.words) {
    #expect(x.embedding.nodes == y.embedding.nodes)
    #expect(x.attention?.choices == y.attention?.choices)
    #expect(close(x.embedding.influence, y.embedding.influence))
    for (p, q) in zip(x.embedding.steps, y.embedding.steps) {
      #expect(p.count == q.count && zip(p, q).allSatisfy { close(Double($0), Double($1)) })
    }
    for (p, q) in zip(x.attention?.heads ?? [], y.attention?.heads ?? []) {
      #expect(zip(p, q).allSatisfy { close(Double($0), Double($1)) })
    }
    #expect(x.feedForward?.steps == y.feedForward?.steps)
    for values in [\FeedForwardPattern.feedForwards, \.skips] {
      for (p, q) in zip(x.feedForward?[keyPath: values] ?? [], y.feedForward?[keyPath: values] ?? []) {
        #expect((p == nil) == (q == nil) && close(Double(p ?? 0), Double(q ?? 0)))
      }
    }
  }
}

/// How work is divided changes no result.
@Suite struct BatchingTests {
  private let random = RandomCase(
    activation: .gelu, isClassifier: false, quadrature: .uniform, readout: .logProbability)

  /// The least bytes that an option's budget must have, as the message of a refusal tells.
  private func leastBudget(_ body: (Int) throws -> Void) throws -> Int {
    do {
      try body(1)
    } catch AttributionFault.budgetTooSmall(let needed, 1, _) {
      return needed
    }
    Issue.record("a budget of 1 byte was enough")
    return 0
  }

  @Test(arguments: [1, 2, 3], [1, 2])
  func smallBudgetsChangeNothing(_ width: Int, _ share: Int) throws {
    let (attributor, input) = (Attributor(model: try random.model()), random.input(length: 7))
    func run(_ budget: Int) throws -> SentencePatterns {
      let options = AttributionOptions(
        points: 7, kept: width == 2 ? 2 : 1, beam: width == 3 ? 3 : 1, level: .feedForward,
        memoryBudget: budget)
      return try #require(try attributor.patterns([input], options: options, check: {}).first)
    }
    let least = try leastBudget { _ = try run($0) }
    expectEqual(try run(least * share + (share - 1) * 40_000), try run(1 << 30))
    #expect(throws: AttributionFault.budgetTooSmall(needed: least, budget: least - 1, points: 7)) {
      try run(least - 1)
    }
  }

  @Test func smallBudgetsChangeNoSums() throws {
    let (attributor, input) = (Attributor(model: try random.model()), random.input(length: 7))
    func options(_ budget: Int) -> AttributionOptions { AttributionOptions(points: 7, memoryBudget: budget) }
    let least = try leastBudget {
      _ = try attributor.inputInfluence([input], options: options($0), check: {})
    }
    let few = try attributor.inputInfluence([input], options: options(least), check: {})
    let many = try attributor.inputInfluence([input], options: options(1 << 30), check: {})
    for (a, b) in zip(few[0].influence, many[0].influence) { #expect(abs(a - b) < 1e-5) }
    #expect(abs(few[0].quantityAtBaseline - many[0].quantityAtBaseline) < 1e-5)
    #expect(abs(few[0].quantity - many[0].quantity) < 1e-5)
    let pattern = PathPattern(word: 2, nodes: [.hidden(row: 1, position: 0)])
    let values = try [least, 1 << 30].map {
      try attributor.influence(of: [pattern], in: input, options: options($0), check: {})[0]
    }
    #expect(abs(values[0] - values[1]) < 1e-6)
  }

  @Test(arguments: [1 << 30, 300_000])
  func sentencesTogetherAreAsAlone(_ budget: Int) throws {
    let attributor = Attributor(model: try random.model())
    var inputs = [5, 9, 3, 7].enumerated().map { random.input(length: $1, seed: $0) }
    inputs[1].target = 0
    inputs[2].quantity = QuantityOfInterest(terms: [
      .init(coefficient: 2, readout: .probability, output: .token(3))
    ])
    let options = AttributionOptions(points: 6, level: .feedForward, memoryBudget: budget)
    let together = try attributor.patterns(inputs, options: options, check: {})
    let influences = try attributor.inputInfluence(inputs, options: options, check: {})
    let conductances = try attributor.conductance(inputs, options: options, check: {})
    #expect(together.count == inputs.count)
    for (i, input) in inputs.enumerated() {
      let alone = AttributionOptions(points: 6, level: .feedForward)
      expectEqual(together[i], try attributor.patterns([input], options: alone, check: {})[0])
      for (a, b) in zip(influences[i].influence, together[i].inputs.influence) { #expect(abs(a - b) < 1e-5) }
      let own = try attributor.conductance([input], options: alone, check: {})[0]
      for (a, b) in zip(own.hidden.joined(), conductances[i].hidden.joined()) { #expect(abs(a - b) < 1e-5) }
    }
  }

  /// Padding anywhere is as if it were not there.
  @Test func paddingIsLeftOut() throws {
    let attributor = Attributor(model: try random.model())
    let plain = random.input(length: 6)
    var padded = plain
    padded.ids += [0, 0]
    padded.types += [0, 0]
    padded.mask += [false, false]
    let options = AttributionOptions(points: 4)
    let expected = try attributor.patterns([plain], options: options, check: {})[0]
    let found = try attributor.patterns([padded], options: options, check: {})[0]
    #expect(found.inputs.influence == expected.inputs.influence + [0, 0])
    #expect(found.words.map(\.embedding.nodes) == expected.words.map(\.embedding.nodes))
    for (a, b) in zip(found.words, expected.words) {
      #expect(a.embedding.steps == b.embedding.steps.map { $0 + [0, 0] })
    }
    let conductance = try attributor.conductance([padded], options: options, check: {})[0]
    #expect(conductance.hidden.allSatisfy { $0.count == 8 && $0.suffix(2) == [0, 0] })
  }

  @Test func interruptionsEndAtOnceAndLeaveNothingBehind() throws {
    let (attributor, input) = (Attributor(model: try random.model()), random.input(length: 5))
    let options = AttributionOptions(points: 3)
    let calls = Locked(0)
    let expected = try attributor.patterns([input], options: options, check: { calls.withLock { $0 += 1 } })
    let total = calls.withLock { $0 }
    #expect(total > 50)
    for stop in Set([1, 2, total / 3, total / 2, total - 1, total]) {
      let count = Locked(0)
      #expect(throws: Interrupted.self) {
        try attributor.patterns(
          [input], options: options,
          check: {
            let call = count.withLock { count in
              count += 1
              return count
            }
            if call >= stop { throw Interrupted() }
          })
      }
      #expect(count.withLock { $0 } == stop)
    }
    #expect(try attributor.patterns([input], options: options, check: {}) == expected)
  }

  @Test(arguments: [true, false])
  func progressRisesToOne(_ attentionLevel: Bool) throws {
    let (attributor, input) = (Attributor(model: try random.model()), random.input(length: 5))
    let shares = Locked<[Double]>([])
    _ = try attributor.patterns(
      [input, input], options: AttributionOptions(points: 3, level: attentionLevel ? .attention : .embedding),
      check: {},
      progress: { share in shares.withLock { $0.append(share) } })
    let seen = shares.withLock { $0 }
    #expect(seen == seen.sorted() && seen.first ?? 0 > 0, "\(seen)")
    #expect(seen.last == 1 && seen.dropLast().allSatisfy { $0 < 1 } && seen.count > 5, "\(seen)")
  }

  /// Without words there are no patterns, and what does not move has no influence.
  @Test func nothingIsNoFault() throws {
    let attributor = Attributor(model: try random.model())
    let input = random.input(length: 5)
    let none = try attributor.patterns([input], options: AttributionOptions(points: 3, words: []), check: {})
    #expect(none[0].words.isEmpty && none[0].inputs.influence.contains { $0 != 0 })
    var still = input
    still.baseline.keep = Set(0..<5)
    let found = try attributor.patterns([still], options: AttributionOptions(points: 3), check: {})[0]
    #expect(found.words.isEmpty && found.inputs.influence == [0, 0, 0, 0, 0])
    #expect(abs(found.inputs.quantity - found.inputs.quantityAtBaseline) < 1e-5)
    let asked = try attributor.patterns(
      [still], options: AttributionOptions(points: 3, words: [2]), check: {})[0]
    let word = try #require(asked.words.first)
    #expect(word.embedding.nodes == [[2], [0], [0], [2]] && word.embedding.influence == 0)
    #expect(word.sign == 1 && word.attention?.choices == [-1, -1, -1] && word.attention?.influence == 0)
  }

  @Test func oneTokenAtOnePoint() throws {
    let attributor = Attributor(model: try random.model())
    let options = AttributionOptions(points: 1, quadrature: .gauss)
    let found = try attributor.patterns([random.input(length: 1, seed: 1)], options: options, check: {})[0]
    let word = try #require(found.words.first)
    #expect(word.embedding.nodes == [[0], [0], [0], [0]])
    #expect(abs(word.embedding.influence - found.inputs.influence[0]) < 1e-6)
  }
}
