import ExactText
import Faults

/// The class of transformers that a folder asks for, as far as it is BERT's.
enum TokenizerClass {
  /// Built from the vocabulary and what tokenizer_config.json says.
  case bert
  /// The tokenizer that tokenizer.json describes, whatever tokenizer_config.json says of lower case and accents.
  case ofTokenizerJSON

  /// Classes that are BERT's under another name.
  private static let names: Set<Name> = [
    "BertTokenizer", "ConvBertTokenizer", "DPRContextEncoderTokenizer", "DPRQuestionEncoderTokenizer",
    "DPRReaderTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "LayoutLMTokenizer",
    "LxmertTokenizer", "MobileBertTokenizer", "RealmTokenizer", "RetriBertTokenizer",
    "SqueezeBertTokenizer",
  ]

  private static let libraryNames: Set<Name> = ["PreTrainedTokenizer", "TokenizersBackend"]

  /// - Parameters:
  ///   - config: what tokenizer_config.json names; it outranks `model`.
  ///   - model: what config.json names.
  /// - Throws: ``TokenizationFault/unsupported(key:value:file:)`` for another class.
  init(config: String?, model: String?, hasTokenizerJSON: Bool) throws {
    guard let name = config ?? model else {
      self = .bert
      return
    }
    let plain = name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
    if Self.names.contains(plain) {
      self = .bert
    } else if Self.libraryNames.contains(plain), hasTokenizerJSON {
      self = .ofTokenizerJSON
    } else {
      throw TokenizationFault.unsupported(
        key: "tokenizer_class", value: quoted(name),
        file: config == nil ? "config.json" : "tokenizer_config.json")
    }
  }
}
