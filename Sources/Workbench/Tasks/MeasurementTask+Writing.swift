import ExactText
import Faults
import Language
import Measurement
import Rendering
import Results

extension MeasurementTask {
  /// The rows as ``init(name:bytes:path:kind:strict:check:)`` reads them from a file of this name.
  ///
  /// - Throws: ``TaskWritingFault``, also when the rows would not read back as they are.
  func bytes(for path: String) throws -> [UInt8] {
    // Sentences with a second column are no lines of text.
    let needed = kind == .text && hasCounterfactuals ? ".tsv" : kind.fileExtension
    guard path.lowercased().hasSuffix(needed) else {
      throw TaskWritingFault.extension(path: path, kind: kind, needed)
    }
    let lines = try rows.interruptibleMap { try line(of: $0) + "\n" }
    let bytes = Array((header + lines.joined()).utf8)
    // A sentence may hold what tells a file's kind or ends a row: a tab, a byte order mark.
    guard
      let back = try unlessItFails({
        try MeasurementTask(
          name: name, bytes: bytes, path: path, answers: answers, strict: true, check: Interruption.check)
      }),
      back.kind == kind,
      back.rows.elementsEqual(
        rows,
        by: {
          $0.content == $1.content && $0.caseName == $1.caseName && $0.counterfactual == $1.counterfactual
        })
    else { throw TaskWritingFault.changed(path: path) }
    return bytes
  }

  private var hasCounterfactuals: Bool { rows.contains { $0.counterfactual != nil } }

  /// The names of columns that cannot be told by their number.
  private var header: String {
    guard hasCounterfactuals else { return "" }
    return switch kind {
    case .labels: "sentence\tlabel\tcounterfactual\n"
    case .text: "sentence\tcounterfactual\n"
    case .masked, .pairs, .prefixes, .greaterThan: ""
    }
  }

  private var answers: Answers {
    guard case .prefix(_, _, _, .ids)? = rows.first?.content else { return .words }
    return .ids
  }

  private func line(of row: Row) throws -> String {
    let other = row.counterfactual.map { ["\t", $0].joined() } ?? ""
    switch row.content {
    case .masked(let sentence, let correct, let wrong):
      return [name, row.caseName, sentence, correct, wrong].joined(separator: "\t") + other
    case .labelled(let sentence, let label):
      return "\(sentence)\t\(label)" + (hasCounterfactuals && other.isEmpty ? "\t" : other)
    case .pair(let good, let bad, let id):
      return try JSONText.string([
        "sentence_good": .string(good), "sentence_bad": .string(bad), "UID": .string(row.caseName),
        "pairID": .string(id),
      ])
    case .text(let sentence): return sentence + (hasCounterfactuals && other.isEmpty ? "\t" : other)
    case .prefix(let text, let correct, let wrong, let answers):
      return try object(
        of: row,
        answers == .words
          ? ["clean_prefix": .string(text), "clean_answer": .string(correct), "patch_answer": .string(wrong)]
          : ["clean_prefix": .string(text), "correct_idx": id(correct), "incorrect_idx": id(wrong)])
    case .greaterThan(let text, let year):
      return try object(of: row, ["clean": .string(text), "label": .string(year)])
    }
  }

  private func id(_ text: String) -> Value { Double(text).map(Value.number) ?? .null }

  private func object(of row: Row, _ fields: Record) throws -> String {
    var fields = fields
    if let counterfactual = row.counterfactual { fields["corrupted"] = .string(counterfactual) }
    fields["case"] = .string(row.caseName)
    return try JSONText.string(.record(fields))
  }
}

extension MeasurementTask.Kind {
  /// By which a file of such rows is recognised.
  fileprivate var fileExtension: String {
    switch self {
    case .masked, .labels: ".tsv"
    case .pairs, .prefixes, .greaterThan: ".jsonl"
    case .text: ".txt"
    }
  }
}

/// Why a task cannot be written as rows.
enum TaskWritingFault: Fault, Equatable {
  case `extension`(path: String, kind: MeasurementTask.Kind, String)
  /// The rows that would be read back are others.
  case changed(path: String)

  var code: String {
    switch self {
    case .extension: "task-extension"
    case .changed: "task-not-writable"
    }
  }

  var message: String {
    switch self {
    case .extension(let path, let kind, let needed):
      "cannot save to \(path): a task of \(kind.noun) is written as \(needed)"
    case .changed(let path): "cannot save to \(path): `task` would read other rows back"
    }
  }

  var remedy: String? {
    switch self {
    case .extension(_, _, let needed):
      "give the file the extension \(needed), or save the field rows as .json"
    case .changed: "save the field rows as .json"
    }
  }
}
