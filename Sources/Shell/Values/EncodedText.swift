import Encoders
import Results
import Tokenization

/// A text in the tokens of one model.
struct EncodedText: ObjectValue {
  let source: SentenceText
  let encoding: Encoding
  let maskPositions: [Int]

  init(_ source: SentenceText, model: LoadedModel) throws {
    self.source = source
    let encoding = try model.tokenizer.encode(source.text, pair: source.pair)
    self.encoding = encoding
    let mask = Int32(model.tokenizer.maskID)
    maskPositions = encoding.ids.indices.filter { encoding.ids[$0] == mask }
  }

  var count: Int { encoding.ids.count }

  var batch: TokenBatch {
    TokenBatch(sequences: [(ids: encoding.ids, types: encoding.types)], padToken: 0)
  }

  /// The position asked for, or the text's only [MASK].
  func target(position: Int?) throws -> Int {
    if let position {
      guard (0..<count).contains(position) else {
        throw TextFault.positionOutOfRange(position, length: count)
      }
      return position
    }
    guard let mask = maskPositions.first else { throw TextFault.noMask(length: count) }
    guard maskPositions.count == 1 else { throw TextFault.severalMasks(maskPositions) }
    return mask
  }

  var typeName: String { "text" }

  /// The tokens, each behind its position.
  var summary: String {
    encoding.tokens.enumerated().map { "\($0.offset):\($0.element)" }.joined(separator: " ")
  }

  var fields: Record {
    var fields: Record = ["text": .string(source.text)]
    if let pair = source.pair { fields["pair"] = .string(pair) }
    fields["tokens"] = .strings(encoding.tokens)
    fields["ids"] = .numbers(encoding.ids)
    return fields
  }
}
