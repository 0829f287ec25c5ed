import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Paths that stand without quotes where a command takes a file or a model.
@Suite struct UnquotedPathTests {
  private func shell() throws -> TestShell {
    let shell = try TestShell(environment: ["HOME": "/nonexistent/home"])
    try shell.run("load demo\ntext \"a cat [MASK] .\"")
    return shell
  }

  @Test(arguments: [
    ("load /tmp/no-such-folder", "no model at /tmp/no-such-folder"),
    ("load ./no/such", "no model at ./no/such"),
    ("load ~/no-such", "no model at /nonexistent/home/no-such"), ("load hf:org/name", "no model org/name"),
    ("load no-such-model-1.5b", "no model at no-such-model-1.5b"),
    ("source no-such.ipscript", "no-such.ipscript: No such file"),
    ("read 2024-no-such.json", "2024-no-such.json: No such file"),
    ("read ~/no-such.json", "/nonexistent/home/no-such.json"),
    ("task data/no-such.tsv rows=3", "data/no-such.tsv: No such file"),
    ("measure data/no-such.tsv", "data/no-such.tsv: No such file"),
    ("read file=no/such.json", "no/such.json: No such file"),
    ("revisions \"hf:org/name\"", "write `revisions(...)`"),
  ])
  func aWordIsAPath(line: String, message: String) throws {
    let failure = try shell().failure(line)
    #expect(failure.contains(message), "\(failure)")
  }

  @Test func valuesAreSavedAndReadWithoutQuotes() throws {
    let shell = try shell()
    let (folder, number) = (shell.path("x").dropLast(2), shell.path("x/2024.npy"))
    try FileManager.default.createDirectory(atPath: shell.path("x"), withIntermediateDirectories: true)
    try shell.run("save L2.pattern \(folder)/pattern.npy")
    try shell.run("save L2.pattern[0] + 1 \(number)")
    #expect(try shell.run("stats read(\"\(number)\")").contains("shape"))
    #expect(
      try shell.run("print read(\"\(folder)/pattern.npy\").shape") == shell.run("print L2.pattern.shape"))
    // With one argument the last result.
    try shell.run("forward top=1\nsave \(folder)/last.json")
    #expect(try shell.run("read \(folder)/last.json").contains("predictions"))
  }

  @Test func aVariableWins() throws {
    let shell = try shell()
    let path = shell.path("a.json")
    try shell.run("let r = {path: \"\(path)\"}\nlet p = \"\(path)\"\nsave 5 r.path")
    #expect(try shell.run("read p") == "5\n")
    #expect(try shell.run("read r.path") == "5\n")
    #expect(try shell.run("let folder = \"\(path.dropLast(6))\"\nread folder + \"a.json\"") == "5\n")
    // A name that has no such field is a path.
    #expect(shell.failure("read r.json").contains("r.json: No such file"))
    #expect(try shell.run("save r.path\nprint read(p)").contains("5"))
  }

  @Test(arguments: [
    ("read(t.csv)", "write `read(\"t.csv\")`"), ("load(/tmp/x)", "write `load(\"/tmp/x\")`"),
    ("let m = load(~/x)", "write `let m = load(\"~/x\")`"),
    ("load(hf:org/name)", "write `load(\"hf:org/name\")`"),
    ("read(data/t.json)", "write `read(\"data/t.json\")`"), ("output out", "write `output \"out\"`"),
    ("read t", "write `read \"t\"`"),
  ])
  func elsewhereTheFirstLineShowsTheQuotes(line: String, proposal: String) throws {
    let failure = try shell().failure(line).split(separator: "\n").first.map(String.init) ?? ""
    #expect(failure.contains(proposal), "\(failure)")
  }

  /// Operators between blanks, strings and lists are expressions as ever.
  @Test func expressionsStay() throws {
    let shell = try shell()
    let path = shell.path("b.json")
    try shell.run("let x = 6\nsave x / 2 \"\(path)\"")
    #expect(try shell.run("print read(\"\(path)\")") == "3\n")
    try shell.run("save [1, 2] \"\(path)\"; save {a: 1} \(path) # a comment")
    #expect(try shell.run("print read(\"\(path)\").a") == "1\n")
    for f in [
      "for f in [\"\(path)\"] { print read(f).a }", "if true { let v = read(\"\(path)\"); print v.a }",
    ] {
      #expect(try shell.run(f) == "1\n")
    }
  }

  @Test func aNameIsLookedForInTheCache() throws {
    let cache = CachedModel()
    try cache.add("0123456789abcdef0123456789abcdef01234567", as: "main", model: "relu")
    let shell = try TestShell(environment: cache.environment)
    for line in ["load \"org/steps\"", "load org/steps as again", "load org/steps@main as third"] {
      #expect(throws: Never.self, "\(line)") { try shell.run(line) }
    }
    #expect(
      shell.interpreter.session.bench.models.values.allSatisfy { $0.specifier.hasPrefix("hf:org/steps") })
    let failure = shell.failure("load \"org/other\"")
    #expect(failure.contains("no model at org/other, and no hf:org/other in the cache"), "\(failure)")
    #expect(failure.contains("hf download org/other"))
  }
}
