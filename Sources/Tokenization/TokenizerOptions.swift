extension Tokenizer {
  /// What differs between BERT's variants.
  public struct Options: Sendable, Equatable {
    public var lowercase: Bool
    /// Nil: as `lowercase`.
    public var stripAccents: Bool?
    /// Whether every ideograph is a word of its own.
    public var splitsChinese: Bool
    /// In tokens, with the special ones.
    public var maxLength: Int

    /// By default those of bert-base-uncased.
    public init(
      lowercase: Bool = true, stripAccents: Bool? = nil, splitsChinese: Bool = true,
      maxLength: Int = 512
    ) {
      self.lowercase = lowercase
      self.stripAccents = stripAccents
      self.splitsChinese = splitsChinese
      self.maxLength = maxLength
    }
  }

  /// The names of the tokens with a role. They are also recognised where they stand in a text.
  public struct SpecialTokens: Sendable, Equatable {
    public var unk: String
    public var sep: String
    public var pad: String
    public var cls: String
    public var mask: String

    public init(
      unk: String = "[UNK]", sep: String = "[SEP]", pad: String = "[PAD]", cls: String = "[CLS]",
      mask: String = "[MASK]"
    ) {
      self.unk = unk
      self.sep = sep
      self.pad = pad
      self.cls = cls
      self.mask = mask
    }

    var all: [String] { [unk, sep, pad, cls, mask] }
  }

  /// What a tokenizer.json can set besides; the defaults are those of every published BERT.
  struct WordRules: Sendable {
    var cleansText = true
    var continuingPrefix = "##"
    var maxCharacters = 100
  }

  /// A token to be recognised in the text, as it stands there or after normalization.
  struct AddedToken: Sendable {
    let content: String
    let isNormalized: Bool
    /// Where a file states it.
    var id: Int?
  }
}
