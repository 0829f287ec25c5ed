import ExactText
import Faults

/// The most probable way to cut a text into entries (Kudo 2018), `Unigram` of Hugging Face `tokenizers`.
///
/// Entries have logarithms of probabilities. For each place the best way to end there is kept, so that n characters take time
/// n times the length of an entry. A character that begins no entry of its own costs 10 more than the least probable entry;
/// neighbouring ones become one unknown token.
///
/// A class, so that handing it on costs nothing.
final class Unigram: Sendable {
  let vocabulary: Vocabulary
  /// By id.
  private let scores: [Double]
  private let unknown: Int32?
  /// For unknown text, where its bytes are entries.
  private let byteTokens: [Int32?]?
  private let unknownScore: Double

  private static let unknownPenalty = 10.0

  /// - Parameters:
  ///   - scores: by id.
  ///   - byteTokens: by byte; nil where unknown text is one token.
  init(vocabulary: Vocabulary, scores: [Double], unknown: Int32?, byteTokens: [Int32?]?) {
    (self.vocabulary, self.scores) = (vocabulary, scores)
    (self.unknown, self.byteTokens) = (unknown, byteTokens)
    unknownScore = (scores.min() ?? 0) - Self.unknownPenalty
  }

  private struct Node {
    var score = 0.0
    /// -1 where no way ends.
    var start: Int32 = -1
    var id: Int32 = -1
  }

  /// As ``TokenModel/forEachToken(of:in:_:_:)``.
  func forEachToken(
    of piece: Range<Int>, in text: [Unicode.Scalar], _ body: (Int32?, Range<Int>) throws -> Void
  ) throws {
    let nodes = try bestWays(piece, text)
    // From the end: what is unknown in a run is one part.
    var parts: [(id: Int32?, range: Range<Int>)] = []
    var end = piece.count
    var steps = Steps()
    var wasUnknown = false
    while end > 0 {
      try steps.next()
      let node = nodes[end]
      let range = piece.lowerBound + Int(node.start)..<piece.lowerBound + end
      let isUnknown = node.id < 0 || node.id == unknown
      if isUnknown, wasUnknown, let last = parts.popLast() {
        parts.append((nil, range.lowerBound..<last.range.upperBound))
      } else {
        parts.append((isUnknown ? nil : node.id, range))
      }
      wasUnknown = isUnknown
      end = Int(node.start)
    }
    for part in parts.reversed() {
      try steps.next()
      if let id = part.id ?? vocabulary.id(ofText: text[part.range]) {
        try body(id, part.range)
      } else {
        try unknownTokens(of: part.range, in: text, body)
      }
    }
  }

  private func unknownTokens(
    of range: Range<Int>, in text: [Unicode.Scalar], _ body: (Int32?, Range<Int>) throws -> Void
  ) throws {
    guard let byteTokens else { return try body(unknown, range) }
    let bytes = text[range].flatMap { String($0).utf8 }
    let tokens = bytes.map { byteTokens[Int($0)] }
    guard tokens.allSatisfy({ $0 != nil }) else { return try body(unknown, range) }
    for token in tokens { try body(token, range) }
  }

  /// The best way to each place of the piece.
  private func bestWays(_ piece: Range<Int>, _ text: [Unicode.Scalar]) throws -> [Node] {
    var nodes = [Node](repeating: Node(), count: piece.count + 1)
    var steps = Steps()
    func offer(_ end: Int, _ score: Double, _ start: Int, _ id: Int32) {
      guard nodes[end].start < 0 || score > nodes[end].score else { return }
      nodes[end] = Node(score: score, start: Int32(start), id: id)
    }
    for start in 0..<piece.count {
      try steps.next()
      let score = nodes[start].score
      var hasCharacter = false
      vocabulary.trie.forEachPiece(in: text, piece.lowerBound + start..<piece.upperBound) { id, end in
        let end = end - piece.lowerBound
        offer(end, scores[Int(id)] + score, start, id)
        if end == start + 1 { hasCharacter = true }
      }
      if !hasCharacter { offer(start + 1, unknownScore + score, start, -1) }
    }
    return nodes
  }
}
