import ExactText
import Faults
import JSONReading

/// A `tokenizer.json` of any kind: each stage as it is described there.
///
/// Truncation and padding are not read: texts are never cut, and padding is the batch's.
struct PipelineJSON {
  let model: ModelJSON
  let normalizer: Normalizer?
  let preTokenizer: PreTokenizer?
  let postProcessor: PostProcessor?
  let decoder: TokenDecoder?
  let addedTokens: [AddedToken]

  /// - Parameter built: the class that takes only the vocabulary and the post-processor from here.
  init(_ document: JSONField, for built: BuiltTokenizer? = nil) throws {
    model = try ModelJSON(document.required("model"), for: built)
    normalizer =
      built == nil
      ? try document.optional("normalizer").map(Normalizer.init) : try Self.charsmap(document)
    preTokenizer = built == nil ? try document.optional("pre_tokenizer").map(PreTokenizer.init) : nil
    postProcessor = try document.optional("post_processor").map(PostProcessor.init)
    decoder = built == nil ? try document.optional("decoder").map(TokenDecoder.init) : nil
    addedTokens = try TokenizerJSON.addedTokens(document)
  }

  /// The compiled replacements, the one thing that a built class takes from a normalizer: at its top or one below.
  private static func charsmap(_ document: JSONField) throws -> Normalizer? {
    guard let field = try document.optional("normalizer") else { return nil }
    let isSequence = try field.required("type").string() == "Sequence"
    let parts = isSequence ? try field.required("normalizers").elements() : [field]
    return try parts.first { try $0.required("type").string() == "Precompiled" }.map(Normalizer.init)
  }

  /// Whether a word-piece model and a byte-level pre-tokenizer are there, as far as that can be told; nothing is refused.
  static func kind(_ document: JSONField) throws -> TokenizerJSONKind {
    func isByteLevel(_ field: JSONField) throws -> Bool {
      guard let type = try field.optional("type")?.string() else { return false }
      if type == "ByteLevel" { return true }
      guard type == "Sequence", let parts = try field.optional("pretokenizers") else { return false }
      return try parts.elements().contains { try isByteLevel($0) }
    }
    var kind = TokenizerJSONKind(isWordPiece: true, isByteLevel: false)
    if let model = try document.optional("model"), case .object = model.value {
      kind.isWordPiece = try ModelJSON.kind(model).map { $0 == .wordPiece } ?? true
    }
    if let preTokenizer = try document.optional("pre_tokenizer"), case .object = preTokenizer.value {
      kind.isByteLevel = try isByteLevel(preTokenizer)
    }
    return kind
  }
}
