import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Studies over several checkpoints.
@Suite struct CheckpointAxisTests {
  private let cached = CachedModel()
  private let shell: TestShell

  init() throws {
    shell = try TestShell(environment: cached.environment)
    for (name, commit, model) in [
      ("main", "c0ffee00", "bert-2019"), ("step1000", "beef1111", "bert-2019"), ("step2", "feed2222", "relu"),
    ] {
      try cached.add(commit, as: name, model: model)
    }
    try cached.add("abcd3333", model: "relu")
  }

  @Test func revisionsAreATable() throws {
    let output = try shell.run(
      """
      set format csv
      revisions("hf:org/steps")
      """)
    #expect(
      output.replacingOccurrences(of: "\r\n", with: "\n") == """
        model,revision,step,commit
        hf:org/steps@main,main,,c0ffee00
        hf:org/steps@step2,step2,2,feed2222
        hf:org/steps@step1000,step1000,1000,beef1111
        hf:org/steps@abcd3333,abcd3333,,abcd3333

        """)
    #expect(shell.failure("revisions(\"demo\")").contains("expected hf:org/name, found \"demo\""))
    #expect(shell.failure("revisions(\"hf:org/step\")").contains("close to it: hf:org/steps"))
  }

  @Test(arguments: ["load r.model as ckpt", "load \"hf:org/steps\" revision=r.revision as ckpt"])
  func oneTableOverAllOfThem(load: String) throws {
    let output = try shell.run(
      """
      set format csv
      let rows = []
      for r in where(revisions("hf:org/steps"), step, ">", 0) {
        \(load)
        let rows = append(rows, {step: r.step, hidden: model.hidden})
      }
      table(rows)
      """)
    #expect(output.contains("step,hidden\r\n2,18\r\n1000,"))
    #expect(shell.interpreter.session.bench.models.keys == ["ckpt"])
  }

  @Test func patternsListWhatLoads() throws {
    let output = try shell.run("for m in models(\"hf:org/steps@step*\") { load m as m; print model.path }")
    #expect(output.contains("feed2222") && output.contains("beef1111"))
    #expect(
      try shell.run("print models(\"demo*\") models(\"hf:*\")")
        == "[demo, demo-gpt2] [hf:org/steps]\n")
  }

  // MARK: Memory

  private func model(_ name: String) throws -> LoadedModel {
    try #require(shell.interpreter.session.bench.models[name])
  }

  /// What still holds the first model, holds no weights.
  @Test func theNameFreesTheModelThatHadIt() throws {
    try shell.run("load \"demo\" as m\nlet first = m\nload \"demo\" as other")
    let (first, other) = (try model("m"), try model("other"))
    #expect(first.hasWeightsInMemory)
    try shell.run("load \"hf:org/steps\" as m")
    #expect(!first.hasWeightsInMemory)
    #expect(try other.hasWeightsInMemory && model("m").hasWeightsInMemory)
    #expect(try shell.run("print first.layers").contains("6"))
  }

  /// What is wrong with another model is found before the first is freed, but for its weights.
  @Test func aLoadThatFailsLeavesTheModelThatWasThere() throws {
    try shell.run("load \"demo\" as m\ntext \"the author [MASK] young .\"\nqoi is - are")
    let before = try shell.run("forward")
    let first = try model("m")
    for (file, text) in [("config.json", "{"), ("vocab.txt", ""), ("model.safetensors", "")] {
      let broken = cached.repository.appending(path: "snapshots/\(file.utf8.count)\(file.prefix(1))0000")
      try? FileManager.default.removeItem(at: broken)
      try FileManager.default.copyItem(at: FixtureFiles.model("relu"), to: broken)
      try Data(text.utf8).write(to: broken.appending(path: file))
      #expect(shell.failure("load \"\(broken.path)\" as m").contains(broken.path))
      #expect(first.hasWeightsInMemory, "\(file)")
      #expect(try model("m") === first)
    }
    // A tensor that does not fit is found when the weights are read.
    let other = cached.repository.appending(path: "snapshots/dddd0000")
    try FileManager.default.copyItem(at: FixtureFiles.model("relu"), to: other)
    let config = other.appending(path: "config.json")
    let text = try String(contentsOf: config, encoding: .utf8)
    try Data(
      text.replacingOccurrences(
        of: "\"intermediate_size\": [0-9]+", with: "\"intermediate_size\": 7", options: .regularExpression
      ).utf8
    ).write(to: config)
    #expect(shell.failure("load \"\(other.path)\" as m").contains("intermediate"))
    #expect(try model("m") === first && !first.hasWeightsInMemory)
    #expect(try shell.run("forward") == before)
    #expect(first.hasWeightsInMemory)
  }

  /// A check goes through the loop as a run does.
  @Test func theLoopIsChecked() throws {
    let script = """
      for r in revisions("hf:org/steps") {
        load r.model as ckpt
        pint r.step
      }
      """
    #expect(shell.failure(script).contains("pint"))
  }
}
