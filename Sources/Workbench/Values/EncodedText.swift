import Transformers
import Language
import Results
import Tokenization

/// A text in the tokens of one model.
struct EncodedText: ObjectValue {
  let source: SentenceText
  let encoding: Encoding
  /// The counterfactual in tokens, as many as the text has; nil where there is none.
  let counterfactual: Encoding?
  let maskPositions: [Int]
  /// Those of the counterfactual.
  let counterfactualMasks: [Int]
  /// Whether the last token predicts the next one.
  let isCausal: Bool
  /// Where a classifier reads.
  let classifiedPosition: Int
  /// The name of the quantity that is asked of the text, as one types it after `qoi`: tells rows of a task apart that have
  /// one sentence. nil where the session's quantity is.
  private(set) var question: String?

  init(_ source: SentenceText, model: LoadedModel) throws {
    self.source = source
    let encoding = try Self.encoding(source, model)
    self.encoding = encoding
    counterfactual = try source.exchanged.map { try Self.encoding($0, model) }
    if let counterfactual, counterfactual.count != encoding.count {
      throw TextFault.counterfactualLength(TokenizationDifference(encoding, counterfactual))
    }
    isCausal = model.isCausal
    classifiedPosition = model.configuration.classifiedPosition(
      encoding.ids, encoding.ids.map { _ in true })
    let mask = model.tokenizer.id(.mask).map(Int32.init)
    maskPositions = encoding.ids.indices.filter { encoding.ids[$0] == mask }
    counterfactualMasks =
      counterfactual.map { other in other.ids.indices.filter { other.ids[$0] == mask } } ?? []
  }

  private static func encoding(_ source: SentenceText, _ model: LoadedModel) throws -> Encoding {
    if let ids = source.ids {
      let rows = model.configuration.vocabulary
      if let wrong = ids.first(where: { !(0..<rows ~= Int($0)) }) {
        throw TextFault.idOutOfRange(Int(wrong), entries: rows)
      }
      guard ids.count <= model.configuration.maxPositions else {
        throw TransformerFault.tooManyPositions(ids.count, maximum: model.configuration.maxPositions)
      }
      return model.tokenizer.encoding(ofIDs: ids)
    }
    guard model.tokenizer.hasVocabulary else { throw ModelFault.noTokenizer(model: model.name) }
    let encoding = try model.tokenizer.encode(source.text, pair: source.pair)
    // A tokenizer that puts nothing around texts makes no token of an empty one.
    guard encoding.count > 0 else { throw TextFault.noTokens }
    // The tokenizer may tell the texts of a pair apart where the model does not.
    return model.configuration.types > 1 ? encoding : encoding.untyped()
  }

  /// The same text with a question of its own.
  func asked(_ question: String?) -> EncodedText {
    var copy = self
    copy.question = question
    return copy
  }

  var count: Int { encoding.ids.count }

  var batch: TokenBatch {
    TokenBatch(sequences: [(ids: encoding.ids, types: encoding.types)], padToken: 0)
  }

  /// The position asked for, or the text's only [MASK]; in causal models the last position, which predicts the next token.
  func target(position: Int?) throws -> Int {
    if let position {
      guard (0..<count).contains(position) else {
        throw TextFault.positionOutOfRange(position, length: count)
      }
      return position
    }
    if isCausal { return count - 1 }
    guard let mask = maskPositions.first else { throw TextFault.noMask(length: count) }
    guard maskPositions.count == 1 else { throw TextFault.severalMasks(maskPositions) }
    return mask
  }

  var typeName: String { "text" }

  /// The tokens, each behind its position.
  var summary: String { Self.summary(of: encoding) }

  private static func summary(of encoding: Encoding) -> String {
    encoding.tokens.enumerated().map { "\($0.offset):\($0.element)" }.joined(separator: " ")
  }

  var fields: Record {
    var fields: Record = source.ids == nil ? ["text": .string(source.text)] : [:]
    if let pair = source.pair { fields["pair"] = .string(pair) }
    fields["tokens"] = .strings(encoding.tokens)
    fields["ids"] = .numbers(encoding.ids)
    guard let counterfactual else { return fields }
    if case .words(let words) = source.counterfactual { fields["counterfactual"] = .string(words) }
    fields["counterfactual_tokens"] = .strings(counterfactual.tokens)
    fields["counterfactual_ids"] = .numbers(counterfactual.ids)
    fields["differing"] = .list(differingPositions.map { Value($0) })
    return fields
  }
}
