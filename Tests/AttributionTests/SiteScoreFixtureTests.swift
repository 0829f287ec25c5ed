import Attribution
import FixtureFiles
import Foundation
import Tensors
import Testing
import Transformers

/// Scores of every kind of activation against scripts/fixtures/make-attribution-score-fixtures.py: autograd and hooks in float64.
@Suite struct SiteScoreFixtureTests {
  private struct Case: Decodable {
    let points: Int
    let atp: [String: [[Double]]]
    let ig: [String: [[Double]]]
    let atp_star: [[String: [[Double]]]]
    let lens: [[[Double]]]
    let tuned: [[[Double]]]?
    let neurons: [[Double]]?
  }

  private struct Text: Decodable {
    let ids: [Int32], counterfactual: [Int32]
    let target: Int, correct: Int
    let wrong: Int?
  }

  private func load(_ name: String) throws -> (Attributor, AttributionInput, Case) {
    let folder = FixtureFiles.folder.appending(path: "attribution")
    let decoder = JSONDecoder()
    let cases = try decoder.decode(
      [String: Case].self, from: Data(contentsOf: folder.appending(path: "site-scores.json")))
    let text = try decoder.decode(
      Text.self, from: Data(contentsOf: folder.appending(path: "scores/\(name).json")))
    let terms = [(text.correct, 1.0)] + (text.wrong.map { [($0, -1.0)] } ?? [])
    let input = AttributionInput(
      ids: text.ids, types: text.ids.map { _ in 0 }, target: text.target,
      quantity: QuantityOfInterest(
        terms: terms.map { .init(coefficient: $0.1, readout: .logit, output: .token($0.0)) }),
      baseline: Baseline(.tokens(text.counterfactual)))
    let model = try model(in: FixtureFiles.folder.appending(path: "families/\(name)"))
    return (Attributor(model: model), input, try #require(cases[name]))
  }

  /// For each kind of site the largest difference, of the largest value of the kind.
  private func differences(
    _ scores: SiteScores, _ expected: [String: [[Double]]]
  ) throws -> [String: Double] {
    var (worst, largest): ([String: Double], [String: Double]) = ([:], [:])
    for (name, rows) in expected {
      let site = try #require(Site(name: name))
      let found = try #require(scores.values[site])
      let kind = site.kind.rawValue
      #expect(found.count == rows.count)
      for (found, expected) in zip(found, rows) {
        #expect(found.count == expected.count)
        for (x, y) in zip(found, expected) {
          worst[kind] = max(worst[kind] ?? 0, abs(x - y))
          largest[kind] = max(largest[kind] ?? 0, abs(y))
        }
      }
    }
    return Dictionary(uniqueKeysWithValues: worst.map { ($0.key, $0.value / (largest[$0.key] ?? 1)) })
  }

  @Test(arguments: ["gpt2", "roberta"])
  func everySiteAgrees(_ name: String) throws {
    let (attributor, input, expected) = try load(name)
    let sites = Set(expected.atp.keys.compactMap { Site(name: $0) })
    let plain = try attributor.patchingScores(of: sites, [input], check: {})[0]
    let options = AttributionOptions(points: expected.points)
    let path = try attributor.conductanceScores(of: sites, [input], options: options, check: {})[0]
    for (method, found) in [
      ("atp", try differences(plain, expected.atp)), ("ig", try differences(path, expected.ig)),
    ] {
      print("\(name) \(method): \(found.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
      for (kind, value) in found { #expect(value < 1e-4, "\(method) \(kind)") }
    }
  }

  @Test(arguments: ["gpt2", "roberta"])
  func droppedGradientsAndChangedAttentionAgree(_ name: String) throws {
    let (attributor, input, expected) = try load(name)
    let sites = Set(expected.atp_star[0].keys.compactMap { Site(name: $0) })
    let drops = try attributor.droppedScores(of: sites, [input], check: {})[0]
    #expect(drops.count == expected.atp_star.count)
    var worst: [String: Double] = [:]
    for (found, wanted) in zip(drops, expected.atp_star) {
      worst.merge(try differences(found, wanted)) { max($0, $1) }
    }
    print("\(name) atp-star: \(worst.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" })")
    for (kind, value) in worst { #expect(value < 1e-4, "\(kind)") }
  }

  /// A pair that goes along with others, padded on the left, has the scores of its own.
  @Test(arguments: ["gpt2", "roberta"])
  func batchesAndPaddingChangeNothing(_ name: String) throws {
    let (attributor, input, _) = try load(name)
    var padded = input
    padded.ids = [1, 1] + input.ids
    padded.types = [0, 0] + input.types
    padded.mask = [false, false] + input.mask
    padded.target += 2
    if case .tokens(let tokens) = input.baseline.content { padded.baseline = Baseline(.tokens([1, 1] + tokens)) }
    var short = input
    short.ids = Array(input.ids.suffix(7))
    short.types = Array(input.types.suffix(7))
    short.mask = Array(input.mask.suffix(7))
    short.target = 3
    short.baseline = Baseline(.token(5))
    let sites: Set<Site> = [Site(.embed), Site(.z, layer: 1), Site(.mlpOut, layer: 0), Site(.q, layer: 1)]
    let alone = try attributor.patchingScores(of: sites, [input], check: {})[0]
    let together = try attributor.patchingScores(of: sites, [short, padded, input], check: {})
    for site in sites {
      let own = try #require(alone.values[site]).joined().map { $0 }
      let scale = own.map(abs).max() ?? 1
      let other = try #require(together[2].values[site]).joined()
      let shifted = try #require(together[1].values[site]).dropFirst(2).joined()
      for (x, (y, z)) in zip(own, zip(other, shifted)) {
        #expect(abs(x - y) <= 1e-4 * scale)
        #expect(abs(x - z) <= 1e-4 * scale)
      }
    }
  }

  /// What flows through all heads and what skips them is all there is: conductance of the hidden states adds up to the change.
  @Test(arguments: ["gpt2", "roberta"])
  func conductanceOfARowIsComplete(_ name: String) throws {
    let (attributor, input, _) = try load(name)
    let options = AttributionOptions(points: 20, quadrature: .gauss)
    let layers = attributor.model.configuration.layers
    let sites = Set([Site(.embed)] + (0..<layers).map { Site(.residPost, layer: $0) })
    let scores = try attributor.conductanceScores(of: sites, [input], options: options, check: {})[0]
    let whole = try attributor.inputInfluence([input], options: options, check: {})[0]
    let change = whole.quantity - whole.quantityAtBaseline
    for site in sites {
      let sum = try #require(scores.values[site]).joined().reduce(0, +)
      #expect(abs(sum - change) < 2e-3 * abs(change) + 1e-4, "\(site.name)")
    }
  }

  /// The output head on every hidden state, in post-norm models as it is; and behind maps of a tuned lens.
  @Test(arguments: ["gpt2", "roberta"])
  func lensAgrees(_ name: String) throws {
    let (attributor, input, expected) = try load(name)
    func readings(_ maps: LensMaps?) throws -> [[LensReading]] {
      try attributor.model.lens(
        ids: input.ids, types: input.types, quantity: input.quantity, maps: maps, check: {}
      ).run()
    }
    func compare(_ found: [[LensReading]], _ wanted: [[[Double]]]) throws -> Double {
      let largest = wanted.joined().map { abs($0[0]) }.max() ?? 1
      #expect(found.count == wanted.count)
      return try zip(found.joined(), wanted.joined()).reduce(0) { worst, pair in
        #expect(pair.0.token == Int(pair.1[1]))
        let quantity = try #require(pair.0.quantity)
        return max(worst, abs(quantity - pair.1[0]) / largest, abs(pair.0.probability - pair.1[2]))
      }
    }
    let plain = try compare(readings(nil), expected.lens)
    #expect(plain < 1e-4)
    print("\(name): lens \(plain)")
    guard let tuned = expected.tuned else { return }
    let d = attributor.model.configuration.hidden
    let maps = (0..<attributor.model.configuration.layers).map { row in
      (
        weight: Tensor(
          shape: [d, d], (0..<d * d).map { Float((7 * ($0 / d) + 3 * ($0 % d) + row) % 11 - 5) / 50 }),
        bias: Tensor(shape: [d], (0..<d).map { Float((5 * $0 + row) % 7 - 3) / 20 })
      )
    }
    let mapped = try compare(readings(LensMaps(maps)), tuned)
    #expect(mapped < 1e-4)
    print("\(name): tuned lens \(mapped)")
  }

  @Test func contributionsOfNeuronsAgree() throws {
    let (attributor, input, expected) = try load("gpt2")
    let wanted = try #require(expected.neurons)
    let found = try attributor.model.contributions(
      to: input.quantity, at: input.target, ids: input.ids, types: input.types, withNeurons: true, check: {}
    ).run()
    let largest = wanted.joined().map(abs).max() ?? 1
    let worst = zip(found.neurons.joined(), wanted.joined()).map { abs($0 - $1) }.max() ?? .infinity
    #expect(found.neurons.map(\.count) == wanted.map(\.count))
    print("gpt2: contributions of neurons \(worst / largest)")
    #expect(worst < 1e-4 * largest)
  }
}
