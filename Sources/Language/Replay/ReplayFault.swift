import ExactText
import Faults

/// What can go wrong with records, expectations and dependences.
enum ReplayFault: Fault {
  case recordExists(path: String)
  case recordInUse(path: String)
  case alreadyRecording(path: String)
  case notRecording
  case cannotRecord(path: String, reason: String)
  case notAResult(String)
  case madeHere(String)
  case unrepeatable(String, reason: String)
  case sourcesElsewhere(String, folder: String)
  case resetInside
  case recordInside
  case undoInside
  case undoInShare
  case nothingToTakeBack

  var code: String {
    switch self {
    case .recordExists: "record-exists"
    case .recordInUse: "record-in-use"
    case .alreadyRecording: "already-recording"
    case .notRecording: "not-recording"
    case .cannotRecord: "cannot-record"
    case .notAResult: "not-a-result"
    case .madeHere: "made-here"
    case .unrepeatable: "unrepeatable"
    case .sourcesElsewhere: "sources-elsewhere"
    case .resetInside: "reset-inside"
    case .recordInside: "record-inside"
    case .undoInside: "undo-inside"
    case .undoInShare: "undo-in-share"
    case .nothingToTakeBack: "nothing-to-undo"
    }
  }

  var message: String {
    switch self {
    case .recordExists(let path): "\(path) exists already"
    case .recordInUse(let path): "another session records to \(path)"
    case .alreadyRecording(let path): "commands are being recorded to \(path) already"
    case .notRecording: "no commands are being recorded"
    case .cannotRecord(let path, let reason): "cannot record to \(path): \(reason)"
    case .notAResult(let text): "`\(text)` is no variable"
    case .madeHere(let name): "`\(name)` is made by the statement that saves its script"
    case .unrepeatable(let text, let reason):
      "the result depends on `\(firstLine(text))`, which \(reason), so that a script cannot repeat it"
    case .sourcesElsewhere(let text, _):
      "the result depends on `\(firstLine(text))`, whose path starts from another folder than the script would be in"
    case .recordInside: "`record` begins in a statement that has changed the session"
    case .undoInside: "`undo` stands alone at the top level of a script or at the prompt"
    case .undoInShare: "`undo` cannot take back what a run for one share leaves out"
    case .nothingToTakeBack: "no command before this has changed the session, as far back as `undo` goes"
    case .resetInside: "`reset` stands alone at the top level of a script or at the prompt"
    }
  }

  var remedy: String? {
    switch self {
    case .recordExists: "add to it with `record FILE append`, or choose another name"
    case .recordInUse: "choose another name"
    case .alreadyRecording: "end that with `record off`"
    case .notAResult: "`save script` takes the name of a variable, or `_`"
    case .madeHere: "save it in a statement of its own, outside of blocks and sourced scripts"
    case .sourcesElsewhere(_, let folder): "save it in \(folder)"
    case .cannotRecord: "recording has ended"
    case .recordInside: "begin it in a statement of its own, outside of blocks and sourced scripts"
    case .notRecording, .unrepeatable, .resetInside, .undoInside, .undoInShare, .nothingToTakeBack: nil
    }
  }

  private func firstLine(_ text: String) -> String {
    let lines = text.split(separator: "\n", maxSplits: 1)
    return lines.count > 1 ? "\(lines[0])…" : text
  }
}
