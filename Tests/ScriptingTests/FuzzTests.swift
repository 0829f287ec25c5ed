import class Foundation.ProcessInfo
import Fuzzing
import Scripting
import Testing

/// Random texts: whatever the text, there is a tree or a diagnostic with a place, never a trap.
///
/// `IPSH_FUZZ_ITERATIONS` sets how many (2000 otherwise), `IPSH_FUZZ_SEED` where to begin.
@Suite struct FuzzTests {
  private static func setting(_ name: String, _ standard: Int) -> Int {
    ProcessInfo.processInfo.environment[name].flatMap(Int.init) ?? standard
  }

  @Test func survivesRandomTexts() {
    let first = Self.setting("IPSH_FUZZ_SEED", 1)
    let count = Self.setting("IPSH_FUZZ_ITERATIONS", 2000)
    var parsed = 0
    for seed in first..<first + count {
      var generator = TextGenerator(seed: UInt64(seed))
      let text = generator.text()
      do {
        let script = try parse(text)
        parsed += 1
        checkTree(script, text, seed)
      } catch let diagnostic as Diagnostic {
        checkDiagnostic(diagnostic, text, seed)
      } catch {
        Issue.record("seed \(seed): \(error)")
      }
      checkEditing(text, seed)
    }
    // The generator is of use only if it reaches both outcomes often.
    #expect(parsed > count / 4)
    #expect(parsed < count)
  }

  private func fail(_ what: String, _ text: String, _ seed: Int) {
    Issue.record("\(what), seed \(seed): \(text.debugDescription)")
  }

  private func checkDiagnostic(_ diagnostic: Diagnostic, _ text: String, _ seed: Int) {
    let size = text.utf8.count
    guard let range = diagnostic.span?.range, range.lowerBound >= 0, range.upperBound <= size else {
      return fail("place outside of the text", text, seed)
    }
    for offset in [range.lowerBound, range.upperBound] where offset < size {
      if Array(text.utf8)[offset] & 0xC0 == 0x80 { fail("place inside a character", text, seed) }
    }
    if diagnostic.code == "nested-too-deeply" { fail("short texts are not deep", text, seed) }
    let lines = diagnostic.rendered().split(separator: "\n")
    if lines.contains(where: { $0.unicodeScalars.contains { $0.value < 0x20 } }) {
      fail("control character", text, seed)
    }
    if lines.count > 1, lines[1].hasPrefix("note") == false, !lines[2].contains("^") {
      fail("no caret", text, seed)
    }
  }

  private func checkTree(_ script: Script, _ text: String, _ seed: Int) {
    let walk = TreeWalk(script)
    for (statement, holder) in walk.statements where !holder.contains(statement.span) {
      fail("statement outside of its holder", text, seed)
    }
    for (expression, holder) in walk.expressions {
      if !holder.contains(expression.span) { fail("expression outside of its holder", text, seed) }
      checkAlone(expression, text, seed)
    }
    let again = outcome(script.asSource)
    if again != script.printed {
      fail("printed \(script.asSource.debugDescription) gives \(again)", text, seed)
    }
  }

  /// The span of an expression is exact when its text alone gives the same tree.
  private func checkAlone(_ expression: Expression, _ text: String, _ seed: Int) {
    switch expression.kind {
    case .raw, .statement: return
    // A piece of a word is one where words stand only.
    case .name(let name) where name.hasPrefix("#"): return
    default: break
    }
    let alone = outcome("(\(expression.span.text))")
    if alone != expression.printed {
      fail("\(expression.span.text.debugDescription) alone gives \(alone)", text, seed)
    }
  }

  private func checkEditing(_ text: String, _ seed: Int) {
    let isParsed = (try? parse(text)) != nil
    if isParsed, completeness(of: text, grammar: TestGrammar()) == .incomplete {
      fail("incomplete", text, seed)
    }
    let scalars = Array(text.unicodeScalars)
    for end in stride(from: 0, through: scalars.count, by: scalars.count / 8 + 1) {
      let before = String(String.UnicodeScalarView(scalars[..<end]))
      let place = CursorPlace.atEnd(of: before, grammar: TestGrammar())
      if place.range.upperBound != before.utf8.count || place.range.lowerBound < 0 {
        fail("cursor", before, seed)
      }
    }
    var reached = 0
    for token in Lexer.tokenize(Source(name: nil, text: text)) {
      if token.range.lowerBound < reached { fail("tokens overlap", text, seed) }
      if token.kind != .end, token.range.isEmpty { fail("empty token", text, seed) }
      reached = token.range.upperBound
    }
    if reached != text.utf8.count { fail("tokens end at \(reached)", text, seed) }
  }
}

extension Span {
  fileprivate func contains(_ other: Span) -> Bool {
    range.lowerBound <= other.range.lowerBound && other.range.upperBound <= range.upperBound
  }
}
