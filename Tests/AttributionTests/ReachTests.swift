import Attribution
import FamilyFixtures
import Testing
import Transformers

/// What no path reaches, by reason of causal masks and windows, is never chosen.
@Suite struct ReachTests {
  private static let names = [
    "gpt2", "gpt_neo", "gpt_neox_parallel", "llama", "mistral", "modernbert", "bert",
  ]

  private func given(_ name: String, at target: Int) throws -> (
    attributor: Attributor, input: AttributionInput
  ) {
    let model = try FamilyFixture.load(name).model
    var input = try #require(try familyCases(in: FamilyFixture.folder.appending(path: name)).first).input
    input.target = target
    return (Attributor(model: model), input)
  }

  /// Tokens that `to` reads in a layer, told by its mask.
  private func reads(_ to: Int, _ from: Int, _ mask: AttentionMask, _ length: Int) -> Bool {
    switch mask {
    case .full: true
    case .causal(nil): from <= to
    case .causal(let window?): from <= to && to - from < window
    case .window(let reach): abs(to - from) <= reach
    }
  }

  /// (L+1, n): whether some path leads from there to the target.
  private func leading(to target: Int, _ c: TransformerConfiguration, _ length: Int) -> [[Bool]] {
    var rows = [(0..<length).map { $0 == target }]
    for layer in (0..<c.layers).reversed() {
      let next = rows[0]
      rows.insert(
        (0..<length).map { from in
          (0..<length).contains { next[$0] && reads($0, from, c.blocks.mask(layer), length) }
        }, at: 0)
    }
    return rows
  }

  @Test(arguments: names, [2, 5])
  func nodesOfPatternsAreOnPaths(_ name: String, target: Int) throws {
    let (attributor, input) = try given(name, at: target)
    let (c, length) = (attributor.model.configuration, input.ids.count)
    let leading = leading(to: target, c, length)
    for (kept, beam) in [(1, 1), (3, 1), (length, 1), (1, 4), (1, 40)] {
      let options = AttributionOptions(points: 4, kept: kept, beam: beam, level: .feedForward)
      let found = try attributor.patterns([input], options: options, check: {})[0]
      let moving = input.ids.indices.filter { input.baseline.content != .token(Int(input.ids[$0])) }
      #expect(found.words.map(\.position) == moving.filter { leading[0][$0] })
      for word in found.words {
        for (row, (from, to)) in zip(word.embedding.nodes, word.embedding.nodes.dropFirst()).enumerated() {
          let mask = c.blocks.mask(row)
          for node in to {
            #expect(leading[row + 1][node] && from.contains { reads(node, $0, mask, length) })
          }
          #expect(Set(to).count == to.count)
        }
        guard let attention = word.attention else { continue }
        for (layer, choice) in attention.choices.enumerated() where choice < 0 {
          #expect(word.embedding.nodes[layer] == word.embedding.nodes[layer + 1])
        }
      }
    }
  }

  /// All positions kept are all that paths lead through: their influences add up to the word's.
  @Test(arguments: names) func whatIsKeptCarriesEverything(_ name: String) throws {
    let (attributor, input) = try given(name, at: 3)
    let options = AttributionOptions(points: 4, kept: input.ids.count)
    let found = try attributor.patterns([input], options: options, check: {})[0]
    let scale = found.inputs.influence.map(abs).max() ?? 0
    for word in found.words {
      let last = Double(try #require(word.embedding.steps.last)[input.target])
      #expect(abs(last - Double(word.sign) * word.influence) < 2e-5 * scale)
    }
  }

  @Test func wordsBehindTheTargetHaveNoPattern() throws {
    let (attributor, input) = try given("gpt2", at: 2)
    func fault(_ words: [Int]) -> AttributionFault? {
      do {
        _ = try attributor.patterns([input], options: AttributionOptions(points: 3, words: words), check: {})
        return nil
      } catch { return error as? AttributionFault }
    }
    #expect(fault([0, 2]) == nil)
    let found = try #require(fault([1, 4]))
    #expect(found == .wordOutOfReach(4, sentence: 0, target: 2))
    #expect(
      found.message
        == "word 4 of sentence 0 has no pattern: no path leads from it to position 2, which the quantity reads"
    )
    let remedy =
      "take words up to position 2: a causal model's tokens read only those before them; or move the target by at="
    #expect(found.remedy == remedy)
  }
}
