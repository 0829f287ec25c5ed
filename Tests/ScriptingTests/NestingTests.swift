import Scripting
import Testing

/// Neither depth nor length may reach the end of the stack, here or in a walk over the tree.
@Suite struct NestingTests {
  private static let forms: [(open: String, close: String)] = [
    ("(", ")"), ("[", "]"), ("{a: ", "}"), ("f(", ")"), ("f(a = ", ")"), ("t[", "]"), ("L{", "}"),
    ("L3@{", "}"),
    ("L3.mlp[", "]"), ("\"{", "}\""), ("- ", ""), ("not ", ""), ("2 ^ ", ""), ("time ", ""),
    ("for x in y { ", " }"), ("if x { ", " }"), ("if x { } else { ", " }"),
    ("with x { ", " }"), ("while x { ", " }"), ("try { ", " } catch e { }"),
    ("try { } catch { ", " }"),
  ]

  /// Code and message, nil for a text that parses.
  private func fault(_ text: String) -> String? {
    do {
      _ = try parse(text)
      return nil
    } catch let diagnostic as Diagnostic {
      return "\(diagnostic.code): \(diagnostic.message)"
    } catch {
      return "\(error)"
    }
  }

  private func text(_ form: (open: String, close: String), _ count: Int) -> String {
    String(repeating: form.open, count: count) + "1" + String(repeating: form.close, count: count)
  }

  @Test(arguments: forms.indices)
  func limitsDepth(_ index: Int) {
    let form = Self.forms[index]
    #expect(fault(text(form, 200)) == nil)
    for count in [201, 100_000] {
      #expect(fault(text(form, count)) == "nested-too-deeply: nested more than 200 levels deep")
    }
  }

  @Test func doesNotCloseWhatItNeverOpened() {
    for open in ["(", "[", "f(", "if x {\n", "L{", "\"{"] {
      let fault = fault(String(repeating: open, count: 100_000))
      #expect(fault == "nested-too-deeply: nested more than 200 levels deep")
    }
  }

  @Test(arguments: [(" + a", 999), (".a", 999), ("[0]", 999), (" or a", 999)])
  func limitsHeight(_ repeated: String, _ count: Int) {
    let longest = "a" + String(repeating: repeated, count: count)
    #expect(fault(longest) == nil)
    #expect(
      fault(longest + repeated)
        == "nested-too-deeply: more than 1000 operators in a row in one expression")
  }

  @Test func countsHeightThroughBrackets() {
    let row = String(repeating: " + a", count: 600)
    #expect(fault("(a\(row))\(row)")?.hasPrefix("nested-too-deeply") == true)
    #expect(fault("[a\(row), a\(row)]") == nil)
  }

  @Test func takesLongFlatTexts() throws {
    let list = String(repeating: "1, ", count: 20_000)
    #expect(try parse("[\(list)]").statements.count == 1)
    #expect(try parse(String(repeating: "print 1\n", count: 5000)).statements.count == 5000)
    #expect(try parse("if a { }" + String(repeating: " else if a { }", count: 2000)).statements.count == 1)
    #expect(try parse("print" + String(repeating: " a", count: 5000)).statements.count == 1)
  }
}
