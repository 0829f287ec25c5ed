import Transformers

/// Pseudo-log-likelihood of a text under a masked language model (Salazar et al., ACL 2020): each token is masked in
/// turn, and the log-probabilities of the tokens in their own places add up.
///
///     PLL(W) = sum_t log P(w_t | W without w_t)
public enum PseudoLikelihood {
  /// What is masked when a token is asked for.
  public enum Masking: Sendable, Equatable {
    /// The token alone (Salazar et al. 2020).
    case token
    /// The token and the later pieces of its word: PLL-word-l2r (Kauf and Ivanova, ACL 2023). A word of several pieces
    /// is no longer given away by its own end.
    case leftToRight
  }

  /// A probe for each token that has a word, in order: its value is the token's log-probability.
  ///
  /// - Parameters:
  ///   - words: (n) the word each token is a piece of, nil for tokens that are not asked for. Pieces of one word are
  ///     neighbours.
  ///   - maskToken: the id of [MASK].
  public static func probes(
    ids: [Int32], types: [Int32], words: [Int?], maskToken: Int32, masking: Masking,
    interventions: Interventions = .none
  ) -> [Probe] {
    precondition(words.count == ids.count, "\(ids.count) ids, \(words.count) words")
    return ids.indices.compactMap { position in
      guard let word = words[position] else { return nil }
      var masked = ids
      masked[position] = maskToken
      if masking == .leftToRight {
        for later in words.indices.dropFirst(position + 1).prefix(while: { words[$0] == word }) {
          masked[later] = maskToken
        }
      }
      let quantity = QuantityOfInterest(terms: [
        .init(coefficient: 1, readout: .logProbability, output: .token(Int(ids[position])))
      ])
      return Probe(
        ids: masked, types: types, target: position, quantity: quantity, interventions: interventions)
    }
  }
}
