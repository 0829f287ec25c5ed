import ExactText

extension Tokenizer {
  /// What differs between BERT's variants, and how long texts may be.
  public struct Options: Sendable, Equatable {
    public var lowercase: Bool
    /// Whether no file says so.
    public var assumesLowercase: Bool
    /// Nil: as `lowercase`.
    public var stripAccents: Bool?
    /// Whether every ideograph is a word of its own.
    public var splitsChinese: Bool
    /// In tokens, with the special ones: the positions of the model.
    public var maxLength: Int
    /// Where transformers would cut texts if it were asked to; nil for nowhere. No limit of the model.
    public var usualLength: Int?

    /// By default those of bert-base-uncased.
    public init(
      lowercase: Bool = true, assumesLowercase: Bool = false, stripAccents: Bool? = nil,
      splitsChinese: Bool = true,
      maxLength: Int = 512, usualLength: Int? = nil
    ) {
      self.lowercase = lowercase
      self.assumesLowercase = assumesLowercase
      self.stripAccents = stripAccents
      self.splitsChinese = splitsChinese
      self.maxLength = maxLength
      self.usualLength = usualLength
    }
  }

  /// The names of the tokens with a role, nil where there is none. They are also recognised where they stand in a text.
  public struct SpecialTokens: Sendable, Equatable {
    public var unk: String?
    public var sep: String?
    public var pad: String?
    public var cls: String?
    public var mask: String?
    public var bos: String?
    public var eos: String?

    /// By default BERT's.
    public init(
      unk: String? = "[UNK]", sep: String? = "[SEP]", pad: String? = "[PAD]", cls: String? = "[CLS]",
      mask: String? = "[MASK]", bos: String? = nil, eos: String? = nil
    ) {
      (self.unk, self.sep, self.pad, self.cls) = (unk, sep, pad, cls)
      (self.mask, self.bos, self.eos) = (mask, bos, eos)
    }

    static let none = SpecialTokens(unk: nil, sep: nil, pad: nil, cls: nil, mask: nil)

    public subscript(role: SpecialRole) -> String? {
      get { self[keyPath: role.name] }
      set { self[keyPath: role.name] = newValue }
    }
  }

  /// What a tokenizer.json can set besides; the defaults are those of every published BERT.
  struct WordRules: Sendable {
    var cleansText = true
    var continuingPrefix = "##"
    var maxCharacters = 100
    /// More than a tokenizer has use for: 100 is usual.
    static let mostCharacters = 4096
  }
}

/// What a special token is for.
public enum SpecialRole: String, Sendable, CaseIterable {
  // In the order in which transformers adds tokens that a vocabulary lacks.
  case bos, eos, unk, sep, pad, cls, mask

  var title: String {
    switch self {
    case .bos: "beginning-of-text"
    case .eos: "end-of-text"
    case .unk: "unknown"
    case .sep: "separator"
    case .pad: "padding"
    case .cls: "classification"
    case .mask: "mask"
    }
  }

  fileprivate var name: WritableKeyPath<Tokenizer.SpecialTokens, String?> {
    switch self {
    case .bos: \.bos
    case .eos: \.eos
    case .unk: \.unk
    case .sep: \.sep
    case .pad: \.pad
    case .cls: \.cls
    case .mask: \.mask
    }
  }
}
