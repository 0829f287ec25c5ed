import PseudoTerminals
import Testing

@testable import LineEditing

@Suite struct PromptTests {
  @Test(arguments: [
    ("\u{1B}[1;32mλ\u{1B}[0m \u{1B}[2m漢\u{1B}[0m> ", "λ 漢> "), ("bert\n> ", "bert\n> "), ("", ""),
    ("\u{1B}[0m", ""), ("\u{1B}", ""), ("\u{1B}[", ""), ("\u{1B}[1", ""), ("a\u{7}b", "ab"),
  ])
  func plainPromptsHaveNoEscapeSequences(prompt: String, plain: String) {
    #expect(withoutEscapeSequences(prompt) == plain)
  }

  @Test func coloursReachAnEditedPromptAndTakeNoRoom() throws {
    let terminal = try probe("--colour")
    #expect(terminal.transcript.contains("\u{1B}[1m\u{1B}[32mprobe\u{1B}[0m> "))
    try terminal.expectScreen(["probe>"], row: 0, column: 7)
  }
}
