import ExactText
import Faults

/// Why a value could not be saved.
public enum RenderingFault: Fault, Equatable {
  /// `found` is the extension with its dot, empty when there is none.
  case unknownExtension(path: String, found: String, known: [String])
  case notHeld(path: String, value: String, format: String, holds: String)
  case reservedName(path: String, name: String)
  case tooLarge(path: String, limit: String)
  /// A page of attention.
  case tooManyHeads(path: String, heads: Int, most: Int)

  public var code: String {
    switch self {
    case .unknownExtension: "unknown-extension"
    case .notHeld: "format-cannot-hold"
    case .reservedName: "reserved-name"
    case .tooLarge, .tooManyHeads: "file-too-large"
    }
  }

  public var message: String {
    switch self {
    case .unknownExtension(let path, let found, let known):
      "cannot save to \(path): \(found.isEmpty ? "no extension" : "unknown extension \(found)");"
        + " known are \(known.joined(separator: " "))"
    case .notHeld(let path, let value, let format, let holds):
      "cannot save a value of type \(value) to \(path): \(format) holds \(holds)"
    case .reservedName(let path, let name):
      "cannot save to \(path): the name \(name) is reserved by the format"
    case .tooLarge(let path, let limit): "cannot save to \(path): larger than \(limit)"
    case .tooManyHeads(let path, let heads, _):
      "cannot save to \(path): the attention of \(heads) heads on a text of this length makes a page that no browser opens in a moment"
    }
  }

  public var remedy: String? {
    switch self {
    case .unknownExtension(_, let found, let known):
      closest(to: found, in: known).map { "did you mean `\($0)`?" }
    case .notHeld: "save it as .json, which holds every value"
    case .tooLarge: "save its tensors one by one as .npy"
    case .tooManyHeads(_, _, let most):
      "draw at most \(most) heads of this text, as `heatmap L0-3H* \"heads.html\"`"
    case .reservedName: nil
    }
  }
}
