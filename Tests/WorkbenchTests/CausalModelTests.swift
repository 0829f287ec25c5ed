import Foundation
import FixtureFiles
import Testing

@testable import Workbench

/// What a user of a causal model meets at each verb, on the embedded decoder.
@Suite struct CausalModelTests {
  private func shell(_ text: String = "When Mary and John went to the store, John gave a drink to") throws
    -> TestShell
  {
    let shell = try TestShell()
    try shell.run("load \"demo-gpt2\"\ntext \"\(text)\"")
    return shell
  }

  @Test func modelsSayWhatTheyAre() throws {
    let shell = try shell()
    let fields = "print model().family model().causal_lm model().masked_lm"
    #expect(try shell.run(fields) == "GPT-2 true false\n")
  }

  @Test func tokensAndIdsAreThoseOfTransformers() throws {
    struct Case: Decodable {
      let text: String
      let ids: [Int]
    }
    let file = FixtureFiles.folder.appending(path: "golden/demo-gpt2.json")
    let cases = try JSONDecoder().decode([Case].self, from: Data(contentsOf: file))
    for one in cases {
      let shell = try shell(one.text)
      #expect(
        try shell.run("print tokenize().ids") == "[\(one.ids.map(String.init).joined(separator: ", "))]\n")
    }
  }

  /// The last token predicts the next word; at= and position= override.
  @Test func theTargetIsTheLastToken() throws {
    let shell = try shell()
    #expect(
      try shell.run("print forward(top=1).position forward(top=1).predictions[0].token") == "14 ĠMary\n")
    try shell.run("qoi Mary - John")
    #expect(try shell.run("print forward(top=1).qoi > 4.9") == "true\n")
    try shell.run("qoi Mary - John at=5")
    #expect(try shell.run("print forward(top=1).qoi < 1") == "true\n")
    #expect(try shell.run("print forward(position=3, top=1).position") == "3\n")
  }

  /// A bare word has the blank before it, a quoted one is as written, a number is one.
  @Test(arguments: [
    ("qoi Mary - John", "logit[ĠMary] - logit[ĠJohn]"),
    ("qoi \" Mary\" - 2 * logprob[John]", "logit[ĠMary] - 2 * logprob[ĠJohn]"),
    ("qoi prob[\"s\"]", "prob[s]"), ("qoi id[2305] - id[1450]", "logit[ĠMary] - logit[ĠJohn]"),
    ("qoi - is + id[0]", "-logit[Ġis] + logit[<|endoftext|>]"),
  ])
  func entriesThatWereTakenAreShown(_ command: String, _ shown: String) throws {
    #expect(try shell().run(command) == shown + "\n")
  }

  @Test(arguments: [
    ("qoi unfathomable - is", "\"unfathomable\" is not one vocabulary entry; its pieces are"),
    ("qoi id[6000]", "id 6000 is out of range 0...5999"),
    ("qoi id[x]", "expected the number of an entry, found `x`"),
    ("baseline mask", "the tokenizer has no mask token"),
    ("text ids=[6000]", "id 6000 is out of range 0...5999"),
    ("text ids=[1.5]", "expects a list of token ids"), ("text ids=[]", "found an empty list"),
    ("text \"a\" ids=[1]", "a text is given by words or by `ids`, not both"),
    ("score within=l2r", "a causal model masks nothing"),
    ("show L0.resid_mid_raw", "GPT-2 has no L0.resid_mid_raw: its norms come before the branches"),
    ("show L0.mlp_gate", "GPT-2 has no L0.mlp_gate: its feed-forward branch has no gate: see mlp_pre"),
    ("measure sst2 rows=1", "model demo-gpt2 has no classifier"),
  ])
  func mistakesAreNamed(_ command: String, _ message: String) throws {
    let found = try shell().failure(command)
    #expect(found.contains(message), "\(found)")
  }

  @Test func theBaselineIsTheModelsOwn() throws {
    let shell = try shell()
    #expect(try shell.run("baseline") == "eos\n")
    try shell.run("qoi Mary - John")
    #expect(try shell.run("print influence(points=4).baseline") == "eos\n")
    try shell.run("baseline id[5]")
    #expect(try shell.run("baseline") == "id[5]\n")
    try shell.run("baseline \"s\"")
    #expect(try shell.run("baseline") == "\"s\"\n")
    try shell.run("load \"demo\" as bert\nbaseline mask\nmodel \"demo-gpt2\"")
    let found = shell.failure("influence points=4")
    #expect(found.contains("the tokenizer has no mask token"))
  }

  /// What stands after the target is read by nothing on its way.
  @Test func laterTokensHaveNoInfluence() throws {
    let shell = try shell()
    try shell.run("qoi Mary - John at=6")
    let influences = try shell.run("print influence(points=4).influence[7..<15]")
    #expect(influences == "[0, 0, 0, 0, 0, 0, 0, 0]\n")
    #expect(try shell.run("print patterns(points=4).words[-1].position") == "6\n")
  }

  @Test func textsAreGivenByIds() throws {
    let shell = try shell()
    let words = try shell.run("print forward(top=2).predictions[1].logit")
    try shell.run("let ids = tokenize().ids\ntext ids=ids")
    #expect(try shell.run("print forward(top=2).predictions[1].logit") == words)
    // As given: nothing is put around them.
    #expect(try shell.run("text ids=[55, 66]") == "0:W 1:b\n")
  }

  /// The sum of log-probabilities of each token given those before it.
  @Test func scoresAreLikelihoods() throws {
    let shell = try shell("the cat sat")
    let script = """
      let s = score()
      let logits = logits
      let sum = 0
      for i in 0..<3 { let sum = sum + log(softmax(logits[i])[tokenize().ids[i + 1]]) }
      print abs(sum - s.score) < 0.0001 abs(exp(-sum / 3) - s.perplexity) < 0.1 s.logprobs[0]
      """
    #expect(try shell.run(script) == "true true null\n")
    #expect(try shell.run("print score(\"the boys are\").score > score(\"the boys is\").score") == "true\n")
  }

  /// Sentences with a mask are read up to it, which prefixes say as well.
  @Test func tasksWithMasksArePrefixes() throws {
    let shell = try shell()
    let rows = [("the author that the guards like", "is", "are"), ("the cats near the dog", "are", "is")]
    func file(_ name: String, _ end: String) throws -> String {
      let path = shell.path(name)
      let lines = rows.map { "t\tc\t\($0.0)\(end)\t\($0.1)\t\($0.2)" }
      try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
      return path
    }
    let (masked, prefixes) = (try file("masked.tsv", " [MASK] young ."), try file("prefixes.tsv", ""))
    func mean(_ path: String) throws -> String { try shell.run("print measure(task(\"\(path)\")).qoi_mean") }
    #expect(try mean(masked) == mean(prefixes))
    // Masks are for models that have one.
    try shell.run("load \"demo\"")
    let found = shell.failure("measure task(\"\(prefixes)\")")
    #expect(found.contains("the text has no [MASK]"), "\(found)")
  }

  /// The tokenizer tells the texts of a pair apart, the model has one type.
  @Test(arguments: ["distilbert", "roberta", "modernbert"]) func pairsNeedNoTypes(_ name: String) throws {
    let shell = try TestShell()
    let folder = FixtureFiles.folder.appending(path: "families/\(name)").path
    try shell.run("load \"\(folder)\"\ntext \"the pilot saw\" pair=\"the farmer\"")
    #expect(try shell.run("print len(tokenize().types) > 4 embed.shape[0] > 4") == "true true\n")
  }

  @Test func pointsAreChosen() throws {
    let shell = try shell()
    try shell.run("qoi Mary - John\nlet r = influence(points=auto)")
    let sum = "let sum = 0\nfor x in r.influence { let sum = sum + abs(x) }\n"
    #expect(try shell.run(sum + "print abs(r.completeness_gap) <= 0.01 * sum r.points < 50") == "true true\n")
    #expect(try shell.run("print patterns(points=auto).points == r.points") == "true\n")
    #expect(
      shell.failure("influence points=auto quadrature=uniform").contains("points=auto takes trapezoid points")
    )
    #expect(shell.failure("experiment accuracy on=sva_obj points=auto").contains("points"))
  }

  @Test func builtInTasksAreLearned() throws {
    let shell = try shell()
    #expect(
      try shell.run("print measure(sva_obj, rows=40).accuracy measure(sva_prep, rows=40).accuracy") == "1 1\n"
    )
  }
}
