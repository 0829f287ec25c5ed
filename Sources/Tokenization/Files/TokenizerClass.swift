import ExactText
import Faults

/// The class of transformers that a folder asks for, as far as it is known here.
enum TokenizerClass: Equatable {
  /// Built from the vocabulary and what tokenizer_config.json says.
  case bert
  /// Built from the vocabulary in a way of its own, whatever tokenizer.json says of normalizer and pre-tokenizer.
  case built(BuiltTokenizer)
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

  /// What the files say.
  struct Evidence {
    /// `tokenizer_class` of tokenizer_config.json; it outranks `model`.
    var config: String?
    /// `tokenizer_class` of config.json.
    var model: String?
    /// `model_type` of config.json.
    var modelType: String?
    var json: TokenizerJSONKind?
    var hasVocabText = false
    /// Both vocab.json and merges.txt.
    var hasMerges = false
  }

  /// As `AutoTokenizer` of transformers 5.24 decides.
  ///
  /// - Throws: ``TokenizationFault/unsupported(key:value:file:)`` for another class.
  init(_ evidence: Evidence) throws {
    let registered = evidence.modelType.flatMap { RegisteredTokenizer(modelType: $0) }
    guard let name = evidence.config ?? evidence.model else {
      self = try Self.unnamed(evidence, registered)
      return
    }
    let plain = name.hasSuffix("Fast") ? String(name.dropLast(4)) : name
    if evidence.json != nil, registered == .library || registered?.outranksFiles == true {
      self = registered?.built ?? .ofTokenizerJSON
    } else if Self.names.contains(plain) {
      self = .bert
    } else if Self.libraryNames.contains(plain), evidence.json != nil {
      self = .ofTokenizerJSON
    } else if let built = BuiltTokenizer(rawValue: plain), built.hasVocabulary(evidence) {
      // Files of Llama 3 name Llama's class, which would build another tokenizer.
      self = built == .llama && evidence.json?.isByteLevel == true ? .ofTokenizerJSON : .built(built)
    } else {
      throw TokenizationFault.unsupported(
        key: "tokenizer_class", value: quoted(name),
        file: evidence.config == nil ? "config.json" : "tokenizer_config.json")
    }
  }

  /// Where no file names a class: by the kind of model, else by the files that are there.
  private static func unnamed(_ evidence: Evidence, _ registered: RegisteredTokenizer?) throws
    -> TokenizerClass
  {
    switch registered {
    case .bert: return .bert
    case .built(let built, _) where built.hasVocabulary(evidence): return .built(built)
    case .built, .library:
      if evidence.json != nil { return .ofTokenizerJSON }
      throw TokenizationFault.unsupported(
        key: "model_type", value: quoted(evidence.modelType ?? ""), file: "config.json")
    case nil: break
    }
    if let json = evidence.json { return json.isWordPiece ? .bert : .ofTokenizerJSON }
    // A GPT-2 of 2019 says nothing.
    return evidence.hasVocabText ? .bert : .built(.gpt2)
  }
}

/// What a tokenizer.json is, before it is read.
struct TokenizerJSONKind {
  var isWordPiece: Bool
  /// Whether a part of its pre-tokenizer is byte-level.
  var isByteLevel: Bool
}

/// The tokenizer that transformers registers for a `model_type`.
enum RegisteredTokenizer: Equatable {
  case bert
  case library
  /// - `outranksFiles`: even where a file names another class, because files of this kind are known to be wrong.
  case built(BuiltTokenizer, outranksFiles: Bool = false)

  private static let table: NameTable<RegisteredTokenizer> = {
    let kinds: [(RegisteredTokenizer, [String])] = [
      (
        .bert,
        [
          "bert", "convbert", "distilbert", "electra", "ernie", "layoutlm", "lxmert", "megatron-bert",
          "mobilebert", "nezha", "nomic_bert", "squeezebert",
        ]
      ),
      (
        .library,
        [
          "falcon", "flex_olmo", "gpt_bigcode", "granite", "mistral", "mixtral", "ministral", "modernbert",
          "modernbert-decoder", "olmo2", "olmo3", "phi3", "smollm3", "stablelm", "xlm-roberta-xl",
        ]
      ),
      (.built(.gpt2), ["codegen", "gpt2", "gpt_neo", "gptj", "opt", "phi", "starcoder2"]),
      (.built(.gptNeoX), ["falcon_mamba", "gpt_neox", "mamba", "mamba2", "mpt", "olmo", "olmoe"]),
      (.built(.qwen2, outranksFiles: true), ["qwen2"]),
      (.built(.qwen2), ["qwen2_moe", "qwen3", "qwen3_moe", "qwen3_next"]),
      (.built(.roberta), ["data2vec-text", "ibert", "longformer", "roberta", "roberta-prelayernorm"]),
      (.built(.xlmRoberta), ["xlm-roberta"]), (.built(.camembert), ["camembert"]),
      (.built(.albert), ["albert"]),
      (.built(.gemma), ["gemma", "gemma2", "gemma3", "gemma3_text"]),
    ]
    return NameTable(
      uniqueKeysWithValues: kinds.flatMap { kind, names in names.map { ($0, kind) } })
  }()

  init?(modelType: String) {
    guard let kind = Self.table[modelType] else { return nil }
    self = kind
  }

  var outranksFiles: Bool {
    if case .built(_, let outranks) = self { outranks } else { false }
  }

  var built: TokenizerClass? {
    if case .built(let built, _) = self { .built(built) } else { nil }
  }
}
