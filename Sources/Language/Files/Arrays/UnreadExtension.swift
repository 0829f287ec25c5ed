import ExactText
import Faults

/// `read` was given a file of another kind.
struct UnreadExtension: Fault, Equatable {
  let path: String
  /// With their dots.
  let known: [String]

  var code: String { "unknown-extension" }

  var message: String { "cannot read \(path): `read` takes \(known.joined(separator: " "))" }

  var remedy: String? { "`task` reads rows of sentences, `source` a script" }
}
