import Attribution
import Transformers
import Faults
import Testing

@Suite struct FaultTests {
  private let random = RandomCase(
    activation: .gelu, isClassifier: false, quadrature: .uniform, readout: .logit)

  /// What the attributor says about an input or options that `change` has spoilt.
  private func message(
    _ change: (inout AttributionInput, inout AttributionOptions) -> Void
  ) throws -> String {
    var (input, options) = (random.input(length: 5), AttributionOptions(points: 3))
    change(&input, &options)
    do {
      _ = try Attributor(model: random.model()).patterns([input], options: options, check: {})
      return "no fault"
    } catch let fault as any Fault {
      return fault.message + (fault.remedy.map { "; \($0)" } ?? "")
    }
  }

  @Test func inputs() throws {
    #expect(
      try message { input, _ in input.target = 5 } == "the target 5 of sentence 0 is out of range 0...4")
    #expect(
      try message { input, _ in
        input.target = 4
        input.mask[4] = false
      } == "the target 4 of sentence 0 is padding")
    #expect(
      try message { input, _ in input.baseline = Baseline(.token(23)) }
        == "the baseline's token 23 is out of the vocabulary 0...22")
    #expect(
      try message { input, _ in input.baseline.keep = [9, 7] }
        == "the baseline keeps position 7, but sentence 0 has positions 0...4")
    #expect(
      try message { input, _ in input.ids[2] = 99 }
        == "token id 99 at row 0, position 2 is out of the vocabulary 0...22")
  }

  @Test func quantities() throws {
    func read(_ output: QuantityOfInterest.Output) -> QuantityOfInterest {
      QuantityOfInterest(terms: [.init(coefficient: 1, readout: .logit, output: output)])
    }
    #expect(
      try message { input, _ in input.quantity = read(.token(23)) }
        == "the quantity reads token 23, which is out of the vocabulary 0...22")
    #expect(
      try message { input, _ in
        input.quantity = read(.label(0))
        input.target = 0
      } == "the model has no classifier: its checkpoint has no tensors of one")
    #expect(
      try message { input, _ in input.quantity = read(.label(0)) }
        == "the classifier reads position 0, but the target of sentence 0 is 2")
  }

  @Test func options() throws {
    #expect(try message { $1.points = 1 } == "1 points are too few: the uniform path needs at least 2")
    #expect(
      try message {
        $1.points = 0
        $1.quadrature = .gauss
      } == "0 points are too few: the gauss path needs at least 1")
    #expect(try message { $1.kept = 0 } == "kept is 0, but must be at least 1")
    #expect(try message { $1.beam = -1 } == "beam is -1, but must be at least 1")
    #expect(
      try message {
        $1.kept = 2
        $1.beam = 3
      } == "cannot keep 2 nodes a layer in a beam search of width 3; set one of the two to 1")
    #expect(try message { $1.words = [5] } == "word 5 of sentence 0 is out of range 0...4")
    #expect(try message { $1.words = [1, 1] } == "word 1 is asked for twice")
    #expect(
      try message {
        $0.mask[4] = false
        $1.words = [4]
      } == "word 4 of sentence 0 is padding")
    #expect(throws: AttributionFault.noInput) {
      try Attributor(model: random.model()).patterns([], check: {})
    }
  }

  @Test func patterns() throws {
    func message(_ node: Node, word: Int? = nil) throws -> String {
      var input = random.input(length: 5)
      input.mask[4] = false
      do {
        _ = try Attributor(model: random.model()).influence(
          of: [PathPattern(word: word, nodes: [node])], in: input, check: {})
        return "no fault"
      } catch let fault as any Fault {
        return fault.message
      }
    }
    #expect(try message(.hidden(row: 4, position: 0)) == "L3@0: layer 3 is out of range 0...2")
    #expect(try message(.skip(layer: 3, position: 0)) == "L3.skip@0: layer 3 is out of range 0...2")
    #expect(try message(.head(layer: 0, head: 2, position: 0)) == "L0H2@0: head 2 is out of range 0...1")
    #expect(try message(.hidden(row: 1, position: 5)) == "L0@5: position 5 is out of range 0...4")
    #expect(try message(.hidden(row: 1, position: 0), word: -1) == "position -1 is out of range 0...4")
    let padding = "the pattern goes through position 4, which is padding"
    #expect(try message(.hidden(row: 1, position: 4)) == padding)
    #expect(try message(.hidden(row: 1, position: 0), word: 4) == padding)
    for (component, name) in [(Node.Component.attention, "L1.attn@0"), (.neuron(3), "L1.mlp[3]@0")] {
      #expect(
        try message(Node(layer: 1, component: component, position: 0))
          == "\(name) is no hidden state, query, key, value, head, feed-forward branch or skip connection, which patterns are made of"
      )
    }
    #expect(
      try message(.feedForward(layer: 1, isSkip: true, position: 5))
        == "L1.mlp_skip@5: position 5 is out of range 0...4")
  }

  @Test func budgets() {
    let small = AttributionFault.budgetTooSmall(needed: 71_640, budget: 1000, points: 3)
    #expect(small.message == "3 points need at least 71640 bytes of memory, but the budget is 1000 bytes")
    #expect(small.remedy == "raise the budget, or take fewer points")
    let large = AttributionFault.budgetTooSmall(needed: 71_640_001, budget: 10_000_000, points: 50)
    #expect(large.message == "50 points need at least 69 MB of memory, but the budget is 9.5 MB")
    let even = AttributionFault.variantTooLarge(needed: 27 << 20, budget: 1 << 20)
    #expect(even.message == "value zeroing needs at least 27 MB of memory, but the budget is 1 MB")
  }

  @Test func codesAreDistinct() {
    let faults: [AttributionFault] = [
      .noInput, .targetOutOfRange(0, sentence: 0, length: 1), .targetIsPadding(0, sentence: 0),
      .targetNotClassified(1, sentence: 0, position: 0), .baselineTokenOutOfVocabulary(0, vocabulary: 1),
      .keptPositionOutOfRange(0, sentence: 0, length: 1), .outputOutOfRange(.token(0), count: 1),
      .wordOutOfRange(0, sentence: 0, length: 1), .wordIsPadding(0, sentence: 0), .repeatedWord(0),
      .tooFewPoints(0, minimum: 1, quadrature: .gauss), .widthNotPositive("kept", 0),
      .keptWithBeam(kept: 2, beam: 2), .notInPatterns(.hidden(row: 0)), .patternIsPadding(0),
      .budgetTooSmall(needed: 2, budget: 1, points: 1),
    ]
    #expect(Set(faults.map(\.code)).count == faults.count)
  }
}
