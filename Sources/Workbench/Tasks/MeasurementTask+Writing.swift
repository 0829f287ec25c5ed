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
    guard path.lowercased().hasSuffix(kind.fileExtension) else {
      throw TaskWritingFault.extension(path: path, kind: kind)
    }
    let bytes = Array(try rows.interruptibleMap { try line(of: $0) + "\n" }.joined().utf8)
    // A sentence may hold what tells a file's kind or ends a row: a tab, a byte order mark.
    guard
      let back = try unlessItFails({
        try MeasurementTask(
          name: name, bytes: bytes, path: path, strict: true, check: Interruption.check)
      }),
      back.kind == kind,
      back.rows.elementsEqual(
        rows, by: { $0.content == $1.content && $0.caseName == $1.caseName })
    else { throw TaskWritingFault.changed(path: path) }
    return bytes
  }

  private func line(of row: Row) throws -> String {
    switch row.content {
    case .masked(let sentence, let correct, let wrong):
      [name, row.caseName, sentence, correct, wrong].joined(separator: "\t")
    case .labelled(let sentence, let label): "\(sentence)\t\(label)"
    case .pair(let good, let bad, let id):
      try JSONText.string([
        "sentence_good": .string(good), "sentence_bad": .string(bad), "UID": .string(row.caseName),
        "pairID": .string(id),
      ])
    case .text(let sentence): sentence
    }
  }
}

extension MeasurementTask.Kind {
  /// By which a file of such rows is recognised.
  fileprivate var fileExtension: String {
    switch self {
    case .masked, .labels: ".tsv"
    case .pairs: ".jsonl"
    case .text: ".txt"
    }
  }
}

/// Why a task cannot be written as rows.
enum TaskWritingFault: Fault, Equatable {
  case `extension`(path: String, kind: MeasurementTask.Kind)
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
    case .extension(let path, let kind):
      "cannot save to \(path): a task of \(kind.noun) is written as \(kind.fileExtension)"
    case .changed(let path): "cannot save to \(path): `task` would read other rows back"
    }
  }

  var remedy: String? {
    switch self {
    case .extension(_, let kind):
      "give the file the extension \(kind.fileExtension), or save the field rows as .json"
    case .changed: "save the field rows as .json"
    }
  }
}
