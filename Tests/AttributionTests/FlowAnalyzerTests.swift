import Attribution
import Transformers
import Foundation
import Tensors
import Testing

/// What a computation reported.
private final class Reports: @unchecked Sendable {
  private let lock = NSLock()
  private var reports: [Double] = []

  var values: [Double] { lock.withLock { reports } }
  func add(_ value: Double) { lock.withLock { reports.append(value) } }
}

/// The analyzer on random models.
@Suite struct FlowAnalyzerTests {
  /// Those for post-norm encoders, as the random models are.
  static let methods = FlowMethod.allCases.filter { $0 != .ifr }
  /// Those under interventions.
  static let intervened = methods.filter { $0 != .decompx }

  private let random = RandomCase(
    activation: .gelu, isClassifier: false, quadrature: .uniform, readout: .logit)

  private func input(padding: Int = 0) -> FlowInput {
    let ids: [Int32] = [2, 9, 16, 0, 7, 14]
    return FlowInput(
      ids: ids + Array(repeating: 1, count: padding), types: Array(repeating: 0, count: 6 + padding),
      mask: Array(repeating: true, count: 6) + Array(repeating: false, count: padding), target: 4)
  }

  @Test(arguments: methods)
  func paddingTakesNoPart(_ method: FlowMethod) throws {
    let analyzer = FlowAnalyzer(model: try random.model())
    let options = FlowOptions(method: method)
    let plain = try analyzer.analyze(input(), options: options, check: {})
    let padded = try analyzer.analyze(input(padding: 3), options: options, check: {})
    #expect(difference(padded.layers.map { Array($0.prefix(6)) }, plain.layers) < 1e-5)
    #expect(padded.layers.allSatisfy { $0.count == 9 && $0.suffix(3).allSatisfy { $0 == 0 } })
    #expect(padded.paths.map(\.nodes) == plain.paths.map(\.nodes))
    #expect(padded.mixing.shape == [3, 9, 9])
    let inner = padded.rows.enumerated().filter { $0.offset % 9 < 6 }.map { Array($0.element.prefix(6)) }
    #expect(difference(inner, plain.rows) < 1e-5)
  }

  /// Rows of the matrices, and what rolls out of them, add up to 1.
  @Test(arguments: methods)
  func sharesAddUp(_ method: FlowMethod) throws {
    let found = try FlowAnalyzer(model: random.model()).analyze(
      input(), options: FlowOptions(method: method, heads: .max), check: {})
    #expect(found.rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-6 })
    #expect(found.layers.count == 3 && found.layers.joined().allSatisfy { $0 >= 0 && $0 <= 1 })
    if method != .maxflow, method != .path {
      #expect(found.layers.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-6 })
    }
    #expect(found.paths.isEmpty == (method != .path))
  }

  /// A budget for one variant at a time gives what all together give.
  @Test func valueZeroingInParts() throws {
    let analyzer = FlowAnalyzer(model: try random.model())
    let one = 4 * 6 * (13 * 10 + 14)
    let whole = try analyzer.analyze(input(), options: FlowOptions(method: .valuezeroing), check: {})
    let parts = try analyzer.analyze(
      input(), options: FlowOptions(method: .valuezeroing, memoryBudget: one), check: {})
    #expect(difference(parts.layers, whole.layers) < 1e-5)
    #expect(throws: AttributionFault.variantTooLarge(needed: one, budget: one - 1)) {
      try analyzer.analyze(
        input(), options: FlowOptions(method: .valuezeroing, memoryBudget: one - 1), check: {})
    }
  }

  /// Replaced by zeros everywhere but in the skip connections, the attention block passes on each token alone.
  @Test(arguments: [FlowMethod.norm, .valuezeroing])
  func withoutAttentionNothingMixes(_ method: FlowMethod) throws {
    var input = input()
    input.interventions = Interventions(
      (0..<3).map { Replacement(node: Node(layer: $0, component: .attention), value: .zero) })
    let found = try FlowAnalyzer(model: random.model()).analyze(
      input, options: FlowOptions(method: method), check: {})
    let expected = (0..<6).map { method == .norm && $0 == input.target ? 1.0 : 0.0 }
    #expect(found.layers.allSatisfy { difference([$0], [expected]) < 1e-6 })
  }

  /// A row that nothing of the layer's input can move is zeros, not rounding noise divided by its own sum: all heads and
  /// the skip connection are replaced, or the output of the attention and the skip connection.
  @Test(arguments: intervened, [true, false])
  func rowsThatCannotMatterAreClosed(_ method: FlowMethod, byHeads: Bool) throws {
    let random = random
    let model = try random.model()
    let components: [Node.Component] =
      byHeads ? (0..<model.configuration.heads).map { .head($0) } : [.attention]
    let values = Tensor(shape: [10], (0..<10).map { Float($0) / 3 - 1 })
    var input = input()
    input.interventions = Interventions(
      components.map { Replacement(node: Node(layer: 1, component: $0), value: .zero) })
    let options = FlowOptions(method: method)
    let alone = try FlowAnalyzer(model: model).analyze(input, options: options, check: {})
    for (row, entries) in alone.rows[6..<12].enumerated() {
      let own = (0..<6).map { method != .valuezeroing && $0 == row ? 1.0 : 0 }
      #expect(entries == own, "\(method), row \(row)")
    }
    input.interventions = input.interventions.followed(
      by: Interventions([
        Replacement(node: Node(layer: 1, component: .skip, position: 2), value: .vector(values))
      ]))
    let closed = try FlowAnalyzer(model: model).analyze(input, options: options, check: {})
    #expect(closed.rows[8].allSatisfy { $0 == 0 }, "\(closed.rows[8])")
  }

  /// Nothing reaches the target after the last layer, whatever the method; before that the network is the intact one.
  @Test(arguments: intervened)
  func nothingReachesAReplacedHiddenState(_ method: FlowMethod) throws {
    let (analyzer, options) = (FlowAnalyzer(model: try random.model()), FlowOptions(method: method))
    var input = input()
    let intact = try analyzer.analyze(input, options: options, check: {})
    let values = Tensor(shape: [10], (0..<10).map { Float($0) / 3 - 1 })
    input.interventions = Interventions([
      Replacement(
        node: Node(layer: 2, component: .block, position: input.target), value: .vector(values))
    ])
    let found = try analyzer.analyze(input, options: options, check: {})
    #expect(found.scores.allSatisfy { $0 == 0 })
    #expect(intact.scores.contains { $0 > 0.01 })
    #expect(difference(Array(found.layers.dropLast()), Array(intact.layers.dropLast())) < 1e-6)
    let row = input.target * 6..<input.target * 6 + 6
    #expect(found.mixing[2].values[row].allSatisfy { $0 == 0 })
  }

  @Test func targetsThatAreNoTokens() throws {
    let analyzer = FlowAnalyzer(model: try random.model())
    var spoilt = input(padding: 1)
    spoilt.target = 6
    #expect(throws: AttributionFault.targetIsPadding(6, sentence: 0)) {
      try analyzer.analyze(spoilt, check: {})
    }
    spoilt.target = 7
    #expect(throws: AttributionFault.targetOutOfRange(7, sentence: 0, length: 7)) {
      try analyzer.analyze(spoilt, check: {})
    }
    #expect(throws: AttributionFault.noInput) {
      try analyzer.analyze(FlowInput(ids: [], types: [], target: 0), check: {})
    }
  }

  @Test func progressEndsAtOne() throws {
    for method in Self.methods {
      let reports = Reports()
      _ = try FlowAnalyzer(model: random.model()).analyze(
        input(), options: FlowOptions(method: method), check: {}, progress: { reports.add($0) })
      #expect(reports.values.last == 1)
      #expect(zip(reports.values, reports.values.dropFirst()).allSatisfy { $0 < $1 }, "\(reports.values)")
    }
  }
}
