import ExactText
import Faults
import JSONReading
import Rendering

/// What a request asks for.
package enum ServedTask: Sendable {
  case run(code: String)
  /// A cursor is an offset in Unicode scalars, as Python counts.
  case complete(text: String, cursor: Int)
  /// On a command or topic; with a cursor on what stands there in the text.
  case help(subject: String, cursor: Int?)
  /// Whether the text can run as it stands.
  case isComplete(text: String)

  /// By the field that holds its text.
  enum Kind: String, CaseIterable {
    case code, complete, help
    case isComplete = "is_complete"

    static var names: [String] { allCases.map(\.rawValue) }

    /// The fields that may stand beside it and `id`.
    var options: [String] {
      switch self {
      case .code: ["name", "mime", "values", "width", "stream"]
      case .complete, .help: ["cursor"]
      case .isComplete: []
      }
    }
  }
}

/// How the results of a request are told.
package struct ReplyForm: Sendable {
  /// What messages call the text: `In [3]`.
  var name: String?
  /// How each result is shown to a person, beside its value.
  var mediaTypes: [MediaType] = []
  /// Whether results have their values.
  var hasValues = true
  /// Columns of what is shown as plain text; nil: it is not cut.
  var width: Int?
  /// Whether what there is to tell comes as it happens, in lines before the reply.
  var streams = false
}

/// One request: a line with an object of JSON.
package struct ServedRequest: Sendable {
  let task: ServedTask
  private(set) var form = ReplyForm()

  /// The fields of a line.
  ///
  /// - Throws: ``RequestFault``.
  static func fields(of line: [UInt8]) throws -> JSONObject {
    let value: JSONValue
    do { value = try JSONReader.read(line) } catch let problem as JSONProblem {
      throw RequestFault.notJSON(problem)
    }
    guard case .object(let fields) = value else { throw RequestFault.notAnObject(found: value.description) }
    return fields
  }

  /// - Throws: ``RequestFault``.
  init(_ fields: JSONObject) throws {
    let fields = RequestFields(fields)
    let kind = try fields.kind()
    let text = try fields.text(kind.rawValue) ?? ""
    switch kind {
    case .code:
      task = .run(code: text)
      form = try Self.form(fields)
    case .complete:
      task = .complete(text: text, cursor: try fields.cursor(in: text) ?? text.unicodeScalars.count)
    case .help: task = .help(subject: text, cursor: try fields.cursor(in: text))
    case .isComplete: task = .isComplete(text: text)
    }
  }

  private static func form(_ fields: RequestFields) throws -> ReplyForm {
    ReplyForm(
      name: try fields.text("name"), mediaTypes: try fields.mediaTypes("mime"),
      hasValues: try fields.flag("values") ?? true, width: try fields.count("width"),
      streams: try fields.flag("stream") ?? false)
  }
}

/// The fields of a request by their types.
private struct RequestFields {
  private let fields: JSONObject

  init(_ fields: JSONObject) { self.fields = fields }

  /// The task, beside which only its own options stand.
  func kind() throws -> ServedTask.Kind {
    let names = fields.members.map(\.key)
    let known = ["id"] + ServedTask.Kind.allCases.flatMap { [$0.rawValue] + $0.options }
    if let unknown = names.first(where: { !NameList(known).contains($0) }) {
      throw RequestFault.unknownField(unknown, known: Array(NameList(known)))
    }
    let kinds = ServedTask.Kind.allCases.filter { fields[$0.rawValue] != nil }
    guard let kind = kinds.first else { throw RequestFault.noTask }
    guard kinds.count == 1 else { throw RequestFault.severalTasks(kinds.map(\.rawValue)) }
    let allowed = NameList(["id", kind.rawValue] + kind.options)
    if let misplaced = names.first(where: { !allowed.contains($0) }) {
      throw RequestFault.misplacedField(misplaced, task: kind.rawValue)
    }
    return kind
  }

  func text(_ name: String) throws -> String? {
    try field(name, "a string") { if case .string(let text) = $0 { text } else { nil } }
  }

  func flag(_ name: String) throws -> Bool? {
    try field(name, "true or false") { if case .bool(let flag) = $0 { flag } else { nil } }
  }

  func count(_ name: String) throws -> Int? {
    try field(name, "a whole number above 0") { $0.integer.flatMap { $0 > 0 ? $0 : nil } }
  }

  func cursor(in text: String) throws -> Int? {
    let cursor = try field("cursor", "a whole number from 0") { $0.integer.flatMap { $0 >= 0 ? $0 : nil } }
    let length = text.unicodeScalars.count
    if let cursor, cursor > length { throw RequestFault.beyondText(cursor: cursor, length: length) }
    return cursor
  }

  func mediaTypes(_ name: String) throws -> [MediaType] {
    let known = MediaType.allCases.map(\.rawValue).joined(separator: ", ")
    return try field(name, "a list of \(known)") {
      guard case .array(let items) = $0 else { return nil }
      let types = items.compactMap { if case .string(let text) = $0 { MediaType(named: text) } else { nil } }
      return types.count == items.count ? types : nil
    } ?? []
  }

  /// nil where the field is absent or null.
  private func field<T>(_ name: String, _ expected: String, _ read: (JSONValue) -> T?) throws -> T? {
    guard let value = fields[name], !value.isNull || ServedTask.Kind(named: name) != nil else { return nil }
    guard let field = read(value) else {
      throw RequestFault.wrongType(field: name, expected: expected, found: value.description)
    }
    return field
  }
}
