import Attribution
import Checkpoints
import FixtureFiles
import Foundation
import Testing
import Transformers

/// `points=auto`: steps of the trapezoid rule halved until the completeness gap is small.
@Suite struct SettledPointsTests {
  private func options(_ points: Int = 50, _ quadrature: Quadrature = .uniform, settles: Bool = false)
    -> AttributionOptions
  {
    AttributionOptions(points: points, quadrature: quadrature, choosesPoints: settles)
  }

  /// Each sentence takes as many as it needs, and is then what that many points give.
  @Test(arguments: ["families/gpt2", "families/llama", "families/roberta", "families/gemma2"])
  func pointsAreRaisedUntilTheGapIsSmall(_ name: String) throws {
    let folder = FixtureFiles.folder.appending(path: name)
    let attributor = Attributor(model: try model(in: folder))
    let inputs = try familyCases(in: folder).map(\.input)
    let found = try attributor.inputInfluence(inputs, options: options(settles: true), check: {})
    for (input, own) in zip(inputs, found) {
      let same = try attributor.inputInfluence([input], options: options(own.points, .trapezoid), check: {})[
        0]
      #expect(zip(own.influence, same.influence).allSatisfy { abs($0 - $1) < 1e-6 * (1 + abs($1)) })
      let ends = [own.quantity - same.quantity, own.quantityAtBaseline - same.quantityAtBaseline]
      #expect(ends.allSatisfy { abs($0) < 1e-5 * max(1, abs(own.quantity)) })
      #expect([13, 25, 49, 97, 193].contains(own.points))
      let sum = own.influence.reduce(0) { $0 + abs($1) }
      #expect(abs(own.completenessGap) <= 0.01 * sum || own.points == 193)
    }
    let patterns = try attributor.patterns(inputs, options: options(settles: true), check: {})
    #expect(patterns.map(\.inputs.points) == found.map(\.points))
    #expect(patterns.allSatisfy { $0.words.allSatisfy { $0.attention != nil } })
  }
}
