import ExactText
import Faults
import JSONReading

/// The classes of transformers 5.24 that build their pipeline themselves and take no more than the vocabulary, the merges and
/// the post-processor from a tokenizer.json. Each is checked with the class itself.
enum BuiltTokenizer: String {
  case gpt2 = "GPT2Tokenizer"
  case gptNeoX = "GPTNeoXTokenizer"
  case qwen2 = "Qwen2Tokenizer"
  case roberta = "RobertaTokenizer"
  case llama = "LlamaTokenizer"
  case gemma = "GemmaTokenizer"
  case albert = "AlbertTokenizer"
  case camembert = "CamembertTokenizer"
  case xlmRoberta = "XLMRobertaTokenizer"

  /// Whether the vocabulary can be in vocab.json and merges.txt.
  var readsMerges: Bool { [.gpt2, .gptNeoX, .qwen2, .roberta].contains(self) }

  var isUnigram: Bool { [.albert, .camembert, .xlmRoberta].contains(self) }

  /// A vocab.txt is another tokenizer's.
  func hasVocabulary(_ evidence: TokenizerClass.Evidence) -> Bool {
    evidence.json != nil || readsMerges && evidence.hasMerges
  }

  /// The special tokens where no file names them.
  var specialTokens: Tokenizer.SpecialTokens {
    var tokens = Tokenizer.SpecialTokens.none
    switch self {
    case .gpt2: (tokens.unk, tokens.bos, tokens.eos) = (Self.endOfText, Self.endOfText, Self.endOfText)
    case .gptNeoX:
      (tokens.unk, tokens.bos, tokens.eos) = (Self.endOfText, Self.endOfText, Self.endOfText)
      tokens.pad = "<|padding|>"
    case .qwen2: (tokens.unk, tokens.eos, tokens.pad) = (Self.endOfText, Self.endOfText, Self.endOfText)
    case .roberta, .camembert, .xlmRoberta:
      (tokens.bos, tokens.cls, tokens.eos, tokens.sep) = ("<s>", "<s>", "</s>", "</s>")
      (tokens.unk, tokens.pad, tokens.mask) = ("<unk>", "<pad>", "<mask>")
    case .llama: (tokens.unk, tokens.bos, tokens.eos) = ("<unk>", "<s>", "</s>")
    case .gemma:
      (tokens.unk, tokens.bos, tokens.eos) = ("<unk>", "<bos>", "<eos>")
      (tokens.pad, tokens.mask) = ("<pad>", "<mask>")
    case .albert:
      (tokens.bos, tokens.cls, tokens.eos, tokens.sep) = ("[CLS]", "[CLS]", "[SEP]", "[SEP]")
      (tokens.unk, tokens.pad, tokens.mask) = ("<unk>", "<pad>", "[MASK]")
    }
    return tokens
  }

  private static let endOfText = "<|endoftext|>"
}

/// What a class takes from tokenizer_config.json.
struct BuiltSettings {
  var addsPrefixSpace: Bool?
  var isLegacy = false
  var addsBOS = false
  var addsEOS = false
  var lowercases = true
  var keepsAccents = false
  var trimsOffsets = true
  /// Roles that are null there: the class's own token does not count then.
  var absentRoles: [SpecialRole] = []

  init(_ config: JSONField?) throws {
    guard let config else { return }
    addsPrefixSpace = try config.optional("add_prefix_space")?.bool()
    isLegacy = try config.bool("legacy", default: false)
    addsBOS = try config.bool("add_bos_token", default: false)
    addsEOS = try config.bool("add_eos_token", default: false)
    lowercases = try config.bool("do_lower_case", default: true)
    keepsAccents = try config.bool("keep_accents", default: false)
    trimsOffsets = try config.bool("trim_offsets", default: true)
    let nulls = Set(names: try config.members().filter { $0.field.value.isNull }.map(\.key))
    absentRoles = SpecialRole.allCases.filter { nulls.contains("\($0.rawValue)_token") }
  }
}

extension BuiltTokenizer {
  /// The stages before the model, and the decoder.
  ///
  /// - Parameter charsmap: of the `Precompiled` normalizer of tokenizer.json.
  func stages(_ settings: BuiltSettings, charsmap: PrecompiledMap?) -> (
    normalizer: Normalizer?, preTokenizer: PreTokenizer, decoder: TokenDecoder
  ) {
    let prefix = settings.addsPrefixSpace
    switch self {
    case .gpt2, .roberta:
      return (nil, .byteLevel(addsPrefixSpace: prefix ?? false, splits: true), .byteLevel)
    case .gptNeoX:
      return (.form(.nfc), .byteLevel(addsPrefixSpace: prefix ?? false, splits: true), .byteLevel)
    case .qwen2:
      let bytes = PreTokenizer.byteLevel(addsPrefixSpace: prefix ?? false, splits: false)
      return (
        .form(.nfc), .sequence([.split(Self.qwen2Pattern, .isolated, inverts: false), bytes]), .byteLevel
      )
    case .llama:
      let scheme: Metaspace.PrependScheme =
        prefix == false ? .never : settings.isLegacy ? .always : .first
      let strip: [TokenDecoder] = prefix == false ? [] : [.strip(" ", start: 1, stop: 0)]
      return (
        nil, .metaspace(Metaspace(scheme: scheme, splits: false)),
        .sequence(Self.sentencePieceDecoders + strip)
      )
    case .gemma:
      return (
        .replace(.literal([" "]), [Self.mark]),
        .split(.literal([" "]), .mergedWithPrevious, inverts: false),
        .sequence(Self.sentencePieceDecoders)
      )
    case .albert, .camembert, .xlmRoberta:
      let metaspace = Metaspace(scheme: prefix == false ? .never : .always, splits: true)
      return (
        self == .albert ? Self.albertNormalizer(settings, charsmap) : charsmap.map(Normalizer.precompiled),
        .sequence([.whitespaceSplit, .metaspace(metaspace)]), .metaspace(metaspace)
      )
    }
  }

  private static let mark: Unicode.Scalar = "\u{2581}"

  private static let sentencePieceDecoders: [TokenDecoder] = [
    .replace(.literal([mark]), " "), .byteFallback, .fuse,
  ]

  private static let qwen2Pattern = PreTokenizer.known(
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#
  )

  private static func albertNormalizer(_ settings: BuiltSettings, _ charsmap: PrecompiledMap?) -> Normalizer {
    var parts: [Normalizer] = [
      .replace(.literal(["`", "`"]), ["\""]), .replace(.literal(["'", "'"]), ["\""]),
    ]
    if !settings.keepsAccents { parts += [.form(.nfkd), .stripAccents] }
    if settings.lowercases { parts.append(.lowercase) }
    return .sequence(parts + (charsmap.map { [.precompiled($0)] } ?? []))
  }
}
