import ExactText
import Faults
import JSONReading
import Rendering
import Results
import Scripting

/// Answers requests in one session: each with exactly one reply, whatever is wrong with it.
package final class RequestServer: SessionListener {
  private let interpreter: Interpreter
  private let write: (String) throws -> Void
  private var reply: ServedReply

  /// - Parameter write: writes a line as a whole, and at once.
  package init(_ interpreter: Interpreter, write: @escaping (String) throws -> Void) {
    (self.interpreter, self.write) = (interpreter, write)
    reply = ServedReply(to: nil, form: ReplyForm(), write: write)
    interpreter.listener = self
  }

  /// - Parameter line: without its end.
  /// - Throws: what writing throws.
  package func answer(_ line: [UInt8]) throws {
    begin(nil)
    var extra: Record = [:]
    let error = try failure {
      // Nothing stops here: a reply without its id would answer nobody.
      let fields = try ServedRequest.fields(of: line)
      begin(fields["id"])
      guard fields["id"] != nil else { throw RequestFault.noID }
      let request = try ServedRequest(fields)
      begin(fields["id"], request.form)
      extra = try Interruption.asking(interpreter.checkInterruption) { try carryOut(request) }
    }
    try reply.finish(error: error, extra)
  }

  /// Answers what is no request.
  package func refuse(_ fault: RequestFault) throws {
    begin(nil)
    try reply.finish(error: fault.located(nil))
  }

  private func begin(_ id: JSONValue?, _ form: ReplyForm = ReplyForm()) {
    reply = ServedReply(to: id, form: form, write: write)
  }

  /// What `body` fails with; nil when it does not.
  private func failure(_ body: () throws -> Void) throws -> Diagnostic? {
    do {
      try body()
      return nil
    } catch let closed as Console.Closed { throw closed } catch { return Diagnostic(of: error) }
  }

  /// - Returns: further fields of the reply.
  private func carryOut(_ request: ServedRequest) throws -> Record {
    switch request.task {
    case .run(let code):
      // What a person types in a cell may be a habit of the prompt, as `forward?` is.
      try interpreter.run(Source(name: request.form.name, text: interpreter.command(for: code)))
      return interpreter.isFinished ? ["finished": true] : [:]
    case .complete(let text, let cursor): return try complete(text, cursor)
    case .help(let subject, nil):
      try hear(
        CommandResult(
          command: "help", line: 1, value: .string(HelpText.text(on: subject, interpreter.registry))))
      return [:]
    case .help(let text, let cursor?):
      guard let help = Completer(interpreter).help(in: text, at: cursor) else { return [:] }
      try hear(CommandResult(command: "help", line: 1, value: .string(help)))
      return [:]
    case .isComplete(let text):
      let isComplete = Scripting.completeness(of: text, grammar: interpreter.registry) == .complete
      try reply.add(result: isComplete ? "true" : "false")
      return [:]
    }
  }

  private func complete(_ text: String, _ cursor: Int) throws -> Record {
    let offset = text.unicodeScalars.prefix(cursor).reduce(0) { $0 + UTF8.width($1) }
    let (start, candidates) = Completer(interpreter).candidates(in: text, at: offset)
    for candidate in candidates {
      try reply.add(
        result: JSONText.string([
          "text": .string(candidate.text), "description": candidate.description.map(Value.string) ?? .null,
          "whole": .bool(candidate.isWhole),
        ]))
    }
    let before = String(decoding: text.utf8.prefix(start), as: UTF8.self).unicodeScalars.count
    return ["start": Value(before), "end": Value(cursor)]
  }
}

// MARK: What the session says
extension RequestServer {
  package func hear(_ result: CommandResult) throws {
    var fields = JSONRenderer.fields(of: result)
    if !reply.form.hasValues { fields["result"] = nil }
    if !reply.form.mediaTypes.isEmpty { fields["mime"] = .record(try shown(result)) }
    try reply.add(result: JSONText.string(.record(fields)))
  }

  private func shown(_ result: CommandResult) throws -> Record {
    let settings = interpreter.session.settings
    let options = RenderOptions(
      width: reply.form.width ?? .max, precision: settings.precision, maxRows: settings.maxRows)
    var shown: Record = [:]
    for type in reply.form.mediaTypes {
      if let text = try result.text(as: type, options: options) { shown[type.rawValue] = .string(text) }
    }
    return shown
  }

  package func hear(warning: Diagnostic) { reply.add(warning: warning) }

  package func hear(note: String) { reply.add(note: note) }

  package func hear(progress: String) { reply.add(progress: progress) }
}

extension UTF8 {
  fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
    switch scalar.value {
    case ..<0x80: 1
    case ..<0x800: 2
    case ..<0x10000: 3
    default: 4
    }
  }
}
