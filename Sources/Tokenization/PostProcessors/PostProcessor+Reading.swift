import ExactText
import JSONReading

extension PostProcessor {
  /// From the `post_processor` of a tokenizer.json.
  init(_ field: JSONField) throws {
    self = .none
    var isTemplate = false
    for part in try Self.parts(field) {
      guard let template = try add(part) else { continue }
      if isTemplate { throw part.mismatch("one template") }
      isTemplate = true
      (single, pair) = template
    }
  }

  private static func parts(_ field: JSONField) throws -> [JSONField] {
    guard try field.required("type").string() == "Sequence" else { return [field] }
    try field.checkKeys("processors")
    return try field.required("processors").elements().flatMap(parts)
  }

  private typealias Template = (single: [Piece], pair: [Piece])

  /// Takes in the trimming of a part; its template, if it has one.
  private mutating func add(_ field: JSONField) throws -> Template? {
    let type = try field.required("type")
    switch try type.string() {
    case "ByteLevel":
      try field.checkKeys("add_prefix_space", "trim_offsets", "use_regex")
      try addTrim(field)
      return nil
    case "TemplateProcessing":
      try field.checkKeys("single", "pair", "special_tokens")
      return try Self.template(field)
    case "BertProcessing":
      try field.checkKeys("sep", "cls")
      let (cls, sep) = (try Self.token(field.required("cls")), try Self.token(field.required("sep")))
      return Self.bert(cls, sep)
    case "RobertaProcessing":
      try field.checkKeys("sep", "cls", "trim_offsets", "add_prefix_space")
      try addTrim(field)
      let (cls, sep) = (try Self.token(field.required("cls")), try Self.token(field.required("sep")))
      return Self.roberta(cls, sep)
    default:
      throw type.mismatch(
        "a post-processor of: ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing, Sequence")
    }
  }

  private mutating func addTrim(_ field: JSONField) throws {
    if try field.bool("trim_offsets", default: true) {
      trims.append(Trim(keepsFirstBlank: try field.bool("add_prefix_space", default: true)))
    }
  }

  // MARK: - Templates

  static func bert(_ cls: (String, [Int32]), _ sep: (String, [Int32])) -> (single: [Piece], pair: [Piece]) {
    let single: [Piece] = [
      .special(cls.0, ids: cls.1, type: 0), .sequence(0, type: 0), .special(sep.0, ids: sep.1, type: 0),
    ]
    return (single, single + [.sequence(1, type: 1), .special(sep.0, ids: sep.1, type: 1)])
  }

  /// All types are 0, and two tokens stand between two texts.
  static func roberta(_ cls: (String, [Int32]), _ sep: (String, [Int32])) -> (
    single: [Piece], pair: [Piece]
  ) {
    let end = Piece.special(sep.0, ids: sep.1, type: 0)
    let single: [Piece] = [.special(cls.0, ids: cls.1, type: 0), .sequence(0, type: 0), end]
    return (single, single + [end, .sequence(1, type: 0), end])
  }

  /// `["[SEP]", 102]`
  private static func token(_ field: JSONField) throws -> (String, [Int32]) {
    let elements = try field.elements()
    guard elements.count == 2 else { throw field.mismatch("a token and its id") }
    return (try elements[0].string(), [try id(elements[1])])
  }

  private static func id(_ field: JSONField) throws -> Int32 {
    let id = try field.count()
    guard id <= Vocabulary.largestID else { throw field.mismatch("at most \(Vocabulary.largestID)") }
    return Int32(id)
  }

  private static func template(_ field: JSONField) throws -> Template {
    var tokens: NameTable<(ids: [Int32], names: [String])> = [:]
    for (name, token) in try field.required("special_tokens").members() {
      let ids = try token.required("ids").elements().map(id)
      let names = try token.required("tokens").elements().map { try $0.string() }
      guard ids.count == names.count else { throw token.mismatch("as many ids as tokens") }
      tokens[name] = (ids, names)
    }
    func pieces(_ key: String, _ sequences: [String]) throws -> [Piece] {
      let list = try field.required(key)
      var wanted = sequences
      let pieces = try list.elements().map { element -> Piece in
        try piece(element, tokens) { name in
          guard let index = wanted.firstIndex(where: { $0 == name }) else { return nil }
          wanted.remove(at: index)
          return name == "A" ? 0 : 1
        }
      }
      guard wanted.isEmpty else { throw list.mismatch("the text \(wanted[0]) once") }
      return pieces
    }
    return (try pieces("single", ["A"]), try pieces("pair", ["A", "B"]))
  }

  private static func piece(
    _ field: JSONField, _ tokens: NameTable<(ids: [Int32], names: [String])>, _ sequence: (String) -> Int?
  ) throws -> Piece {
    let special = try field.optional("SpecialToken")
    let part = try special ?? field.required("Sequence")
    let (name, type) = (try part.required("id"), Int32(try Self.id(part.required("type_id"))))
    let text = try name.string()
    if special != nil {
      guard let token = tokens[text] else { throw name.mismatch("a token of special_tokens") }
      return .special(text, ids: token.ids, type: type)
    }
    guard let index = sequence(text) else { throw name.mismatch("each text once") }
    return .sequence(index, type: type)
  }
}
