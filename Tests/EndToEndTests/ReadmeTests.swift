import Foundation
import PseudoTerminals
import Testing

@testable import Shell

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

  @Test func theReferenceIsThatOfTheRegistry() {
    #expect(Self.text.contains(HelpText.reference(.standard)), "run scripts/reference and paste its output")
  }

  private static func steps() -> [(script: String, output: String)] {
    var steps: [(script: String, output: String)] = []
    var fence: String?
    var body: [String] = []
    for line in text.components(separatedBy: "\n") {
      if let open = fence {
        guard line == "```" else {
          body.append(line)
          continue
        }
        let block = body.joined(separator: "\n")
        if open == "ipscript" { steps.append((block, "")) }
        if open == "text", !steps.isEmpty, steps[steps.count - 1].output.isEmpty { steps[steps.count - 1].output = block }
        fence = nil
      } else if line.hasPrefix("```") {
        fence = String(line.dropFirst(3))
        body = []
      }
    }
    return steps
  }
}
