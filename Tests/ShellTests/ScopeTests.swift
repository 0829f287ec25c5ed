import Faults
import Testing

@testable import Shell

/// What `with` does to the session, on every way out of its block.
@Suite struct ScopeTests {
  private struct Failure: Error {}

  @Test func restoresAtTheEndOnAnErrorAndOnAnInterruption() throws {
    let interpreter = try TestShell().interpreter
    try interpreter.session.set("seed", to: 1)
    interpreter.restoring(\.settings) { interpreter.session.settings.seed = 2 }
    #expect(interpreter.session.settings.seed == 1)
    for error in [Failure(), Interrupted()] as [any Error] {
      #expect(throws: (any Error).self) {
        try interpreter.restoring(\.settings) {
          interpreter.session.settings.seed = 3
          throw error
        }
      }
      #expect(interpreter.session.settings.seed == 1)
    }
  }

  @Test func leavesTheRestOfTheSessionChanged() throws {
    let shell = try TestShell()
    #expect(try shell.run("with set(\"seed\", 5) { print 1 }\nset seed") == "1\n5\n")
  }
}
