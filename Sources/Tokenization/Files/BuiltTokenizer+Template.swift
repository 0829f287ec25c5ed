import ExactText
import JSONReading

extension BuiltTokenizer {
  /// What is put around texts.
  ///
  /// - Parameters:
  ///   - file: the post-processor of tokenizer.json, which counts where the class has none of its own.
  ///   - hasJSON: whether there is a tokenizer.json; then `add_bos_token` is not asked.
  func postProcessor(
    _ settings: BuiltSettings, _ tokens: Tokenizer.SpecialTokens, _ vocabulary: Vocabulary,
    file: PostProcessor?, hasJSON: Bool
  ) -> PostProcessor {
    func token(_ role: SpecialRole) -> (String, [Int32]) {
      let name = tokens[role] ?? ""
      return (name, vocabulary.id(of: name).map { [Int32($0)] } ?? [])
    }
    switch self {
    case .roberta:
      let (single, pair) = PostProcessor.roberta(token(.cls), token(.sep))
      let trim = PostProcessor.Trim(keepsFirstBlank: settings.addsPrefixSpace ?? false)
      return PostProcessor(single: single, pair: pair, trims: settings.trimsOffsets ? [trim] : [])
    case .camembert, .xlmRoberta:
      let (single, pair) = PostProcessor.roberta(token(.bos), token(.eos))
      return PostProcessor(single: single, pair: pair)
    case .albert:
      let (single, pair) = PostProcessor.bert(
        ("[CLS]", token(.cls).1), ("[SEP]", token(.sep).1))
      return PostProcessor(single: single, pair: pair)
    case .gptNeoX where hasJSON: return .none
    case .gpt2, .qwen2, .llama, .gemma, .gptNeoX:
      if let file { return file }
      return hasJSON ? .none : Self.ends(settings, token(.bos), token(.eos))
    }
  }

  /// `update_post_processor` of transformers: begin of text and end of text, each as asked for and where there is one.
  private static func ends(
    _ settings: BuiltSettings, _ bos: (name: String, ids: [Int32]), _ eos: (name: String, ids: [Int32])
  ) -> PostProcessor {
    func around(_ index: Int) -> [PostProcessor.Piece] {
      let type = Int32(index)
      var pieces: [PostProcessor.Piece] = [.sequence(index, type: type)]
      if settings.addsBOS, !bos.name.isEmpty {
        pieces.insert(.special(bos.name, ids: bos.ids, type: type), at: 0)
      }
      if settings.addsEOS, !eos.name.isEmpty {
        pieces.append(.special(eos.name, ids: eos.ids, type: type))
      }
      return pieces
    }
    return PostProcessor(single: around(0), pair: around(0) + around(1))
  }
}
