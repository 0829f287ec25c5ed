import Faults
import Rendering
import Results
import Scripting

extension Diagnostic {
  /// One line: `{"error": {"code": "head-range", "message": "...", "file": "a.ipscript", "line": 3, "column": 8, "notes":
  /// []}}`, with `warning` in place of `error` for warnings.
  ///
  /// `file`, `line` and `column` are null where there is no place, `file` alone at the prompt. `calls` has the calls of
  /// functions that led there, innermost first, and `included_from` the `source` commands; both are lists of places.
  var json: String {
    // Whatever has stopped a command does not stop the message about it.
    do {
      return try Interruption.asking({}) {
        try JSONText.string(.record([severity.rawValue: .record(fields)]))
      }
    } catch {
      preconditionFailure("strings and numbers without interruption: \(error)")
    }
  }

  /// What a program is told of it.
  var fields: Record {
    var fields: Record = ["code": .string(code), "message": .string(message)]
    fields.state(span)
    fields["notes"] = .strings(notes)
    if !calls.isEmpty { fields["calls"] = .list(calls.map(\.json)) }
    let inclusions = sequence(first: span?.source.includedFrom) { $0?.source.includedFrom }
      .prefix { $0 != nil }
      .map { place in
        var record: Record = [:]
        record.state(place)
        return Value.record(record)
      }
    if !inclusions.isEmpty { fields["included_from"] = .list(inclusions) }
    return fields
  }
}

extension Diagnostic.FunctionCall {
  fileprivate var json: Value {
    var record: Record = ["function": .string(function)]
    record.state(span)
    return .record(record)
  }
}

extension Record {
  /// Adds a place.
  fileprivate mutating func state(_ span: Span?) {
    let start = span?.start
    self["file"] = span?.source.name.map(Value.string) ?? .null
    self["line"] = start.map { Value($0.line) } ?? .null
    self["column"] = start.map { Value($0.column) } ?? .null
  }
}
