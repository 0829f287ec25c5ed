import Attribution
import Transformers
import Foundation
import Testing

private func sum(_ values: [Double]) -> Double { values.reduce(0, +) }

/// Laws of influences on random models: what goes in comes out.
@Suite struct PropertyTests {
  private func patterns(
    _ random: RandomCase, _ input: AttributionInput, points: Int = 5
  ) throws -> SentencePatterns {
    let options = AttributionOptions(points: points, quadrature: random.quadrature)
    return try #require(
      try Attributor(model: random.model()).patterns([input], options: options, check: {}).first)
  }

  /// The refinements of a pattern by the nodes of one row or layer add up to the pattern.
  @Test(arguments: RandomCase.all)
  func searchStepsAddUp(_ random: RandomCase) throws {
    let found = try patterns(random, random.input(length: 7))
    let scale = found.inputs.influence.map(abs).max() ?? 0
    func expectEqual(_ a: Double, _ b: Double, _ what: Comment) {
      #expect(abs(a - b) <= 2e-5 * scale, what)
    }
    for word in found.words {
      let (sign, steps) = (Double(word.sign), word.embedding.steps)
      var carried = sign * word.influence
      for (row, step) in steps.enumerated() {
        expectEqual(sum(step.map(Double.init)), carried, "row \(row + 1) of word \(word.position)")
        carried = Double(step[word.embedding.nodes[row + 1][0]])
      }
      expectEqual(carried, sign * word.embedding.influence, "influence of word \(word.position)")
      let attention = try #require(word.attention)
      for layer in attention.heads.indices {
        let through = sum(attention.heads[layer].map(Double.init)) + Double(attention.skips[layer])
        expectEqual(through, carried, "layer \(layer) of word \(word.position)")
        carried = sign * attention.values[layer]
        #expect(carried >= -1e-5 * scale, "a chosen value is never negative")
      }
      #expect(attention.influence == attention.values.last)
    }
  }

  @Test(arguments: RandomCase.all)
  func refinementsOfAnyPatternAddUp(_ random: RandomCase) throws {
    let input = random.input(length: 5, seed: 3)
    let given = PathPattern(
      word: 2,
      nodes: [.hidden(row: 1, position: 3), .hidden(row: 1, position: 1), .skip(layer: 1, position: 3)])
    func refined(_ node: Node) -> PathPattern {
      PathPattern(word: given.word, nodes: given.nodes + [node])
    }
    let rows = (0..<5).map { refined(.hidden(row: 2, position: $0)) }
    let layer = (0..<5).flatMap { position -> [PathPattern] in
      [refined(.skip(layer: 2, position: position))]
        + (0..<2).map { refined(.head(layer: 2, head: $0, position: position)) }
    }
    let words = (0..<5).map { PathPattern(word: $0, nodes: given.nodes) }
    let all = PathPattern(word: nil, nodes: given.nodes)
    let found = try Attributor(model: random.model()).influence(
      of: [given] + rows + layer + [all] + words, in: input,
      options: AttributionOptions(points: 4, quadrature: random.quadrature), check: {})
    let whole = found[0]
    #expect(whole != 0)
    #expect(abs(sum(Array(found[1..<6])) - whole) < 1e-5)
    #expect(abs(sum(Array(found[6..<21])) - whole) < 1e-5)
    #expect(abs(sum(Array(found[22...])) - found[21]) < 1e-5)
  }

  /// A pattern that a search has found has the same influence when given by hand.
  @Test(arguments: RandomCase.all)
  func foundPatternsMeasureTheSame(_ random: RandomCase) throws {
    let input = random.input(length: 6, seed: 4)
    let found = try patterns(random, input)
    let given = try found.words.flatMap { word -> [PathPattern] in
      let rows = word.embedding.nodes.enumerated().map { Node.hidden(row: $0, position: $1[0]) }
      let choices = try #require(word.attention).choices.enumerated().map { layer, choice in
        let position = word.embedding.nodes[layer + 1][0]
        return choice < 0
          ? Node.skip(layer: layer, position: position)
          : .head(layer: layer, head: choice, position: position)
      }
      return [
        PathPattern(word: word.position, nodes: rows),
        PathPattern(word: word.position, nodes: rows + choices),
      ]
    }
    let measured = try Attributor(model: random.model()).influence(
      of: given, in: input, options: AttributionOptions(points: 5, quadrature: random.quadrature), check: {})
    let expected = try found.words.flatMap { [$0.embedding.influence, try #require($0.attention).influence] }
    let scale = found.inputs.influence.map(abs).max() ?? 0
    for (a, b) in zip(measured, expected) { #expect(abs(a - b) < 2e-5 * scale) }
  }

  /// The gap closes as the points become many, and much sooner on Gauss-Legendre points if the activation is smooth.
  @Test(arguments: RandomCase.all)
  func influencesAreComplete(_ random: RandomCase) throws {
    let (attributor, input) = (Attributor(model: try random.model()), random.input(length: 6, seed: 1))
    func gap(_ points: Int, _ quadrature: Quadrature) throws -> Double {
      let options = AttributionOptions(points: points, quadrature: quadrature)
      let found = try #require(try attributor.inputInfluence([input], options: options, check: {}).first)
      #expect(found.points == points)
      return abs(found.completenessGap)
    }
    let (few, many) = (try gap(20, .uniform), try gap(600, .uniform))
    let gauss = try gap(8, .gauss)
    if random.activation == .relu {
      #expect(many < 5e-4 && gauss < 5e-3, "\(many) at 600 points, \(gauss) at 8 of Gauss")
    } else {
      #expect(many < few / 4, "\(few) at 20 points, \(many) at 600")
      #expect(gauss < few / 100, "\(few) at 20 uniform points, \(gauss) at 8 of Gauss")
    }
    print("completeness \(random.testDescription): \(few) at 20, \(many) at 600, Gauss \(gauss) at 8")
  }

  @Test(arguments: RandomCase.all)
  func conductancesOfEachRowAddUp(_ random: RandomCase) throws {
    let (attributor, input) = (Attributor(model: try random.model()), random.input(length: 6))
    let options = AttributionOptions(points: 5, quadrature: random.quadrature)
    let inputs = try #require(try attributor.inputInfluence([input], options: options, check: {}).first)
    let found = try #require(try attributor.conductance([input], options: options, check: {}).first)
    for row in found.hidden { #expect(abs(sum(row) - sum(inputs.influence)) < 1e-4) }
    let zeros = found.hidden[3].enumerated().filter { $0.offset != input.target }.map(\.element)
    #expect(zeros.allSatisfy { $0 == 0 })
  }

  /// A wider beam never finds less, and keeps finding what the narrow one found or better.
  @Test(arguments: RandomCase.all)
  func beamsFindNoLess(_ random: RandomCase) throws {
    let (attributor, input) = (Attributor(model: try random.model()), random.input(length: 6, seed: 2))
    func search(_ beam: Int) throws -> [WordPattern] {
      let options = AttributionOptions(points: 4, quadrature: random.quadrature, beam: beam)
      return try #require(try attributor.patterns([input], options: options, check: {}).first).words
    }
    let (narrow, exhaustive) = (try search(1), try search(36))
    for (word, best) in zip(narrow, exhaustive) {
      let sign = Double(word.sign)
      #expect(sign * best.embedding.influence >= sign * word.embedding.influence - 1e-6)
    }
    // With every prefix in the beam the search is exhaustive: no pattern given by hand is better.
    let best = try #require(exhaustive.first)
    let others = (0..<36).map { index in
      PathPattern(
        word: best.position,
        nodes: [Node.hidden(row: 1, position: index / 6), Node.hidden(row: 2, position: index % 6)])
    }
    let values = try attributor.influence(
      of: others, in: input, options: AttributionOptions(points: 4, quadrature: random.quadrature), check: {})
    let sign = Double(best.sign)
    let highest = values.map { sign * $0 }.max() ?? 0
    #expect(abs(highest - sign * best.embedding.influence) < 1e-5)
  }
}
