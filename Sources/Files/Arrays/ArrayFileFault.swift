import Faults

/// What can be wrong with a file of arrays.
enum ArrayFileFault: Fault, Equatable {
  /// The file, or a part of it, is not as its format says. `part` is empty for the whole.
  case malformed(path: String, part: String, expected: String, found: String)
  /// The format has it, and it is not read here.
  case unsupported(path: String, part: String, what: String, remedy: String)
  case unknownExtension(path: String, known: [String])

  var code: String {
    switch self {
    case .malformed: "array-file"
    case .unsupported: "array-file-unsupported"
    case .unknownExtension: "unknown-extension"
    }
  }

  var message: String {
    switch self {
    case .malformed(let path, let part, let expected, let found):
      "\(Self.place(path, part)): expected \(expected), found \(found)"
    case .unsupported(let path, let part, let what, _): "\(Self.place(path, part)): \(what) is not read"
    case .unknownExtension(let path, let known):
      "cannot read \(path): `read` takes \(known.joined(separator: " "))"
    }
  }

  var remedy: String? {
    switch self {
    case .malformed: nil
    case .unsupported(_, _, _, let remedy): remedy
    case .unknownExtension: "`task` reads rows of sentences, `source` a script"
    }
  }

  private static func place(_ path: String, _ part: String) -> String {
    part.isEmpty ? path : "\(path): \(quoted(part))"
  }
}
