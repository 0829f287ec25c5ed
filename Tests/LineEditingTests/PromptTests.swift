import PseudoTerminals
import Testing

@testable import LineEditing

@Suite struct PromptTests {
  @Test func controlsOfAPromptAreShownInWords() throws {
    let terminal = try probe("--hostile-prompt")
    let shown = #"^[[1m^G\U+009Bm\U+202Eprobe>"#
    try terminal.expectScreen([shown], row: 0, column: shown.count + 1)
    for control in ["\u{7}", "\u{9B}", "\u{202E}", "\u{1B}[1m"] {
      #expect(!terminal.transcript.contains(control))
    }
  }

  @Test func controlsOfATextAreShownInWords() throws {
    let terminal = try probe()
    terminal.send(Key.paste("a\u{202E}b\u{200F}c\u{9B}d"))
    let shown = #"probe> a\U+202Eb\U+200Fc\U+009Bd"#
    try terminal.expectScreen([shown], row: 0, column: shown.count)
  }
}
