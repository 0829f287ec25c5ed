import Transformers
import Testing

@testable import Measurement

@Suite struct PseudoLikelihoodTests {
  /// [CLS] one word, a word of three pieces, [SEP]; 99 is the mask.
  private func masked(_ masking: PseudoLikelihood.Masking) -> [[Int32]] {
    probes(masking).map(\.ids)
  }

  private func probes(_ masking: PseudoLikelihood.Masking) -> [Probe] {
    PseudoLikelihood.probes(
      ids: [2, 10, 11, 12, 13, 3], types: [0, 0, 0, 0, 0, 0], words: [nil, 0, 1, 1, 1, nil], maskToken: 99,
      masking: masking)
  }

  @Test func tokensAreMaskedAlone() {
    #expect(
      masked(.token) == [
        [2, 99, 11, 12, 13, 3], [2, 10, 99, 12, 13, 3], [2, 10, 11, 99, 13, 3], [2, 10, 11, 12, 99, 3],
      ])
  }

  @Test func laterPiecesOfAWordAreMaskedToo() {
    #expect(
      masked(.leftToRight) == [
        [2, 99, 11, 12, 13, 3], [2, 10, 99, 99, 99, 3], [2, 10, 11, 99, 99, 3], [2, 10, 11, 12, 99, 3],
      ])
  }

  /// Words are numbered in each text of a pair.
  @Test func wordsOfTheSameNumberInTwoTextsAreTwo() {
    let probes = PseudoLikelihood.probes(
      ids: [2, 10, 3, 11, 3], types: [0, 0, 0, 1, 1], words: [nil, 0, nil, 0, nil], maskToken: 99,
      masking: .leftToRight)
    #expect(probes.map(\.ids) == [[2, 99, 3, 11, 3], [2, 10, 3, 99, 3]])
  }

  @Test func theProbesReadTheTokenThatWasThere() {
    #expect(probes(.token).map(\.target) == [1, 2, 3, 4])
    for (probe, id) in zip(probes(.token), [10, 11, 12, 13]) {
      #expect(
        probe.quantity
          == QuantityOfInterest(terms: [
            .init(coefficient: 1, readout: .logProbability, output: .token(id))
          ]))
    }
  }
}
