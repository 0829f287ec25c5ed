import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

@testable import Language
@testable import Workbench

/// Every example of the pages is run, and their links lead somewhere.
@Suite struct ReadmeTests {
  /// A page that is moved away, or a kind of block that is not found any more, would pass all other tests.
  @Test func thePagesHaveExamples() {
    #expect(Page.readme.steps.count > 5 && Page.readme.links.count > 5)
    #expect(Page.all.contains { $0.steps.count > 15 })
    #expect(Page.all.count { !$0.consoleExamples.isEmpty } > 3)
    #expect(Page.all.contains { $0.pythonSteps.count > 3 })
  }

  /// The ```ipscript blocks of a page form one session; a ```text block right behind one is what it prints.
  @Test(arguments: Page.all.filter { !$0.steps.isEmpty })
  func theSessionPrintsWhatThePageShows(_ page: Page) throws {
    let steps = page.steps
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
  @Test(arguments: Page.all.filter { !$0.consoleExamples.isEmpty })
  func theConsoleExamplesPrintWhatTheyShow(_ page: Page) throws {
    var environment = testEnvironment
    environment["PATH"] = try programFolder() + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    for (command, expected) in page.consoleExamples {
      let result = try runProgram(
        executable: "/bin/sh", arguments: ["-c", "exec 2>&1; " + command], environment: environment,
        directory: checkout.path)
      let difference = firstDifference(result.stdout, expected)
      #expect(difference == nil, "\(command)\n\(difference ?? "")")
    }
  }

  /// The ```python blocks of a page form one program, in which `ipsh` is the one that was built.
  @Test(arguments: Page.all.filter { !$0.pythonSteps.isEmpty })
  func thePythonPrintsWhatThePageShows(_ page: Page) throws {
    let steps = page.pythonSteps
    let separator = "=== next step"
    let program = steps.map(\.script).joined(separator: "\nprint(\"\(separator)\")\n")
    var environment = testEnvironment
    environment["PATH"] = try programFolder() + ":" + (environment["PATH"] ?? "/usr/bin:/bin")
    try withTemporaryFolder { folder in
      let result = try runProgram(
        executable: "/usr/bin/env", arguments: ["python3", "-"], stdin: program, environment: environment,
        directory: folder.path)
      #expect(result.status == 0, "\(result.stderr)")
      let outputs = result.stdout.components(separatedBy: separator + "\n")
      try #require(outputs.count == steps.count)
      for (output, step) in zip(outputs, steps) {
        let difference = firstDifference(output, step.output)
        #expect(difference == nil, "\(step.script)\n\(difference ?? "")")
      }
    }
  }

  private func programFolder() throws -> String {
    "/" + (try builtProgram("ipsh")).split(separator: "/").dropLast().joined(separator: "/")
  }

  @Test(arguments: Page.all)
  func theLinksLeadToFiles(_ page: Page) {
    let folder = checkout.appending(path: page.path).deletingLastPathComponent()
    for link in page.links where !link.contains("://") {
      #expect(FileManager.default.fileExists(atPath: folder.appending(path: link).path), "\(link)")
    }
  }

  @Test func theReferenceIsThatOfTheRegistry() {
    #expect(
      Page.reference.text.hasSuffix("\n\n" + HelpText.reference(.standard) + "\n"),
      "run scripts/fixtures/reference")
  }

  @Test func theTopicsAreThoseOfTheHelp() throws {
    let text = Page.reference.text
    let start = try #require(text.range(of: "Topics:")).upperBound
    let sentence = text[start...].prefix { $0 != "." }
    let named = sentence.split(separator: "`").map(String.init).filter { $0.first?.isLetter == true }
    #expect(Set(named) == Set(HelpText.topics(.standard).map(\.name)))
  }
}

/// A Markdown file that tells users something.
struct Page: Sendable, CustomTestStringConvertible {
  /// From the checkout on.
  let path: String
  /// Empty when there is no such file.
  let text: String

  init(_ path: String) {
    self.path = path
    text = (try? String(contentsOf: checkout.appending(path: path), encoding: .utf8)) ?? ""
  }

  static let readme = Page("README.md")
  static let reference = Page("Sources/Workbench/Documentation/REFERENCE.md")

  /// README.md and every other one, beside what it is about.
  static let all: [Page] = {
    let files = FileManager.default.subpaths(atPath: checkout.appending(path: "Sources").path) ?? []
    return [readme] + files.filter { $0.hasSuffix(".md") }.sorted().map { Page("Sources/\($0)") }
  }()

  var testDescription: String { path }

  /// Where `[text](link)` and `![text](link)` lead, without the place in the file.
  var links: [String] { text.matches(of: /\]\(([^)\s#]+)/).map { String($0.1) } }

  var steps: [(script: String, output: String)] { steps(of: "ipscript") }

  /// Those that need no package.
  var pythonSteps: [(script: String, output: String)] { steps(of: "python") }

  private func steps(of kind: String) -> [(script: String, output: String)] {
    var steps: [(script: String, output: String)] = []
    var previous = ""
    for block in blocks {
      if block.kind == kind { steps.append((block.body, "")) }
      let isBehind = previous == kind
      previous = block.kind
      if block.kind == "text", isBehind, let last = steps.indices.last { steps[last].output = block.body }
    }
    return steps
  }

  var consoleExamples: [(command: String, output: String)] {
    blocks.filter { $0.kind == "console" }.map { block in
      let lines = block.body.components(separatedBy: "\n")
      return (String(lines[0].dropFirst(2)), lines.dropFirst().joined(separator: "\n"))
    }
  }

  /// The fenced blocks in order.
  private var blocks: [(kind: String, body: String)] {
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
