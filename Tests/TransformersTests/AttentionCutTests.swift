import FamilyFixtures
import Tensors
import Testing
import Transformers

/// Attention edges that carry nothing, in every family: grouped keys, rotations, caps, windows.
@Suite struct AttentionCutTests {
  /// Some edges of each layer that the layer's mask lets through, no reader's last one.
  private func edges(_ model: Transformer, length: Int, every step: Int = 3) -> [AttentionEdge] {
    let c = model.configuration
    return (0..<c.layers).flatMap { layer in
      (0..<c.heads).flatMap { head in
        (0..<length).flatMap { reader in
          let keys = c.blocks.mask(layer).keys(of: reader, length: length)
          return keys.dropFirst().filter { ($0 + reader + head + layer) % step == 0 }.map {
            AttentionEdge(layer: layer, head: head, reader: reader, read: $0)
          }
        }
      }
    }
  }

  private func cuts(_ edges: [AttentionEdge], _ mode: AttentionCut.Mode) -> Interventions {
    Interventions(cuts: edges.map { AttentionCut($0, by: mode) })
  }

  /// Of a layer whose input is what it was: weights as the definition has them, contexts their sums of values.
  @Test(arguments: FamilyFixture.names, AttentionCut.Mode.allCases)
  func weightsAndContextsAreThoseOfTheDefinition(_ name: String, _ mode: AttentionCut.Mode) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (ids, c) = (fixture.ids[0], model.configuration)
    let n = ids.count
    for layer in 0..<c.layers {
      let own = edges(model, length: n).filter { $0.layer == layer }
      let sites = [Site.Kind.pattern, .scores, .z, .v].map { Site($0, layer: layer) }
      func run(_ interventions: [Interventions]) throws -> [Site: Tensor] {
        try model.forward(
          single(ids), ForwardRequest(capture: Set(sites), interventions: interventions), check: {}
        ).activations
      }
      let (plain, cut) = (try run([]), try run([cuts(own, mode)]))
      var expected = try #require(plain[sites[0]]).values
      var scores = try #require(plain[sites[1]]).values
      for edge in own {
        let place = (edge.head * n + edge.reader) * n + edge.read
        expected[place] = 0
        if mode == .mask { scores[place] = -.infinity }
      }
      if mode == .mask {
        for line in 0..<c.heads * n {
          let sum = expected[line * n..<(line + 1) * n].reduce(0, +)
          for key in 0..<n { expected[line * n + key] /= sum }
        }
      }
      let pattern = try #require(cut[sites[0]])
      #expect(maximumDifference(pattern.values, expected.map(Double.init)) < 1e-5, "\(name) layer \(layer)")
      #expect(cut[sites[1]]?.values == scores)
      let (z, v) = (try #require(cut[sites[2]]).values, try #require(cut[sites[3]]).values)
      let (size, group) = (c.headSize, c.heads / c.keyHeads)
      var worst = 0.0
      for reader in 0..<n {
        for column in 0..<c.heads * size {
          let (head, part) = column.quotientAndRemainder(dividingBy: size)
          let sum = (0..<n).reduce(0.0) {
            $0 + Double(expected[(head * n + reader) * n + $1])
              * Double(v[($1 * c.keyHeads + head / group) * size + part])
          }
          worst = max(worst, abs(sum - Double(z[reader * c.heads * size + column])))
        }
      }
      #expect(worst < 2e-5 * max(1, Double(v.map(abs).max() ?? 1)), "\(name) layer \(layer): \(worst)")
    }
  }

  /// The last layer at the target alone, whole, in batches filled up on either side beside other rows, and from kept states.
  @Test(arguments: FamilyFixture.names.filter { FamilyFixture.all[$0]?.logits != nil }, AttentionCut.Mode.allCases)
  func everyPathAgrees(_ name: String, _ mode: AttentionCut.Mode) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let (ids, target, layers) = (fixture.ids[0], fixture.targets[0], model.configuration.layers)
    let all = edges(model, length: ids.count)
    let request = ForwardRequest(wordPositions: [(0, target)], interventions: [cuts(all, mode)])
    let expected = try #require(try model.forward(single(ids), request, check: {}).wordLogits)
    let plain = try model.forward(single(ids), ForwardRequest(wordPositions: [(0, target)]), check: {})
    #expect(relativeDifference(plain.wordLogits, expected) > 1e-4, "the cuts do something")
    var whole = request
    whole.capture = [Site(.residPost, layer: layers - 1)]
    #expect(relativeDifference(try model.forward(single(ids), whole, check: {}).wordLogits, expected) < 1e-5)
    let longer = ids + [ids[1], ids[2], ids[1]]
    for side in Side.allCases {
      let shift = side == .left ? 3 : 0
      let moved = all.map {
        AttentionEdge(layer: $0.layer, head: $0.head, reader: $0.reader + shift, read: $0.read + shift)
      }
      let few = edges(model, length: longer.count, every: 5)
      let batch = padded([longer, ids, ids], side, with: model.configuration.fillingToken)
      let positions = [(0, target), (1, target + shift), (2, target + shift)]
      let found = try model.forward(
        batch,
        ForwardRequest(
          wordPositions: positions.map { (row: $0.0, position: $0.1) },
          interventions: [cuts(few, .mask), cuts(moved, mode), .none]), check: {}
      ).wordLogits
      let rows = try #require(found)
      #expect(relativeDifference(rows[1], expected[0]) < 2e-5, "\(name) \(side)")
      #expect(relativeDifference(rows[2], try #require(plain.wordLogits)[0]) < 2e-5, "\(name) \(side)")
    }
    for layer in 0..<layers {
      let late = cuts(all.filter { $0.layer >= layer }, mode)
      let states = try model.forward(
        single(ids), ForwardRequest(capture: [Site(.residPre, layer: layer)]), check: {})
      let hidden = try #require(states.activations[Site(.residPre, layer: layer)])
      let from = ForwardRequest(
        wordPositions: [(0, target)], interventions: [late],
        start: ForwardStart(layer: layer, hidden: hidden, rows: [0]))
      let complete = ForwardRequest(wordPositions: [(0, target)], interventions: [late])
      let wanted = try #require(try model.forward(single(ids), complete, check: {}).wordLogits)
      #expect(relativeDifference(try model.forward(single(ids), from, check: {}).wordLogits, wanted) < 1e-5)
    }
  }

  /// Edges of tokens that come later act when these come.
  @Test(arguments: GrowingTextTests.causal, AttentionCut.Mode.allCases)
  func growingTextsAreCut(_ name: String, _ mode: AttentionCut.Mode) throws {
    let (model, fixture) = try FamilyFixture.load(name)
    let ids = fixture.ids[0]
    let all = edges(model, length: ids.count)
    var (text, logits) = try GrowingText.plan(
      model, ids: Array(ids[..<3]), capacity: ids.count, interventions: cuts(all, mode), check: {}
    ).run()
    var worst = 0.0
    for position in 2..<ids.count {
      if position > 2 { logits = try text.append(ids[position], check: {}) }
      let own = all.filter { $0.reader <= position }
      let request = ForwardRequest(wordPositions: [(0, position)], interventions: [cuts(own, mode)])
      let whole = try model.forward(single(Array(ids[...position])), request, check: {}).wordLogits
      worst = max(worst, relativeDifference(logits, try #require(whole)[0]))
    }
    #expect(worst < 2e-5, "\(name): \(worst)")
  }

  @Test func aReaderWithNothingLeftIsNamed() throws {
    let (model, fixture) = try FamilyFixture.load("gpt2")
    let ids = fixture.ids[0]
    func run(_ cuts: [AttentionCut]) throws -> ForwardResult {
      let request = ForwardRequest(wordPositions: [(0, 1)], interventions: [Interventions(cuts: cuts)])
      return try model.forward(single(ids), request, check: {})
    }
    let edges = (0...2).map { AttentionEdge(layer: 1, head: 2, reader: 2, read: $0) }
    #expect(throws: AttentionEdgeFault.nothingToRead(layer: 1, head: 2, reader: 2)) {
      try run(edges.map { AttentionCut($0, by: .mask) })
    }
    #expect(throws: Never.self) { try run(edges.map { AttentionCut($0, by: .zero) }) }
    #expect(throws: Never.self) { try run(edges.dropLast().map { AttentionCut($0, by: .mask) }) }
    let far = AttentionEdge(layer: 1, head: 2, reader: 2, read: ids.count)
    #expect(throws: PlaceFault(place: far.name, part: .position, number: ids.count, count: ids.count)) {
      try run([AttentionCut(far, by: .zero)])
    }
    #expect(AttentionEdge(name: far.name) == far)
    #expect(AttentionEdge(name: "L1H2@2") == nil)
  }
}
