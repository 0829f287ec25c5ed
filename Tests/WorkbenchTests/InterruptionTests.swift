import Faults
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Long values are walked in small functions; each looks now and then whether the user asked to stop.
@Suite struct InterruptionTests {
  private static let length = 6000

  private static let setup = """
    let l = list(0..<\(length))
    let t = tensor(l)
    let words = map(l, string)
    let s = join(words, " ")
    let yes = map(l, odd)
    let r = map(l, pair)
    let tab = table(r)
    """

  private static let functions = """
    def odd(x) { return x >= 0 }
    def pair(x) { return {a: x % 10, b: x} }
    """

  private static let statements = [
    "unique(l)", "unique(words)", "unique(r)", "sort(l)", "sort(words, descending)", "sort(tab, by=b)",
    "where(tab, a, \">\", 5)", "where(tab, a, \"in\", [1, 2])", "group(tab, by=a, mean=b)", "table(r)",
    "columns(tab, b)", "keys(tab)", "tab.a", "list(tab)", "softmax(l)", "softmax(t)", "top(l)", "top(t)",
    "sum(l)", "sum(t)", "mean(t)", "std(l)", "norm(l)", "max(l)", "argmin(t)", "all(yes)", "abs(l)", "exp(t)",
    "round(t)", "t + 1", "-t", "t == t", "dot(l, l)", "cosine(t, t)", "tensor(l)", "tensor([l, l])",
    "list(0..<\(length))", "list(t)", "range(\(length))", "reverse(l)", "zip(l, words)", "map(l, abs)",
    "filter(l, odd)", "contains(l, -1)", "l == l", "r == r", "{a: l} == {a: l}", "[l, [l]]",
    "l[1..<\(length)]",
    "split(s)", "split(s, \"\")", "split(s, \" \")", "join(words, \",\")", "replace(s, \"1\", \"2\")",
    "contains(s, \"no\")", "len(s)", "s[5]", "s[5..<\(length)]", "list(s)", "\"{l}\"", "\"{r}\"", "\"{tab}\"",
    "string(tab)", "print l r", "l", "words", "r", "tab", "{a: l, b: words}", "compare r r", "compare t t",
    "assert l == reverse(l)", "save l \"FILE.json\"", "save tab \"FILE.json\"", "save tab \"FILE.jsonl\"",
    "save tab \"FILE.csv\"", "save words \"FILE.tsv\"", "save tab \"FILE.txt\"", "save l \"FILE.npy\"",
    "save words \"FILE.npy\"", "save tab \"FILE.npz\"", "save t \"FILE.safetensors\"", "read \"SAVED.json\"",
  ]

  private func shell(_ looks: Looks) throws -> TestShell {
    let shell = try TestShell(checkInterruption: { try looks.look() })
    try shell.run(Self.functions)
    try shell.run(Self.setup)
    try shell.run("save r \"\(shell.path("SAVED.json"))\"")
    return shell
  }

  private func text(_ statement: String, _ shell: TestShell) -> String {
    statement.replacing("FILE", with: shell.path("file")).replacing("SAVED", with: shell.path("SAVED"))
  }

  @Test func looksOftenWhetherToStop() throws {
    let looks = Looks()
    let shell = try shell(looks)
    for statement in Self.statements {
      looks.begin()
      _ = shell.failure(text(statement, shell))
      #expect(looks.count > Self.length / 512, "\(statement)")
    }
  }

  @Test func leavesTheSessionAsItWas() throws {
    let looks = Looks()
    let shell = try shell(looks)
    let names = shell.interpreter.session.variables.names
    for statement in Self.statements {
      looks.begin()
      _ = shell.failure(text(statement, shell))
      let count = looks.count
      looks.begin()
      try shell.run("[1, 2]")
      try? FileManager.default.removeItem(atPath: shell.path("file.json"))
      looks.begin(last: count / 2)
      #expect(throws: Interrupted.self, "\(statement)") { try shell.run(text(statement, shell)) }
      looks.begin()
      #expect(shell.interpreter.session.variables.names == names, "\(statement)")
      #expect(try shell.run("print _") == "[1, 2]\n", "\(statement)")
      #expect(!FileManager.default.fileExists(atPath: shell.path("file.json")), "\(statement)")
    }
  }

  @Test func anInterruptedBindingBindsNothing() throws {
    let looks = Looks()
    let shell = try shell(looks)
    looks.begin(last: 20)
    #expect(throws: Interrupted.self) { try shell.run("let x = sort(l)") }
    looks.begin()
    #expect(shell.interpreter.session.variables["x"] == nil)
  }

  /// A named pipe without a writer has nothing to read, for ever.
  @Test(arguments: ["source", "read", "task"]) func readingAPipeStops(verb: String) throws {
    let looks = Looks()
    let shell = try shell(looks)
    let path = shell.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    looks.begin(last: 10)
    #expect(throws: Interrupted.self) { try shell.run("\(verb) \"\(path)\"") }
  }

  @Test func aPipeIsReadToItsEnd() throws {
    let shell = try TestShell()
    let path = shell.path("pipe")
    #expect(mkfifo(path, 0o600) == 0)
    let writer = Thread {
      let handle = FileHandle(forWritingAtPath: path)
      handle?.write(Data("print 1\n".utf8))
      usleep(50_000)
      handle?.write(Data("print 2\n".utf8))
      try? handle?.close()
    }
    writer.start()
    #expect(try shell.run("source \"\(path)\"") == "1\n2\n")
  }

  @Test func parsingStops() throws {
    let looks = Looks()
    let shell = try shell(looks)
    looks.begin(last: 500)
    #expect(throws: Interrupted.self) {
      try shell.run(String(repeating: "let x = 1\n", count: 1000))
    }
  }
}
