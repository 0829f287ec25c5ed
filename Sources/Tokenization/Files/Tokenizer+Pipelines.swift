import ExactText
import Faults
import JSONReading

/// Tokenizers other than BERT's.
extension Tokenizer {
  /// As tokenizer.json describes it.
  static func described(
    _ json: PipelineJSON, _ contents: TokenizerContents, positions: Int, rows: Int
  ) throws -> Tokenizer {
    let (names, numbered) = contents.specialAndNumberedTokens()
    let added = try AddedVocabulary(
      extending: json.model.vocabulary, numbered: numbered, named: names.named.map(\.token),
      additional: names.additional ?? [], rows: rows)
    return try Tokenizer(
      pipeline: Pipeline(
        normalizer: json.normalizer, preTokenizer: json.preTokenizer, model: json.model.model,
        unknown: json.model.unknown, postProcessor: json.postProcessor ?? .none, decoder: json.decoder),
      options: options(json.normalizer, contents, positions),
      specialTokens: specialTokens(.none, names), added: added, vocabularyFile: "tokenizer.json")
  }

  /// As a class of transformers builds it.
  static func built(
    _ built: BuiltTokenizer, _ contents: TokenizerContents, _ files: Files, positions: Int, rows: Int
  ) throws -> Tokenizer {
    let json = contents.pipeline
    let model = try json?.model ?? merged(files, built)
    let (found, numbered) = contents.specialAndNumberedTokens()
    let settings = try TokenizationFault.inFile("tokenizer_config.json") {
      try BuiltSettings(contents.config?.document)
    }
    var defaults = built.specialTokens
    for role in settings.absentRoles { defaults[role] = nil }
    let specialTokens = specialTokens(defaults, found)
    let names = SpecialTokenNames(specialTokens).overridden(by: found)
    let added = try AddedVocabulary(
      extending: model.vocabulary, numbered: numbered, named: names.named.map(\.token),
      additional: names.additional ?? [], rows: rows)
    var charsmap: PrecompiledMap?
    if case .precompiled(let map)? = json?.normalizer { charsmap = map }
    let (normalizer, preTokenizer, decoder) = built.stages(settings, charsmap: charsmap)
    let processor = built.postProcessor(
      settings, specialTokens, added.vocabulary, file: json?.postProcessor, hasJSON: json != nil)
    return try Tokenizer(
      pipeline: Pipeline(
        normalizer: normalizer, preTokenizer: preTokenizer, model: model.model, unknown: model.unknown,
        postProcessor: processor, decoder: decoder),
      options: options(normalizer, contents, positions), specialTokens: specialTokens, added: added,
      vocabularyFile: json == nil ? "vocab.json" : "tokenizer.json")
  }

  /// vocab.json and merges.txt.
  private static func merged(_ files: Files, _ built: BuiltTokenizer) throws -> ModelJSON {
    guard let vocab = files.vocabJSON, let merges = files.merges else {
      throw TokenizationFault.vocabularyMissing(others: files.others)
    }
    let entries = try TokenizationFault.inFile("vocab.json") {
      try ModelJSON.entries(JSONField(document: vocab, .python))
    }
    let vocabulary = try Vocabulary(entries: entries)
    let model = try BPE(
      vocabulary: vocabulary, merges: MergeReader(vocabulary).merges(merges),
      options: built.bpeOptions(vocabulary))
    return ModelJSON(vocabulary: vocabulary, model: .bpe(model), unknown: nil)
  }

  private static func options(
    _ normalizer: Normalizer?, _ contents: TokenizerContents, _ positions: Int
  ) -> Options {
    var options = Options(
      lowercase: normalizer?.lowercases ?? false, stripAccents: false, splitsChinese: false,
      maxLength: positions, usualLength: usualLength(contents, positions))
    if case .bert(let bert)? = normalizer {
      (options.stripAccents, options.splitsChinese) = (bert.stripsAccents, bert.splitsIdeographs)
    }
    return options
  }
}

extension Normalizer {
  /// Whether capital letters are lost.
  fileprivate var lowercases: Bool {
    switch self {
    case .lowercase: true
    case .bert(let bert): bert.lowercases
    case .sequence(let parts): parts.contains(where: \.lowercases)
    default: false
    }
  }
}
