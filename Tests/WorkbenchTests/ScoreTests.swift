import Foundation
import Testing

@Suite struct ScoreTests {
  private struct Score: Decodable {
    let tokens: [String]
    let logprobs: [Double?]
    let score: Double
    let score_per_token: Double
  }

  /// Within 2e-5 a token of the float64 reference.
  @Test(arguments: ["token", "l2r"]) func everyTokenHasTheReferencesLogProbability(within: String) throws {
    var largest = 0.0
    for expected in try ScoreFixture.read().scores {
      let score: Score = try jsonResult(
        "load \"demo\"\nscore \"\(expected.text)\" within=\(within)")
      let reference = within == "l2r" ? expected.l2r : expected.token
      #expect(score.tokens == expected.tokens)
      #expect(score.logprobs.map { $0 == nil } == reference.map { $0 == nil }, "\(expected.text)")
      for (x, y) in zip(score.logprobs, reference) { largest = max(largest, abs((x ?? 0) - (y ?? 0))) }
      let values = reference.compactMap { $0 }
      #expect(abs(score.score - values.reduce(0, +)) < 2e-5 * Double(values.count))
      #expect(abs(score.score_per_token - values.mean) < 2e-5)
    }
    #expect(largest < 2e-5, "\(largest)")
  }

  private static let pairs = """
    {"sentence_good": "the cats sleep .", "sentence_bad": "the cats sleeps .", "UID": "agreement", "pairID": "0"}
    {"sentence_good": "a b .", "sentence_bad": "a  b .", "UID": "tie", "pairID": "1"}

    """

  private struct Pairs: Decodable {
    struct Pair: Decodable {
      let line: Int
      let `case`: String
      let score_good: Double
      let score_bad: Double
      let correct: Bool
    }

    struct Case: Decodable {
      let rows: Int
      let accuracy: Double
    }

    let rows: Int
    let accuracy: Double
    let qoi_mean: Double
    let cases: [String: Case]
    let pairs: [Pair]
  }

  /// The two sentences of the second pair are the same tokens.
  @Test func aTieIsWrong() throws {
    let shell = try TestShell()
    let path = shell.path("pairs.jsonl")
    try Self.pairs.write(toFile: path, atomically: true, encoding: .utf8)
    let result: Pairs = try jsonResult("load \"demo\"\nscore(task(\"\(path)\"))")
    #expect(result.rows == 2)
    #expect(result.accuracy == 0.5)
    #expect(result.cases["agreement"]?.accuracy == 1)
    #expect(result.cases["tie"]?.accuracy == 0)
    #expect(result.pairs.map(\.correct) == [true, false])
    #expect(result.pairs[1].score_good == result.pairs[1].score_bad)
    let differences = result.pairs.map { $0.score_good - $0.score_bad }
    #expect(abs(result.qoi_mean - differences.mean) < 1e-12)

    let alone: Score = try jsonResult("load \"demo\"\nscore \"the cats sleep .\"")
    #expect(abs(alone.score - result.pairs[0].score_good) < 1e-4)
    let measured: Double = try jsonResult("load \"demo\"\naccuracy(task(\"\(path)\"))")
    #expect(measured == 0.5)
  }

  @Test func plainTextHasAMeanPerToken() throws {
    let shell = try TestShell()
    let path = shell.path("sentences.txt")
    let texts = ["the cat sat on the mat .", "the traveler lost the souvenir ."]
    try texts.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
    struct Measured: Decodable {
      let rows: Int
      let tokens: Int
      let score_per_token: Double
      let pseudo_perplexity: Double
    }
    let measured: Measured = try jsonResult("load \"demo\"\nmeasure(task(\"\(path)\"))")
    let scores: [Score] = try texts.map { try jsonResult("load \"demo\"\nscore \"\($0)\"") }
    let tokens = scores.map { $0.logprobs.compactMap { $0 }.count }.reduce(0, +)
    let mean = scores.map(\.score).reduce(0, +) / Double(tokens)
    #expect(measured.rows == 2 && measured.tokens == tokens)
    #expect(abs(measured.score_per_token - mean) < 1e-5)
    #expect(abs(measured.pseudo_perplexity - exp(-mean)) < 1e-4 * exp(-mean))
    #expect(
      shell.failure("load \"demo\"\naccuracy(task(\"\(path)\"))").contains("holds plain sentences"))
  }

  @Test(arguments: [
    ("score", "there is no current text"), ("score \"[MASK]\"", "nothing of"),
    ("score \"a\" rows=2", "`rows` does not apply"),
    ("score sva_obj", "only minimal pairs and plain sentences"),
    ("score sva_obj pair=\"x\"", "`pair` does not apply"),
    ("score 3", "expects a text or a task, found number"),
  ])
  func refuses(command: String, message: String) throws {
    let failure = try TestShell().failure("load \"demo\"\n\(command)")
    #expect(failure.contains(message), "\(failure)")
  }
}
