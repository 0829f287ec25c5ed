import ExactText
import JSONReading

/// The special tokens that a `tokenizer_config.json` or a `special_tokens_map.json` names.
struct SpecialTokenNames {
  /// By key, `mask_token` and the like, in the order in which transformers 5 adds them to a vocabulary that lacks them.
  private(set) var named: [(key: String, token: AddedToken)] = []
  /// Those without a role of their own; nil where the file says nothing about any.
  let additional: [AddedToken]?

  static let none = SpecialTokenNames(named: [], additional: nil)

  private static let standardKeys = ["bos", "eos", "unk", "sep", "pad", "cls", "mask"].map { "\($0)_token" }

  /// The tokens with a role.
  init(_ tokens: Tokenizer.SpecialTokens) {
    named = SpecialRole.allCases.compactMap { role in
      tokens[role].map { ("\(role.rawValue)_token", AddedToken($0, isSpecial: true)) }
    }
    additional = nil
  }

  private init(named: [(key: String, token: AddedToken)], additional: [AddedToken]?) {
    (self.named, self.additional) = (named, additional)
  }

  /// - Parameter document: an object with keys such as `mask_token`; other keys are ignored.
  init(_ document: JSONField) throws {
    for key in Self.standardKeys {
      if let token = try document.optional(key).map(AddedToken.init(named:)) { named.append((key, token)) }
    }
    for (key, field) in try document.members()
    where key.hasSuffix("_token") && !Self.standardKeys.contains(key) {
      if let token = try Self.tokenOfOtherRole(field) { named.append((key, token)) }
    }
    additional = try ["extra_special_tokens", "additional_special_tokens"]
      .compactMap { try document.optional($0) }.first.map(Self.list)
  }

  /// `"boundary_token": "[B]"`; a key that merely ends so, as `"add_bos_token": false`, is none.
  private static func tokenOfOtherRole(_ field: JSONField) throws -> AddedToken? {
    guard case .string = field.value else { return nil }
    return try AddedToken(named: field)
  }

  /// A list, or an object that names each.
  private static func list(_ field: JSONField) throws -> [AddedToken] {
    if case .object = field.value { return try field.members().map { try AddedToken(named: $0.field) } }
    return try field.elements().map(AddedToken.init(named:))
  }

  subscript(role: SpecialRole) -> AddedToken? { named.first { $0.key == "\(role.rawValue)_token" }?.token }

  /// With the entries of `other` in place of those that both have; the additional ones of `self` if it has any.
  func overridden(by other: SpecialTokenNames) -> SpecialTokenNames {
    let replaced = NameList(other.named.map(\.key))
    let kept = named.filter { !replaced.contains($0.key) }
    let all = kept + other.named
    let order = NameTable(uniqueKeysWithValues: Self.standardKeys.enumerated().map { ($1, $0) })
    let sorted = all.enumerated().sorted {
      (order[$0.element.key] ?? order.count, $0.offset) < (order[$1.element.key] ?? order.count, $1.offset)
    }
    return SpecialTokenNames(named: sorted.map(\.element), additional: additional ?? other.additional)
  }
}
