import ExactText
import Faults
import JSONReading
import Rendering
import Results
import Scripting

/// What is told of one request: a line of JSON, and lines before it where the request asked for them as things happen.
struct ServedReply {
  /// As it came, written as JSON.
  private let id: String
  let form: ReplyForm
  private let write: (String) throws -> Void
  /// JSON of each.
  private var results: [String] = []
  private var warnings: [String] = []
  private var notes: [String] = []
  private var nextProgress = ContinuousClock.now

  /// Nobody reads faster.
  private static let progressInterval = Duration.milliseconds(100)

  /// - Parameter write: writes a line as a whole.
  init(to id: JSONValue?, form: ReplyForm, write: @escaping (String) throws -> Void) {
    (self.id, self.form, self.write) = (id?.text ?? "null", form, write)
  }

  mutating func add(result: String) throws {
    if form.streams { return try tell("result", result) }
    try MemoryBudget.current?.note(result.utf8.count)
    results.append(result)
  }

  /// A reader that has gone is noticed at the reply.
  mutating func add(warning: Diagnostic) {
    let warning = JSONText.own(.record(warning.told))
    if form.streams { try? tell("warning", warning) } else { warnings.append(warning) }
  }

  mutating func add(note: String) {
    let note = JSONText.own(.string(note))
    if form.streams { try? tell("note", note) } else { notes.append(note) }
  }

  mutating func add(progress: String) {
    guard form.streams, progress.isEmpty || ContinuousClock.now >= nextProgress else { return }
    nextProgress = .now + Self.progressInterval
    try? tell("progress", JSONText.own(.string(progress)))
  }

  /// A line before the reply.
  private func tell(_ what: String, _ json: String) throws {
    try write("{\"id\": \(id), \"\(what)\": \(json)}")
  }

  /// The reply's line.
  ///
  /// - Parameter fields: besides those that every reply has.
  func finish(error: Diagnostic?, _ fields: Record = [:]) throws {
    var members = [
      "\"id\": \(id)", "\"results\": [\(results.joined(separator: ", "))]",
      "\"error\": \(error.map { JSONText.own(.record($0.told)) } ?? "null")",
    ]
    members += fields.map { "\(jsonString($0.key)): \(JSONText.own($0.value))" }
    members += [
      "\"warnings\": [\(warnings.joined(separator: ", "))]", "\"notes\": [\(notes.joined(separator: ", "))]",
    ]
    try write("{\(members.joined(separator: ", "))}")
  }
}

extension JSONText {
  /// Of what is short and ours, whatever the user has asked to stop.
  fileprivate static func own(_ value: Value) -> String {
    do { return try Interruption.asking({}) { try string(value) } } catch {
      preconditionFailure("strings and numbers without interruption: \(error)")
    }
  }
}

extension Diagnostic {
  /// Its fields, and its text as a person sees it, with the line and the caret.
  fileprivate var told: Record {
    var fields = fields
    fields["text"] = .string(rendered())
    return fields
  }
}
