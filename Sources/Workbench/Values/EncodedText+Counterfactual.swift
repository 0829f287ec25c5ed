import ExactText
import Language
import Results
import Tokenization

extension EncodedText {
  /// - Throws: ``TextFault/noCounterfactual`` where there is none.
  func requireCounterfactual() throws -> Encoding {
    guard let counterfactual else { throw TextFault.noCounterfactual(text: source.text) }
    return counterfactual
  }

  /// The counterfactual as the text, beside which this one stands: what the other direction of an intervention reads.
  ///
  /// - Throws: ``TextFault/noCounterfactual`` where there is none.
  func exchanged(_ model: LoadedModel) throws -> EncodedText {
    guard let other = source.exchanged else { throw TextFault.noCounterfactual(text: source.text) }
    return try EncodedText(other, model: model).asked(question)
  }

  /// Positions at which the counterfactual has another token.
  var differingPositions: [Int] {
    guard let counterfactual else { return [] }
    return encoding.ids.indices.filter { encoding.ids[$0] != counterfactual.ids[$0] }
  }

  /// Both texts side by side, differing tokens marked; without a counterfactual one line.
  var display: Value {
    guard let counterfactual else { return .string(summary) }
    return .table(
      Table(
        columns: ["position", "token", "counterfactual", "differs"],
        rows: encoding.ids.indices.map { position in
          [
            Value(position), .string(encoding.tokens[position]), .string(counterfactual.tokens[position]),
            .string(encoding.ids[position] == counterfactual.ids[position] ? "" : "*"),
          ]
        }))
  }
}

/// Where two texts of different numbers of tokens part.
package struct TokenizationDifference: Sendable, Equatable {
  /// Of the text, and of its counterfactual.
  let counts: (Int, Int)
  let position: Int
  /// What stands from there on in each until they agree again.
  let tokens: ([String], [String])

  package static func == (a: TokenizationDifference, b: TokenizationDifference) -> Bool {
    a.counts == b.counts && a.position == b.position && a.tokens.0 == b.tokens.0
      && a.tokens.1 == b.tokens.1
  }

  /// Where both have as many words, the first word of which they have different numbers of pieces; else what is left
  /// without the tokens that both begin and end with.
  init(_ text: Encoding, _ counterfactual: Encoding) {
    counts = (text.count, counterfactual.count)
    if let (a, b) = Self.word(text, counterfactual) {
      position = a.lowerBound
      tokens = (Array(text.tokens[a]), Array(counterfactual.tokens[b]))
      return
    }
    let shorter = min(text.count, counterfactual.count)
    let start = (0..<shorter).first { text.ids[$0] != counterfactual.ids[$0] } ?? shorter
    let end =
      (0..<shorter - start).first {
        text.ids[text.count - 1 - $0] != counterfactual.ids[counterfactual.count - 1 - $0]
      } ?? shorter - start
    position = start
    tokens = (
      Array(text.tokens[start..<text.count - end]),
      Array(counterfactual.tokens[start..<counterfactual.count - end])
    )
  }

  private static func word(_ text: Encoding, _ other: Encoding) -> (Range<Int>, Range<Int>)? {
    let (a, b) = (text.wordRanges, other.wordRanges)
    guard a.count == b.count else { return nil }
    return zip(a, b).first { $0.count != $1.count }
  }
}

extension Encoding {
  /// The tokens of each word, in order; tokens around the texts are left out.
  fileprivate var wordRanges: [Range<Int>] {
    var ranges: [Range<Int>] = []
    for position in words.indices where words[position] != nil {
      if position > 0, words[position - 1] == words[position], let last = ranges.last {
        ranges[ranges.count - 1] = last.lowerBound..<position + 1
      } else {
        ranges.append(position..<position + 1)
      }
    }
    return ranges
  }
}
