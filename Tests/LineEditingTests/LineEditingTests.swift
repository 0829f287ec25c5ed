import Testing

@testable import LineEditing

@Suite struct PromptTests {
  @Test func coloursStandBeforeACharacterThatTakesRoom() {
    let prompt = PromptText("\u{1B}[1m\u{1B}[32mipsh\u{1B}[0m> ")
    #expect(prompt.header == "")
    #expect(prompt.marked == "\u{1}\u{1B}[1m\u{1B}[32m\u{1}ipsh\u{1}\u{1B}[0m\u{1}> ")
  }

  @Test func coloursAtTheEndMoveBeforeTheLastCharacter() {
    #expect(PromptText("\u{1B}[1m>\u{1B}[0m").marked == "\u{1}\u{1B}[1m\u{1B}[0m\u{1}>")
    #expect(PromptText("\u{1B}[1m> \u{1B}[0m").marked == "\u{1}\u{1B}[1m\u{1}>\u{1}\u{1B}[0m\u{1} ")
  }

  @Test func onlyTheLastLineIsEdited() {
    let prompt = PromptText("\u{1B}[2mbert\u{1B}[0m\n> ")
    #expect(prompt.header == "\u{1B}[2mbert\u{1B}[0m\n")
    #expect(prompt.marked == "> ")
  }

  @Test(arguments: ["", "\u{1B}[0m", "\u{1B}", "\u{1B}["])
  func promptsWithNothingToShow(prompt: String) {
    #expect(PromptText(prompt, colour: false).marked.allSatisfy { $0 == "[" })
  }

  @Test func plainTextHasNoEscapeSequences() {
    #expect(PromptText("\u{1B}[1;32mλ\u{1B}[0m \u{1B}[2m漢\u{1B}[0m> ", colour: false).marked == "λ 漢> ")
  }
}
