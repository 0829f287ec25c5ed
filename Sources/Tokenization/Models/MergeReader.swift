import ExactText
import Faults

/// Reads the merges of a vocabulary.
struct MergeReader {
  typealias Merge = (left: Int32, right: Int32, token: Int32)

  enum Outcome {
    case merge(Merge)
    /// A piece, or what two become, is no entry.
    case missing(String)
  }

  private let vocabulary: Vocabulary
  /// What the second piece loses when it becomes a part of the first.
  private let prefix: [Unicode.Scalar]

  init(_ vocabulary: Vocabulary, continuingPrefix: String = "") {
    self.vocabulary = vocabulary
    prefix = Array(continuingPrefix.unicodeScalars)
  }

  func merge(_ left: String, _ right: String) -> Outcome {
    guard let first = vocabulary.id(of: left) else { return .missing(left) }
    guard let second = vocabulary.id(of: right) else { return .missing(right) }
    let rest = right.unicodeScalars.dropFirst(prefix.count)
    guard let node = vocabulary.trie.node(at: left.unicodeScalars),
      let token = vocabulary.trie.node(at: rest, from: node).flatMap(vocabulary.trie.id(at:))
    else { return .missing(left + String(rest)) }
    return .merge((Int32(first), Int32(second), Int32(token)))
  }

  /// The two pieces of a line.
  static func pair(_ line: String) -> (String, String)? {
    let parts = line.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    return (String(Substring(parts[0])), String(Substring(parts[1])))
  }

  /// The lines of a merges.txt, one merge each; those that begin with `#version` are none.
  ///
  /// - Throws: ``TokenizationFault/mergesMalformed(line:text:)``, ``TokenizationFault/mergeTokenMissing(line:token:)``.
  func merges(_ text: [UInt8]) throws -> [Merge] {
    var merges: [Merge] = []
    var steps = Steps()
    for (index, bytes) in Self.lines(text).enumerated() {
      try steps.next()
      guard let line = try String(interruptiblyValidating: bytes) else {
        throw TokenizationFault.mergesMalformed(line: index + 1, text: "no UTF-8")
      }
      if line.hasPrefix("#version") { continue }
      guard let (left, right) = Self.pair(line) else {
        throw TokenizationFault.mergesMalformed(line: index + 1, text: String(line.prefix(40)))
      }
      switch merge(left, right) {
      case .merge(let merge): merges.append(merge)
      case .missing(let token): throw TokenizationFault.mergeTokenMissing(line: index + 1, token: token)
      }
    }
    return merges
  }

  /// As Rust's `lines`: a carriage return before a line end belongs to it.
  private static func lines(_ text: [UInt8]) -> [ArraySlice<UInt8>] {
    var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines.map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }
  }
}
