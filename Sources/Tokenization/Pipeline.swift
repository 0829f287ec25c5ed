/// The stages from a text to ids and back.
struct Pipeline: Sendable {
  var normalizer: Normalizer?
  var preTokenizer: PreTokenizer?
  var model: TokenModel
  /// For pieces that the model has no token for and names none.
  var unknown: Int32?
  var postProcessor: PostProcessor
  /// Nil: tokens are joined by blanks.
  var decoder: TokenDecoder?

  /// Whether a blank is put in front of a text.
  var addsPrefix: Bool { normalizer?.addsPrefix == true || preTokenizer?.addsPrefix == true }

  /// What stands for the blank before a word in the vocabulary; nil where blanks leave no trace.
  var blankMark: Unicode.Scalar? { preTokenizer?.blankMark ?? normalizer?.blankMark }

  /// Whether the vocabulary's characters stand for bytes.
  var isByteLevel: Bool { blankMark == ByteAlphabet.blank }
}
