import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

@testable import Language
@testable import Workbench

/// Every example of the README is run.
@Suite struct ReadmeTests {
  static let text = (try? String(contentsOf: checkout.appending(path: "README.md"), encoding: .utf8)) ?? ""

  /// The ```ipscript blocks form one session; a ```text block right behind one is what it prints.
  @Test func theTourPrintsWhatItShows() throws {
    let steps = Self.steps()
    #expect(steps.count > 5)
    let separator = "=== next step"
    let script = steps.map(\.script).joined(separator: "\nprint \"\(separator)\"\n")
    try withTemporaryFolder { folder in
      let result = try ipsh(["-q", "-c", script], directory: folder.path)
      #expect(result.status == 0, "\(result.stderr)")
      let outputs = result.stdout.components(separatedBy: separator + "\n")
      try #require(outputs.count == steps.count)
      for (output, step) in zip(outputs, steps) {
        let difference = firstDifference(output, step.output)
        #expect(difference == nil, "\(step.script)\n\(difference ?? "")")
      }
    }
  }

  /// A ```console block is a command behind `$ ` and what it prints, errors included.
  @Test func theConsoleExamplesPrintWhatTheyShow() throws {
    let examples = Self.blocks().filter { $0.kind == "console" }
    #expect(!examples.isEmpty)
    for example in examples {
      let (command, expected) = Self.split(example.body)
      let folder = try builtProgram("ipsh").split(separator: "/").dropLast().joined(separator: "/")
      var environment = testEnvironment
      environment["PATH"] = "/\(folder):" + (environment["PATH"] ?? "/usr/bin:/bin")
      let result = try runProgram(
        executable: "/bin/sh", arguments: ["-c", "exec 2>&1; " + command], environment: environment,
        directory: checkout.path)
      let difference = firstDifference(result.stdout, expected)
      #expect(difference == nil, "\(command)\n\(difference ?? "")")
    }
  }

  private static func split(_ body: String) -> (command: String, output: String) {
    let lines = body.components(separatedBy: "\n")
    return (String(lines[0].dropFirst(2)), lines.dropFirst().joined(separator: "\n"))
  }

  @Test func theReferenceIsThatOfTheRegistry() {
    #expect(
      Self.text.contains(HelpText.reference(.standard)),
      "run scripts/fixtures/reference and paste its output")
  }

  @Test func theTopicsAreThoseOfTheHelp() throws {
    let start = try #require(Self.text.range(of: "Topics: ")).upperBound
    let sentence = Self.text[start...].prefix { $0 != "." }
    let named = sentence.split(separator: "`").map(String.init).filter { $0.first?.isLetter == true }
    #expect(Set(named) == Set(HelpText.topics(.standard).map(\.name)))
  }

  private static func steps() -> [(script: String, output: String)] {
    var steps: [(script: String, output: String)] = []
    for block in blocks() {
      if block.kind == "ipscript" { steps.append((block.body, "")) }
      if block.kind == "text", let last = steps.indices.last, steps[last].output.isEmpty {
        steps[last].output = block.body
      }
    }
    return steps
  }

  /// The fenced blocks in order.
  private static func blocks() -> [(kind: String, body: String)] {
    var blocks: [(kind: String, body: String)] = []
    var open: (kind: String, lines: [String])?
    for line in text.components(separatedBy: "\n") {
      if let block = open, line == "```" {
        blocks.append((block.kind, block.lines.joined(separator: "\n")))
        open = nil
      } else if open != nil {
        open?.lines.append(line)
      } else if line.hasPrefix("```") {
        open = (String(line.dropFirst(3)), [])
      }
    }
    return blocks
  }
}
