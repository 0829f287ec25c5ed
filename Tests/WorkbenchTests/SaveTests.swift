import Foundation
import Scripting
import Testing

@testable import Language
@testable import Workbench

/// What `save` makes of nodes and tasks.
@Suite struct SaveTests {
  private static let sentence = "load \"demo\"\ntext \"the author that the guards like [MASK] young .\"\n"

  @Test(arguments: [".npz", ".safetensors"]) func nodesInRecordsAreTheirActivations(type: String) throws {
    let shell = try TestShell()
    let file = shell.path("a" + type)
    try shell.run(
      Self.sentence
        + "save {L3: L3, a: L3.attn, deep: {h: L3H5@1}, t: L2.pattern} \"\(file)\"\nlet b = read(\"\(file)\")"
    )
    #expect(try shell.run("print keys(b)") == "[L3, a, deep.h, t]\n")
    for (saved, name) in [
      ("L3", "L3.resid_post"), ("a", "L3.attn_out"), ("deep.h", "L3.z[1, 5]"), ("t", "L2.pattern"),
    ] {
      #expect(
        try shell.run("print norm(b[\"\(saved)\"] - \(name)) type(b[\"\(saved)\"])") == "0 tensor\n",
        "\(saved)")
    }
  }

  @Test func nodesInListsAndTablesAreTheirActivations() throws {
    let shell = try TestShell()
    let (array, json) = (shell.path("a.npy"), shell.path("t.json"))
    try shell.run(
      Self.sentence + "save [L3H5@1, L2H1@1] \"\(array)\"\nsave table([{node: L3H5@1, x: 1}]) \"\(json)\"")
    #expect(try shell.run("print norm(read(\"\(array)\")[1] - L2.z[1, 1])") == "0\n")
    #expect(try shell.run("print len(read(\"\(json)\").rows[0].node)") == "32\n")
  }

  @Test func onceSavesActivationsToo() throws {
    let shell = try TestShell()
    let file = shell.path("n.npy")
    try shell.run(Self.sentence + "once \"\(file)\"\nL3H5@1")
    #expect(try shell.run("print norm(read(\"\(file)\") - L3.z[1, 5])") == "0\n")
  }

  /// What is not known before the script runs is no reason to refuse it.
  @Test func aCheckAcceptsWhatCanBeSaved() throws {
    let shell = try TestShell()
    let script =
      Self.sentence + "save {a: L3H5, x: [0.1]} \"\(shell.path("a.npz"))\"\nsave task(sva_obj, rows=2) "
    #expect(try findings(of: script + "\"\(shell.path("k.tsv"))\"").isEmpty)
    #expect(try findings(of: script + "\"\(shell.path("k.csv"))\"") == ["task-extension"])
  }

  /// The codes of what `--check` finds.
  private func findings(of script: String) throws -> [String] {
    let interpreter = try TestShell().interpreter
    return try interpreter.check([interpreter.parse(Source(name: "test.ipscript", text: script))]).diagnostics
      .map(\.code)
  }

  @Test func setsOfNodesInRecordsAreAnError() throws {
    let shell = try TestShell()
    let failure = shell.failure(Self.sentence + "save {a: L3H*} \"\(shell.path("a.npz"))\"")
    #expect(failure.contains("`save` takes one node here, this names 12"), "\(failure)")
    #expect(failure.contains("give each node a field of its own"), "\(failure)")
    #expect(!FileManager.default.fileExists(atPath: shell.path("a.npz")))
  }

  /// A task of each kind, as rows of a file, and the extension that such rows have.
  static let tasks = [
    ("masked", ".tsv", "t\tSP\ta [MASK] b .\tis\tare\nt\tPP\t[MASK] x \"y\" .\tx\ty\n"),
    ("labels", ".tsv", "a good film\t1\na bad film\tnegative\n"),
    (
      "pairs", ".jsonl",
      #"{"sentence_good": "a \"b\"\tc", "sentence_bad": "é", "UID": "u", "pairID": "7"}"# + "\n"
    ),
    ("text", ".txt", "one .\n two  three .\n"),
  ]

  @Test(arguments: tasks) func tasksReadBack(kind: String, type: String, rows: String) throws {
    let shell = try TestShell()
    let (source, copy) = (shell.path("source" + type), shell.path("copy" + type))
    try rows.write(toFile: source, atomically: true, encoding: .utf8)
    try shell.run("let k = task(\"\(source)\")\nsave k \"\(copy)\"\nlet b = task(\"\(copy)\")")
    #expect(try shell.run("print k.kind b.kind k.rows == b.rows") == "\(kind) \(kind) true\n")
    let failure = shell.failure("save k \"\(shell.path("k.npz"))\"")
    #expect(failure.contains("is written as \(type)"), "\(failure)")
    #expect(failure.contains("give the file the extension \(type)"), "\(failure)")
  }

  @Test func partsOfBuiltInTasksReadBack() throws {
    let shell = try TestShell()
    let file = shell.path("k.tsv")
    try shell.run("let k = task(sva_obj, rows=5, case=\"SP\")\nsave k \"\(file)\"\nlet b = task(\"\(file)\")")
    #expect(
      try shell.run("for i in 0..<5 { print k.rows[i].sentence == b.rows[i].sentence b.rows[i].case }")
        == String(repeating: "true SP\n", count: 5))
  }

  /// A sentence with tabs reads as fields.
  @Test func rowsThatWouldReadBackAsOthersAreAnError() throws {
    let shell = try TestShell()
    let source = shell.path("source.txt")
    try "a\t1\n".write(toFile: source, atomically: true, encoding: .utf8)
    let failure = shell.failure(
      "let k = task(\"\(source)\", format=text)\nsave k \"\(shell.path("copy.txt"))\"")
    #expect(failure.contains("`task` would read other rows back"), "\(failure)")
  }
}
