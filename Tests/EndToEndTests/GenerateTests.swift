import PseudoTerminals
import Testing

/// Texts that show as they come, on a pseudo-terminal, and elsewhere all at once.
@Suite(.serialized) struct GenerateTests {
  private func shell(_ arguments: [String] = []) throws -> PseudoTerminal {
    let terminal = try PseudoTerminal(
      executable: builtProgram("ipsh"), arguments: ["--model", "demo-gpt2"] + arguments,
      environment: testEnvironment)
    _ = try terminal.expect("demo-gpt2> ")
    return terminal
  }

  /// The text is not shown once more with the table.
  @Test func theTextShowsAsItComes() throws {
    let terminal = try shell()
    terminal.send("generate \"Once\" tokens=8\r")
    let before = try terminal.expect("position")
    #expect(before.contains(" upon a time, there was a little\r\n"), "\(before)")
    let behind = try terminal.expect("stopped: length")
    #expect(!behind.contains("upon a time"), "\(behind)")
    terminal.send("print _\r")
    #expect(try terminal.expect("stopped: length").contains(" upon a time, there was a little"))
    terminal.send("let g = generate(\"Once\", tokens=8); print \"n={len(g.ids)}\"\r")
    #expect(!(try terminal.expect("n=8\r")).contains("upon a time"))
  }

  @Test func quietSessionsShowTheResultAlone() throws {
    let terminal = try shell(["-q"])
    terminal.send("generate \"Once\" tokens=3\r")
    #expect(try terminal.expect("stopped: length").contains(" upon a time"))
  }

  @Test func whatIsThereStaysAfterCtrlC() throws {
    let terminal = try shell()
    terminal.send("generate \"Once\" tokens=250 temperature=20\r")
    _ = try terminal.expect("tokens=250 temperature=20")
    _ = try terminal.expect(" ")
    terminal.send("\u{3}")
    _ = try terminal.expect("(partial: ")
    _ = try terminal.expect("of 250 tokens)")
    _ = try terminal.expect("stopped: interrupted")
    _ = try terminal.expect("demo-gpt2> ")
  }

  @Test(arguments: [[], ["--format", "json"], ["--format", "csv"]])
  func pipesGetTheWhole(_ arguments: [String]) throws {
    let result = try runProgram(
      executable: builtProgram("ipsh"),
      arguments: arguments + ["-c", "load \"demo-gpt2\"", "-c", "generate \"Once\" tokens=8"],
      environment: testEnvironment)
    #expect(result.status == 0)
    if arguments.isEmpty { #expect(result.stdout.contains("\n upon a time, there was a little\nposition")) }
    #expect(!result.stderr.contains("upon"))
  }
}
