import Transformers

/// Log-likelihood of a text under a causal language model: the log-probabilities of its tokens, each given those before it.
///
///     log P(W) = sum_t log P(w_t | w_1 ... w_(t-1)),   perplexity = exp(-log P(W) / tokens)
///
/// The first token has nothing before it and is not scored; where the tokenizer puts a token for the begin of a text in front,
/// the text's own first token is the second, and is.
public enum NextTokenLikelihood {
  /// A probe for each token that is scored, in order: its value is the token's log-probability, read where the token before it
  /// is.
  ///
  /// - Parameter words: (n) the word each token is a piece of, nil for tokens that are not asked for.
  public static func probes(
    ids: [Int32], types: [Int32], words: [Int?], interventions: Interventions = .none
  ) -> [Probe] {
    precondition(words.count == ids.count, "\(ids.count) ids, \(words.count) words")
    return ids.indices.dropFirst().compactMap { position in
      guard words[position] != nil else { return nil }
      let quantity = QuantityOfInterest(terms: [
        .init(coefficient: 1, readout: .logProbability, output: .token(Int(ids[position])))
      ])
      return Probe(
        ids: ids, types: types, target: position - 1, quantity: quantity, interventions: interventions)
    }
  }
}
