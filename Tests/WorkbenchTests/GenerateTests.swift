import FixtureFiles
import Foundation
import Testing

@testable import Workbench

/// Texts that `generate` continues, on the embedded decoder.
@Suite struct GenerateTests {
  private static let sentence = "When Mary and John went to the store, John gave a drink to"

  private func shell(_ setup: String = "", format: String = "table") throws -> TestShell {
    let shell = try TestShell(format: format, isTerminal: format == "table")
    try shell.run("load \"demo-gpt2\"\n\(setup)")
    return shell
  }

  private struct Reference: Decodable {
    struct Text: Decodable {
      let text: String
      let ids: [Int]
      let continuation: String
    }

    let texts: [Text]
  }

  @Test func continuationsAreThoseOfTransformers() throws {
    let file = FixtureFiles.folder.appending(path: "golden/generation.json")
    let texts = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).texts
    #expect(texts.count >= 3)
    let shell = try shell()
    for one in texts {
      let script = "let g = generate(\"\(one.text)\", tokens=\(one.ids.count))\n"
      let ids = one.ids.map(String.init).joined(separator: " ")
      #expect(try shell.run(script + "print join(map(g.ids, string), \" \")") == ids + "\n")
      #expect(
        try shell.run("print \"[{g.text}]\" g.stopped") == "[\(one.continuation)] "
          + (one.ids.last == 0 ? "end of text\n" : "length\n"))
    }
  }

  @Test func theCurrentTextIsContinued() throws {
    let shell = try shell("text \"\(Self.sentence)\"")
    let shown = try shell.run("generate tokens=2")
    #expect(shown.hasPrefix(" Mary.\nposition  token"), "\(shown)")
    #expect(shown.hasSuffix("stopped: length\n"))
    #expect(
      try shell.run(
        "let g = generate(tokens=2)\nprint g.prompt == \"\(Self.sentence)\" g[1].token g.position")
        == "true . [15, 16]\n")
    let ids = try shell.run(
      "let g = generate(tokens=2)\nlet t = tokenize().ids\ntext ids=t\nprint generate(tokens=2).ids == g.ids")
    #expect(ids.hasSuffix("true\n"))
  }

  @Test func machinesReadFields() throws {
    let shell = try shell(format: "json")
    let line = try shell.run("generate \"\(Self.sentence)\" temperature=0.7 top=3 tokens=2")
    for field in [
      "\"text\": \"", "\"ids\": [", "\"tokens\": [\"", "\"probs\": [0.",
      "\"temperature\": 0.7, \"top\": 3, \"seed\": 0",
    ] {
      #expect(line.contains(field), "\(line)")
    }
    let table = try self.shell(format: "csv").run("generate \"\(Self.sentence)\" tokens=1")
    #expect(table.contains("position,token,id,prob\r\n15,ĠMary,2305,0.98"), "\(table)")
  }

  /// Every token is what a whole pass over the text so far predicts, under the same interventions.
  @Test(arguments: [
    "ablate L5H*", "ablate L2H3@4 L0-3H1", "ablate L1.mlp by=mean on=sva_obj rows=20",
    "ablate L3H0 L2.mlp by=baseline",
    "ablate L0H1.k L1H2.v L2H3.q L1H0.v@2 by=mean on=sva_obj rows=5", "ablate L0H2@18 L4.mlp@16 by=zero",
    "patch L2H*@3 L4@1 from=\"The cats near the dog\"",
    "keep L0-4H* L*.skip",
    "keep L*H0 L*H2-4 L*.skip by=mean on=sva_obj rows=5", "keep L0H*@1 L0H*@17 L1-5H* L*.skip",
  ])
  func interventionsActOnEveryToken(_ intervention: String) throws {
    let shell = try shell("\(intervention)\nlet g = generate(\"\(Self.sentence)\", tokens=6, temperature=0)")
    try shell.run(
      "restore\ntext \"\(Self.sentence)\"\nlet plain = generate(tokens=6)\nlet prompt = tokenize().ids")
    let count = try #require(Int(try shell.run("print len(g.ids)").dropLast()))
    #expect(count >= 1)
    var ids = try shell.run("print prompt")
    for step in 0..<count {
      try shell.run("text ids=\(ids)")
      // A position that a shorter text has not yet is no part of it.
      let length = 15 + step
      let own =
        intervention.contains("@18")
        ? (length > 18 ? intervention : length > 16 ? "ablate L4.mlp@16" : "") : intervention
      let kept = length > 17 ? own : own.replacing(" L0H*@17", with: "")
      try shell.run(kept)
      let printed = try shell.run("print forward(top=1).predictions[0].id g.ids[\(step)]")
      let next = printed.split(separator: "\n").last?.split(separator: " ") ?? []
      if !kept.isEmpty { try shell.run("restore") }
      #expect(next.count == 2 && next[0] == next[1], "\(intervention), token \(step): \(next)")
      ids = String(ids.dropLast(2)) + ", \(next[1])]\n"
    }
  }

  @Test func interventionsShow() throws {
    let shell = try shell("ablate L5H*")
    #expect(
      try shell.run("generate \"The\" tokens=1").hasPrefix("(under 1 intervention: ablate L5H* by zero)\n"))
    let shown = try shell.run("print generate(\"The\", tokens=1).interventions[0]")
    #expect(shown.hasSuffix("\nablate L5H* by zero\n"))
  }

  @Test(arguments: [
    ("patch L2H1 from=\"The cats near the dog\"", "the activations of its text's own tokens"),
    ("ablate L2H1 by=resample on=sva_obj rows=9", "sentences of one length stand in for each other"),
    ("ablate L1H0 by=mean on=s per=position", "it has a mean for each of"),
    ("baseline eos keep=special; ablate L1H0 by=baseline", "keep=special keeps is not known before"),
    (
      "ablate L1H0@30",
      "L1H0@30 is out of range 0...17 (the text has 15 tokens, and 3 of those that are added are run)"
    ),
    ("qoi Mary - John; keep patterns(points=3)", "it keeps the patterns of sentences as they stand"),
  ])
  func whatSaysNothingOfMoreTokensIsRefused(_ intervention: String, _ message: String) throws {
    let shell = try shell()
    let file = shell.path("s.tsv")
    try "t\tc\tThe girls\tare\tis\nt\tc\tThe boys\tare\tis".write(
      toFile: file, atomically: true, encoding: .utf8)
    try shell.run("let s = task(\"\(file)\")")
    if intervention.hasPrefix("qoi") { try shell.run("text \"\(Self.sentence)\"") }
    try shell.run(intervention)
    let found = shell.failure("generate \"\(Self.sentence)\" tokens=4")
    #expect(found.contains(message), "\(found)")
    // One token is read off the text as it stands, by the rules of every other verb.
    if intervention.hasPrefix("qoi") { try shell.run("generate \"\(Self.sentence)\" tokens=1") }
  }

  @Test(arguments: [
    ("generate \"a\" tokens=0", "tokens"),
    ("generate \"a\" temperature=-1", "temperature is -1, expected a number from 0"),
    ("generate \"a\" top=0", "top"), ("generate \"a\" tokens=1.5", "tokens"),
    ("generate \"a\" temperature=warm", "warm"),
    ("generate", "there is no current text"),
    (
      "load \"demo\"\ngenerate \"a\"",
      "model demo is an encoder (BERT): its tokens read those behind them too"
    ),
    ("set max_memory \"64K\"\ngenerate \"a\" tokens=200", "of working memory, the budget is"),
    ("text ids=map(range(257), abs)\ngenerate", "the input has 257 tokens"),
  ])
  func mistakesAreNamed(_ command: String, _ message: String) throws {
    let found = try shell().failure(command)
    #expect(found.contains(message), "\(found)")
  }

  @Test(arguments: [("gpt2_classifier", "no causal-LM head"), ("gpt2_encoder", "no causal-LM head")])
  func modelsWithoutAHeadAreRefused(_ name: String, _ message: String) throws {
    let shell = try TestShell()
    let folder = FixtureFiles.folder.appending(path: "families-random/\(name)").path
    try shell.run("load \"\(folder)\"\ntext ids=[1, 2]")
    let found = shell.failure("generate")
    #expect(found.contains(message), "\(found)")
  }

  @Test func seedsDecide() throws {
    let shell = try shell("text \"The author\"")
    func drawn(_ setup: String) throws -> String {
      try shell.run("\(setup)\nprint generate(tokens=8, temperature=1.5).ids")
    }
    let first = try drawn("seed 3")
    #expect(try drawn("") == first && drawn("seed 4") != first && drawn("seed 3") == first)
    #expect(
      try shell.run(
        "print generate(top=1).ids == generate().ids generate(temperature=0).ids == generate().ids")
        == "true true\n")
  }

  @Test func positionsEndTexts() throws {
    let shell = try shell("let ids = map(range(254), abs)\ntext ids=ids")
    #expect(try shell.run("let g = generate(tokens=9)\nprint len(g.ids) g.stopped") == "3 positions\n")
  }

  /// Without a tokenizer tokens are numbers, and there is no text.
  @Test func textsWithoutWordsGrow() throws {
    let shell = try TestShell()
    let folder = FixtureFiles.folder.appending(path: "families-random/llama").path
    try shell.run("load \"\(folder)\"\ntext ids=[1, 2]")
    #expect(
      try shell.run(
        "let g = generate(tokens=3)\nprint len(g.ids) len(g.text) g[0].token == \"id[{g[0].id}]\"")
        == "3 0 true\n")
  }

  @Test(arguments: ["generate(\"\(sentence)\", tokens=20, temperature=9)"])
  func anInterruptedTextShowsWhatItHas(_ command: String) throws {
    let looks = Looks()
    let shell = try TestShell(
      format: "json", checkInterruption: { try looks.look() }, acknowledgeInterruption: { looks.begin() })
    try shell.run("load \"demo-gpt2\"\nlet g = 5")
    looks.begin()
    try shell.run(command)
    let count = looks.count
    var parts: [String] = []
    for moment in stride(from: 10, to: count, by: count / 12) {
      looks.begin(last: moment)
      parts.append(try #require(try shell.printedUntilInterrupted("let g = \(command)")))
      looks.begin()
      #expect(try shell.run("g").contains(": 5}"))
    }
    let some = parts.filter { !$0.isEmpty }
    #expect(
      some.count > 4
        && some.allSatisfy { $0.contains("\"stopped\": \"interrupted\"") && $0.contains(" of 20 tokens\"") })
  }

  /// Each part of a text is whole, and together they are what decoding all tokens gives.
  @Test(arguments: ["gpt2", "llama", "gemma2", "gpt_neox", "llama3", "qwen2"])
  func textsComeInWholeCharacters(_ name: String) throws {
    let folder = FixtureFiles.folder.appending(path: "families/\(name)").path
    let model = try LoadedModel(specifier: folder, name: nil, checkingWeights: false, environment: [:])
    let tokenizer = model.tokenizer
    let text = "the naïve café 漢字 🙂 . e\u{301} the  author\n\tlikes <unk> it ! 🙂🙂"
    let ids = try tokenizer.encode(text, addSpecial: false).ids
    for first in 0..<ids.count {
      var continued = ContinuedText(behind: Array(ids[..<first]), tokenizer)
      var parts = try ids[first...].map { try continued.append($0) }
      parts.append(try continued.end())
      let expected = try ContinuedText.addition(to: Array(ids[..<first]), ids, tokenizer)
      #expect(parts.joined() == expected, "\(name) from \(first)")
      #expect(expected.contains("\u{FFFD}") || !parts.joined().contains("\u{FFFD}"))
    }
  }
}
