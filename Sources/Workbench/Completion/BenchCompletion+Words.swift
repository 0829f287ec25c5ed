import ExactText
import Language

// Words of the vocabulary.
extension BenchCompletion {
  func vocabulary(_ word: String) -> [Candidate] {
    guard let vocabulary = bench.model?.tokenizer.vocabulary else { return [] }
    return vocabulary.tokens(withPrefix: word, limit: 200).map { token in
      Candidate(token, vocabulary.id(of: token).map { "id \($0)" })
    }
  }

  /// A term of `qoi`: a word, or one in the brackets of what is read of it.
  func quantities(_ word: String) -> [Candidate] {
    guard let bracket = word.firstIndex(of: "["), bracket > word.startIndex else {
      return Self.readers.map { Candidate($0.name + "[", $0.what, isWhole: false) }
        + [
          Candidate("at=", "position to read", isWhole: false), Candidate("none", "no quantity of interest"),
        ]
        + vocabulary(word)
    }
    let (reader, typed) = (word[...bracket], String(word[word.index(after: bracket)...]))
    if typed.hasPrefix("{"), let last = typed.lastIndex(where: { $0 == "{" || $0 == "," }) {
      let before = String(reader) + typed[...last]
      return vocabulary(String(typed[typed.index(after: last)...])).map {
        Candidate(before + $0.text, $0.description, isWhole: false)
      }
    }
    let inside = reader == "label[" ? labels : vocabulary(typed)
    return inside.map { Candidate(reader + $0.text + "]", $0.description) }
  }

  private static let readers = [
    (name: "logit", what: "as the word alone"), (name: "logprob", what: "log-probability of a word"),
    (name: "prob", what: "probability of a word"), (name: "label", what: "output of the classifier"),
  ]

  private var labels: [Candidate] {
    guard let model = bench.model, model.hasClassifier else { return [] }
    return model.configuration.labels.enumerated().map { Candidate($0.element, "label \($0.offset)") }
  }
}
