import Foundation
import Testing

@testable import Language
@testable import Workbench

/// The command `experiment`: files that are gone on with, patterns that are shared, and what is refused.
@Suite struct ExperimentTests {
  private static let start = "load \"demo\"\n"
  private static let options = "on=sva_obj rows=3 points=4"

  private func lines(_ path: String) throws -> [String] {
    let text = try String(contentsOfFile: path, encoding: .utf8)
    return text.replacingOccurrences(of: "\r\n", with: "\n").components(separatedBy: "\n").dropLast()
  }

  @Test func goesOnWithAFile() throws {
    let shell = try TestShell(format: "json")
    let path = shell.path("rows.jsonl")
    let command = "experiment ablation \(Self.options) file=\"\(path)\""
    try shell.run(Self.start)
    let whole = try shell.run(command)
    let all = try lines(path)
    #expect(all.count == 4)
    // Two rows are gone, the second in the middle of its line.
    try (all[0] + "\n" + all[1] + "\n" + all[2].prefix(40)).write(
      toFile: path, atomically: true, encoding: .utf8)
    let rest = try shell.run(command + " resume")
    let again = try lines(path)
    // To the bit: the rows go through together with those that they went through with before.
    #expect(again == all && rest == whole)
    // Nothing is left to do, and nothing is written.
    #expect(try shell.run(command + " resume") == rest)
    #expect(try lines(path) == again)
  }

  @Test func refusesFilesOfOtherExperiments() throws {
    let shell = try TestShell()
    let path = shell.path("rows.jsonl")
    let file = "file=\"\(path)\""
    try shell.run(Self.start + "experiment accuracy on=sva_obj rows=2 \(file)")
    #expect(shell.failure("experiment accuracy on=sva_obj rows=2 \(file)").contains("is there and not empty"))
    #expect(
      shell.failure("experiment accuracy on=sva_obj rows=3 \(file) resume").contains(
        "is the file of another experiment: its rows is 2, here it is 3"))
    #expect(
      shell.failure("experiment concentration on=sva_obj rows=2 points=4 \(file) resume").contains(
        "its experiment is \"accuracy\", here it is \"concentration\""))
    #expect(
      shell.failure("experiment accuracy on=sva_obj rows=2 case=PP \(file) resume").contains(
        "is the file of another experiment: it is of other rows of the task"))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try (text + "{\"row\": 1, \"qoi\": [1]}\n").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      shell.failure("experiment accuracy on=sva_obj rows=2 \(file) resume").contains(
        "rows.jsonl:4: not a row of an experiment"))
    try "something else\n".write(toFile: path, atomically: true, encoding: .utf8)
    #expect(
      shell.failure("experiment accuracy on=sva_obj rows=2 \(file) resume").contains(
        "is not the file of an experiment"))
    #expect(try lines(path) == ["something else"])
    #expect(
      shell.failure("experiment accuracy on=sva_obj rows=2 resume").contains(
        "`resume` goes on with a file, and none is named"))
  }

  @Test func takesKnownPatterns() throws {
    let shell = try TestShell(format: "json")
    try shell.run(Self.start + "let p = patterns(sva_obj, rows=3, points=4)")
    for name in ["concentration", "share", "skips", "entropy"] {
      let own = try shell.run("experiment \(name) \(Self.options)")
      // The patterns carry their number of points.
      #expect(
        try shell.run("experiment \(name) on=sva_obj rows=3 patterns=p").numbersAgree(with: own), "\(name)")
    }
  }

  @Test func refusesPatternsOfSomethingElse() throws {
    let shell = try TestShell()
    try shell.run(
      Self.start
        + """
        let p = patterns(sva_obj, rows=2, points=4)
        let e = patterns(sva_obj, rows=2, points=4, level=embedding)
        """)
    func refusal(_ options: String) -> String { shell.failure("experiment share on=sva_obj " + options) }
    #expect(refusal("rows=3 patterns=p").contains("they are of 2 sentences, not of 3"))
    #expect(refusal("rows=2 points=5 patterns=p").contains("they have 4 points, not 5"))
    #expect(refusal("rows=2 baseline=zero patterns=p").contains("their baseline is mask"))
    #expect(refusal("rows=2 patterns=e").contains("they have no attention level"))
    #expect(refusal("rows=2 patterns=3").contains("`patterns`"))
    #expect(
      shell.failure("experiment share on=sva_subj rows=2 patterns=p").contains("they are of other sentences"))
  }

  /// Their fields read alike, the patterns are others.
  @Test(arguments: [
    ("quadrature=gauss", "their quadrature is gauss, not uniform"),
    ("beam=3", "they were searched with beam=3, not beam=1"),
    ("keep=2", "they keep 2 nodes in each layer, not 1"),
    ("words=[2]", "they are of chosen words, not of all"),
  ])
  func refusesPatternsOfAnotherSearch(option: String, reason: String) throws {
    let shell = try TestShell()
    let path = shell.path("p.json")
    try shell.run(Self.start + "let p = patterns(sva_obj, rows=2, points=4, \(option))\nsave p \"\(path)\"")
    for patterns in ["p", "read(\"\(path)\")"] {
      let failure = shell.failure("experiment skips on=sva_obj rows=2 patterns=\(patterns)")
      #expect(failure.contains(reason), "\(failure)")
    }
  }

  /// Files of the first release do not tell how their patterns were searched; they are read all the same.
  @Test func patternsThatDoNotTellTheirSearchAreReadButNotTaken() throws {
    let shell = try TestShell()
    let path = shell.path("p.json")
    try shell.run(Self.start + "save patterns(sva_obj, rows=2, points=4) \"\(path)\"")
    try shell.run("experiment skips on=sva_obj rows=2 patterns=read(\"\(path)\")")
    var saved = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: URL(filePath: path))) as? [String: Any])
    func write() throws { try JSONSerialization.data(withJSONObject: saved).write(to: URL(filePath: path)) }
    saved["search"] = nil
    try write()
    #expect(try shell.run("read \"\(path)\"").contains("patterns of 20 words in 2 sentences"))
    #expect(
      shell.failure("experiment skips on=sva_obj rows=2 patterns=read(\"\(path)\")").contains(
        "they do not tell how they were searched"))
    saved["search"] = ["quadrature": "uniform", "beam": 1, "kept": 1, "all_words": "yes", "model": "0"]
    try write()
    #expect(shell.failure("read \"\(path)\"").contains("looks like patterns"))
  }

  /// The patterns need the interventions of the experiment, not of what else the statement computes.
  @Test func takesPatternsBesideACallUnderInterventions() throws {
    let shell = try TestShell()
    let output = try shell.run(
      Self.start
        + """
        text "the author [MASK] young ."
        qoi is - are
        let p = patterns(sva_obj, rows=2, points=4)
        def without() { with ablate(L3H1) { return forward(top=1).qoi } }
        print without() > -100 experiment(skips, on=sva_obj, rows=2, patterns=p).rows
        ablate L3H1
        """)
    #expect(output.contains("true 2\n"), "\(output)")
    #expect(
      shell.failure("experiment skips on=sva_obj rows=2 patterns=p").contains(
        "they were found under other interventions"))
  }

  @Test func goesOnUnderTheSameInterventionsOnly() throws {
    let shell = try TestShell()
    let path = shell.path("rows.jsonl")
    let command = "ablate L5.mlp by=mean on=x\nexperiment accuracy on=sva_obj rows=2 file=\"\(path)\""
    try shell.run(Self.start + "task sva_obj case=PP rows=4 as=x\n" + command)
    try shell.run("restore\n\(command) resume")
    #expect(
      shell.failure("restore\ntask sva_obj case=SS rows=4 as=x\n\(command) resume").contains(
        "it is of interventions with other sentences or patterns"))
  }

  @Test(arguments: [
    ("share by=mean", "by"), ("accuracy points=4", "points"), ("skips bins=3", "bins"),
    ("convergence quadrature=gauss", "quadrature"), ("ablation samples=3", "samples"),
    ("concentration seed=3", "seed"), ("accuracy patterns=2", "patterns"),
  ])
  func refusesOptionsWithoutUse(command: String, option: String) throws {
    let shell = try TestShell()
    let failure = shell.failure(Self.start + "experiment \(command) on=sva_obj rows=2")
    #expect(failure.contains("`\(option)` does not apply"), "\(failure)")
  }

  @Test func drawsWhatItFound() throws {
    let shell = try TestShell()
    let path = shell.path("skips.svg")
    try shell.run(
      Self.start + "let e = experiment(skips, \(Self.options.replacingOccurrences(of: " ", with: ", ")))\n"
        + "save e.figure \"\(path)\"\nsave e \"\(shell.path("skips.csv"))\"")
    #expect(try String(contentsOfFile: path, encoding: .utf8).contains("3 that +"))
    let table = try lines(shell.path("skips.csv"))
    #expect(table[0] == "role,sign,words,skips,L0,L1,L2,L3,L4,L5")
    #expect(table[1].hasPrefix("all,+,"))
  }
}

extension String {
  /// Whether two texts are the same but for rounding in their numbers: 1e-3 relative.
  fileprivate func numbersAgree(with other: String) -> Bool {
    let separators = CharacterSet(charactersIn: " ,:[]{}\"\n")
    let (a, b) = (components(separatedBy: separators), other.components(separatedBy: separators))
    guard a.count == b.count else { return false }
    return zip(a, b).allSatisfy { x, y in
      guard let x = Double(x), let y = Double(y) else { return x == y }
      return abs(x - y) <= 1e-3 * max(1, abs(y))
    }
  }
}
