import Scripting
import Testing

@Suite struct SpanTests {
  /// The texts of all expressions, outer before inner.
  @Test(arguments: [
    ("a.b[0].c", ["a.b[0].c", "a.b[0]", "a.b", "a", "0"]),
    (" (a + b) * c ", ["(a + b) * c", "a + b", "a", "b", "c"]),
    ("- f( x , k = 1 ) ", ["- f( x , k = 1 )", "f( x , k = 1 )", "x", "1"]),
    ("print a -b # c", ["a", "-b", "b"]),
    ("print \"x{ y }\" L3H{h}@7", ["\"x{ y }\"", "y", "L3H{h}@7", "h"]),
    ("L3.mlp[i]@{p}.x", ["L3.mlp[i]@{p}.x", "L3.mlp[i]@{p}", "i", "p"]),
    ("qoi  is - are   at=7 ", ["is - are", "7"]),
    ("let é = [ 1, {a: 2} ]", ["[ 1, {a: 2} ]", "1", "{a: 2}", "2"]),
    ("time print 0..3", ["print 0..3", "0..3", "0", "3"]),
    ("load x as y", ["x", "y"]),
    ("show-settings(3.10)", ["show-settings(3.10)", "3.10"]),
  ])
  func coversExpressionsExactly(_ text: String, _ expected: [String]) throws {
    #expect(TreeWalk(try parse(text)).expressions.map(\.expression.span.text) == expected)
  }

  @Test(arguments: [
    ("  let x = 1  # c", ["let x = 1"]),
    ("print a b ; forward", ["print a b", "forward"]),
    ("\u{FEFF}for x in y { print x }\r\n", ["for x in y { print x }", "print x"]),
    ("if a {\n b\n}\nelse {\n c }\n", ["if a {\n b\n}\nelse {\n c }", "b", "c"]),
    ("qoi is at=7 # c\n", ["qoi is at=7"]),
    ("time qoi is", ["time qoi is", "qoi is"]),
    ("forward", ["forward"]),
  ])
  func coversStatementsWhole(_ text: String, _ expected: [String]) throws {
    #expect(TreeWalk(try parse(text)).statements.map(\.statement.span.text) == expected)
  }

  @Test func coversNamesLabelsAndSelectors() throws {
    let script = try parse("load x as y")
    guard case .command(let call) = script.statements[0].kind else { throw SpanFault.otherTree }
    #expect(call.callee.span.text == "load")
    #expect(call.span.text == "load x as y")
    #expect(call.arguments[1].label?.span.text == "as")

    let expression = try parse("L0-5H{h}.mlp[0-9]@*").statements[0]
    guard case .expression(let value) = expression.kind, case .node(let node) = value.kind else {
      throw SpanFault.otherTree
    }
    #expect(node.layers?.span.text == "0-5")
    #expect(node.heads?.span.text == "{h}")
    #expect(node.component?.span.text == "mlp")
    #expect(node.neurons?.span.text == "0-9")
    #expect(node.positions?.span.text == "*")
  }

  private enum SpanFault: Error { case otherTree }
}
