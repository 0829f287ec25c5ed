import Transformers
import Faults
import Tensors
import Testing

/// What a user sees when a batch or a request does not fit the model.
@Suite struct FaultTests {
  private func message(_ batch: TokenBatch, _ request: ForwardRequest = ForwardRequest()) throws -> String {
    let (model, _) = try tinyModel()
    do { _ = try model.forward(batch, request, check: {}) } catch let fault as any Fault {
      return fault.message
    }
    return "no fault"
  }

  private let batch = TokenBatch(sequences: [sequence(3), sequence(2)], padToken: 0)

  @Test func emptyBatches() throws {
    #expect(
      try message(TokenBatch(sequences: [], padToken: 0))
        == "nothing to run: the batch has 0 rows of 0 tokens")
    #expect(
      try message(TokenBatch(sequences: [([], [])], padToken: 0))
        == "nothing to run: the batch has 1 rows of 0 tokens")
  }

  @Test func tooManyTokens() throws {
    let long = TokenBatch(sequences: [sequence(41)], padToken: 0)
    #expect(try message(long) == "the input has 41 tokens, but the model has 40 positions")
  }

  @Test(arguments: [Int32(37), -1]) func idsOutsideTheVocabulary(_ id: Int32) throws {
    let wrong = TokenBatch(sequences: [([1, 2], [0, 0]), ([1, id], [0, 0])], padToken: 0)
    #expect(
      try message(wrong) == "token id \(id) at row 1, position 1 is out of the vocabulary 0...36")
  }

  @Test func typesOutOfRange() throws {
    let wrong = TokenBatch(sequences: [([1, 2, 3], [0, 0, 2])], padToken: 0)
    #expect(try message(wrong) == "token type 2 at row 0, position 2 is out of range 0...1")
  }

  @Test func rowsWithoutARealToken() throws {
    let wrong = TokenBatch(
      ids: [1, 2], types: [0, 0], mask: [true, false], rows: 2, length: 1)
    #expect(try message(wrong) == "row 1 of the batch is all padding")
  }

  @Test func positionsAndLayersOutOfRange() throws {
    #expect(
      try message(batch, ForwardRequest(wordPositions: [(2, 0)])) == "row 2 is out of range 0...1")
    #expect(
      try message(batch, ForwardRequest(wordPositions: [(0, 1), (1, 3)]))
        == "position 3 is out of range 0...2 in row 1")
    #expect(
      try message(batch, ForwardRequest(wordPositions: [(0, -1)]))
        == "position -1 is out of range 0...2 in row 0")
    #expect(
      try message(batch, ForwardRequest(capture: [Site(.pattern, layer: 2)]))
        == "L2.pattern: layer 2 is out of range 0...1")
  }

  @Test(arguments: [
    (ForwardRequest(wordPositions: [(0, 0)]), "language model head"),
    (ForwardRequest(capture: [Site(.logits)]), "language model head"),
    (ForwardRequest(classify: true), "classifier"),
    (ForwardRequest(capture: [Site(.classLogits)]), "classifier"),
    (ForwardRequest(capture: [Site(.pooled)]), "pooler"),
  ])
  func headsTheModelLacks(_ request: ForwardRequest, _ head: String) throws {
    let model = try Transformer.random(
      configuration: oddConfiguration, seed: 1, words: false, classifier: false)
    let fault = try #require(throws: TransformerFault.self) {
      try model.forward(batch, request, check: {})
    }
    #expect(fault.message == "the model has no \(head): its checkpoint has no tensors of one")
  }
}
