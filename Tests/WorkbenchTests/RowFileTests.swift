import Foundation
import Language
import Testing

/// Files of rows of every verb that has some: gone on with, refused, divided and merged.
@Suite struct RowFileTests {
  private static let start = "load \"demo\"\ntask \"pairs.jsonl\" as pairs\n"
  private static let pairs = """
    {"sentence_good": "the cats sleep .", "sentence_bad": "the cats sleeps ."}
    {"sentence_good": "the dog barks at the old cats .", "sentence_bad": "the dog bark at the old cats ."}
    {"sentence_good": "the author laughs .", "sentence_bad": "the author laugh ."}

    """

  /// With FILE for the options of the file, and what another computation is called.
  private static let verbs = [
    ("measure sva_obj rows=9 FILE", "measure sva_obj rows=9 intact FILE"),
    ("score pairs FILE", "score pairs within=l2r FILE"),
    ("patterns sva_obj rows=5 points=5 FILE", "patterns sva_obj rows=5 points=6 FILE"),
    (
      "attribute heads on=sva_obj rows=5 by=baseline FILE",
      "attribute mlps on=sva_obj rows=5 by=baseline FILE"
    ),
    ("sweep mlps on=sva_obj rows=2 FILE", "sweep layers on=sva_obj rows=2 FILE"),
    (
      "experiment concentration on=sva_obj rows=5 points=5 FILE",
      "experiment skips on=sva_obj rows=5 points=5 FILE"
    ),
  ]

  private func shell() throws -> TestShell {
    let shell = try TestShell(format: "json")
    try Data(Self.pairs.utf8).write(to: URL(filePath: shell.path("pairs.jsonl")))
    try shell.run(Self.start.replacingOccurrences(of: "pairs.jsonl", with: shell.path("pairs.jsonl")))
    return shell
  }

  private func call(_ verb: String, _ path: String, _ more: String = "") -> String {
    verb.replacingOccurrences(of: "FILE", with: "file=\"\(path)\" \(more)")
  }

  private func text(_ path: String) throws -> String { try String(contentsOfFile: path, encoding: .utf8) }

  /// To the bit: what is there is taken over, and the rest does not depend on it.
  @Test(arguments: verbs) func aCutFileIsGoneOnWith(verb: String, other: String) throws {
    let (shell, path) = (try shell(), "rows.jsonl")
    let file = shell.path(path)
    let plain = try shell.run(call(verb, file).replacingOccurrences(of: "file=\"\(file)\" ", with: ""))
    let whole = try shell.run(call(verb, file))
    #expect(whole == plain)
    let saved = try text(file)
    let lines = saved.split(separator: "\n")
    for kept in [1, 2, 3] {
      try (lines.prefix(kept).joined(separator: "\n") + "\n" + lines[kept].prefix(lines[kept].count / 2))
        .write(toFile: file, atomically: false, encoding: .utf8)
      #expect(try shell.run(call(verb, file, "resume")) == whole)
      #expect(try text(file) == saved)
    }
    #expect(shell.failure(call(verb, file)).contains("is there and not empty"))
    #expect(shell.failure(call(other, file, "resume")).contains("another"))
    #expect(shell.failure(verb.replacingOccurrences(of: "FILE", with: "resume")).contains("none is named"))
    #expect(shell.failure(verb.replacingOccurrences(of: "FILE", with: "shard=0/2")).contains("none is named"))
  }

  @Test(arguments: verbs) func sharesMergeIntoTheWhole(verb: String, other: String) throws {
    let shell = try shell()
    let (one, many) = (shell.path("one.jsonl"), shell.path("many.jsonl"))
    let whole = try shell.run(call(verb, one))
    for share in [1, 2, 0] {
      #expect(try shell.run(call(verb, many, "shard=\(share)/3")).isEmpty)
      if share != 0 {
        #expect(
          shell.failure("merge \"\(shell.path("many.*-of-3.jsonl"))\"").contains(
            "--array=\(share == 1 ? "0,2" : "0")"))
      }
    }
    #expect(try !shell.run("merge \"\(shell.path("many.*-of-3.jsonl"))\"").isEmpty)
    #expect(try text(many) == text(one))
    #expect(try shell.run(call(verb, many, "resume")) == whole)
    // A share of another computation beside them.
    try FileManager.default.removeItem(atPath: shell.path("many.1-of-3.jsonl"))
    try shell.run(call(other, many, "shard=1/3"))
    #expect(shell.failure("merge \"\(shell.path("many.*-of-3.jsonl"))\"").contains("many.1-of-3.jsonl is"))
    #expect(shell.failure(call(verb, many, "shard=3/3")).contains("they count from 0 to 2"))
  }

  @Test func namesOfSharesKeepTheEnding() throws {
    let shard = Shard(3, of: 8)
    #expect(shard.path(of: "rows.jsonl") == "rows.3-of-8.jsonl")
    #expect(shard.path(of: "a.b/rows") == "a.b/rows.3-of-8")
    #expect(shard.path(of: ".rows") == ".rows.3-of-8")
    #expect(shard.path(of: "x/a.b.c") == "x/a.b.3-of-8.c")
    #expect(shard.own(of: Array(0..<20).reversed()) == [16, 8, 0])
    #expect(try Shard("3/8") == shard)
    for text in ["8/8", "3", "-1/8", "1/0", "a/b", "1/8 "] {
      #expect(throws: ShardFault.self) { try Shard(text) }
    }
  }
}
