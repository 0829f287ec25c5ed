import FixtureFiles
import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Models of the Hugging Face cache at revisions of their training.
@Suite struct RevisionTests {
  private let cached = CachedModel()
  private let shell: TestShell

  init() throws {
    shell = try TestShell(environment: cached.environment)
    try cached.add("c0ffee00", as: "main", model: "relu")
    try cached.add("beef1111", as: "step1000", model: "bert-2019")
  }

  @Test(arguments: ["revision=step1000", "revision=\"beef\"", "revision=\"beef1111\""])
  func revisionsAreLoaded(option: String) throws {
    let output = try shell.run(
      """
      load "hf:org/steps" \(option) as early
      print model.path
      load "hf:org/steps" as late
      print model.path
      """)
    #expect(output.contains("/snapshots/beef1111") && output.contains("/snapshots/c0ffee00"))
  }

  /// What was recorded says which revision it was.
  @Test func theRevisionIsKept() throws {
    try shell.run("load \"hf:org/steps\" revision=step1000")
    let model = try #require(shell.interpreter.session.bench.model)
    #expect(model.specifier == "hf:org/steps@step1000" && model.name == "steps")
  }

  @Test func whatIsThereIsListed() {
    let absent = shell.failure("load \"hf:org/steps\" revision=step3000")
    #expect(absent.contains("no snapshot of org/steps at revision step3000, found main, step1000"))
    #expect(absent.contains("hf:org/steps@step1000"))
    #expect(
      shell.failure("load \"demo\" revision=step1000")
        .contains("expected hf:org/name beside revision=step1000, found \"demo\""))
  }
}
