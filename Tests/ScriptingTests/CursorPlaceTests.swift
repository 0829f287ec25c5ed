import Scripting
import Testing

@Suite struct CursorPlaceTests {
  /// The place as `kind command|text to replace`.
  private func described(_ text: String) -> String {
    let place = CursorPlace.atEnd(of: text, grammar: TestGrammar())
    let typed = String(decoding: Array(text.utf8)[place.range], as: UTF8.self)
    return "\(place.kind) \(place.command ?? "-")|\(typed)"
  }

  @Test(arguments: [
    ("", "statement -|"), ("for", "statement -|for"), ("forward", "statement -|forward"),
    ("print 1; fo", "statement -|fo"), ("print 1\nfo", "statement -|fo"),
    ("time fo", "statement -|fo"), ("time ", "statement -|"), ("if a { ", "statement -|"),
    ("if a { fo", "statement -|fo"), ("for x in xs {\n  print x\n  fo", "statement -|fo"),
    ("if a { b }\nfo", "statement -|fo"), ("show-set", "statement -|show-set"),
    ("show-", "statement -|show-"), ("with a { fo", "statement -|fo"), ("while a { ", "statement -|"),
    ("def f(a, b=1) { fo", "statement -|fo"), ("try { fo", "statement -|fo"),
    ("try { a } catch e { fo", "statement -|fo"), ("try { a } catch { ", "statement -|"),
  ])
  func findsStatements(_ text: String, _ place: String) { #expect(described(text) == place) }

  @Test(arguments: [
    ("forward ", "argument forward|"), ("forward to", "argument forward|to"),
    ("forward top=", "value(option: \"top\") forward|"),
    ("ablate L1H0 by=ze", "value(option: \"by\") ablate|ze"),
    ("ablate L1H0, ", "argument ablate|"), ("ablate L1H0,\n ", "argument ablate|"),
    ("print a ", "argument print|"),
    ("print a - ", "expression print|"), ("print a", "argument print|a"), ("load x as ", "newName load|"),
    ("show-settings x", "argument show-settings|x"), ("time forward to", "argument forward|to"),
    ("patterns(s, le", "argument patterns|le"),
    ("patterns(s, level = ", "value(option: \"level\") patterns|"),
    ("let p = patterns(", "argument patterns|"), ("print (", "expression -|"),
    ("print f(x) ", "argument print|"), ("qoi is - a", "raw qoi|a"), ("qoi ", "raw qoi|"),
    ("qoi is - are at=", "value(option: \"at\") qoi|"), ("qoi \"a b", "raw qoi|b"),
    ("qoi is; forward ", "argument forward|"), ("qoi is # no", "nothing qoi|"),
    ("qoi is - ##s", "raw qoi|##s"), ("qoi ##s - i", "raw qoi|i"), ("baseline ##s", "argument baseline|##s"),
    ("baseline ##s ke", "argument baseline|ke"), ("forward top=##s", "value(option: \"top\") forward|##s"),
    ("forward a ##s", "nothing forward|"), ("baseline # ##s", "nothing baseline|"),
  ])
  func findsArguments(_ text: String, _ place: String) { #expect(described(text) == place) }

  @Test(arguments: [
    ("forward ", "0"), ("forward a", "0"), ("forward a ", "1"), ("forward a, ", "1"), ("forward a b c", "2"),
    ("forward \"a\" ", "1"), ("forward \"a", "0"), ("forward a \"b c", "1"), ("forward [1, 2] (3) ", "2"),
    ("forward top=3 ", "0"), ("forward a top=3 x", "1"), ("forward top=\"a", "top"), ("forward top=", "top"),
    ("forward top=a", "top"), ("forward -1 ", "1"), ("forward L3H5@2 x", "1"), ("patterns(", "0"),
    ("patterns(s, ", "1"), ("patterns(s, level = ", "level"), ("patterns(s, f(1, 2), x", "2"),
    ("load m as n ", "1"), ("forward a; forward ", "0"), ("print a - ", "nil"), ("let x = ", "nil"),
    ("print f(1, ", "1"), ("print a f(1) ", "2"),
  ])
  func countsArguments(_ text: String, _ expected: String) {
    let place = CursorPlace.atEnd(of: text, grammar: TestGrammar())
    let found =
      switch place.argument {
      case .positional(let count)?: "\(count)"
      case .option(let name)?: name
      case nil: "nil"
      }
    #expect(found == expected)
  }

  @Test(arguments: [
    ("for k ", "word(\"in\") -|"), ("for k, v i", "word(\"in\") -|i"), ("[x for x ", "word(\"in\") -|"),
    ("for k, ", "newName -|"), ("for k, v in ", "expression -|"), ("[x for ", "newName -|"),
    ("[x for x in ", "expression -|"), ("[x for x in xs if ", "expression -|"), ("x[0] = ", "expression -|"),
    ("x => ", "expression -|"), ("map(xs, x => ", "expression map|"), ("let a = b if ", "expression -|"),
    ("let a = b if c else ", "expression -|"), ("a in ", "expression -|"),
    ("print a not in ", "expression print|"),
    ("x += y", "expression -|y"), ("if a { b } else if ", "expression -|"),
    ("for x in [y for z in q] { fo", "statement -|fo"),
    ("let ", "newName -|"), ("let x", "newName -|x"), ("let x = ", "expression -|"),
    ("let x =\n", "expression -|"),
    ("let x = y", "expression -|y"), ("let x = y ", "nothing -|"), ("for ", "newName -|"),
    ("for x in ", "expression -|"), ("if no", "expression -|no"), ("if not ", "expression -|"),
    ("1 + ", "expression -|"), ("t[", "expression -|"), ("[1, x", "expression -|x"), ("{a", "newName -|a"),
    ("{a: x", "expression -|x"), ("# com", "nothing -|"), ("12", "nothing -|"), ("(1) ", "nothing -|"),
    ("print \"a", "string print|a"), ("load \"models/be", "string load|models/be"), ("r\"x", "string -|x"),
    ("print \"a {x", "expression -|x"), ("print \"a {x} b", "string print|a {x} b"),
    ("print \"{\"{f(", "argument f|"), ("with ", "change -|"), ("with a, ab", "expression -|ab"),
    ("with ablate(", "argument ablate|"), ("while no", "expression -|no"), ("def ", "newName -|"),
    ("def f(", "newName -|"), ("def f(a, b", "newName -|b"), ("def f(a=", "expression -|"),
    ("def f(a=1, ", "newName -|"), ("def f() { return x", "expression -|x"),
    ("try { } catch e", "newName -|e"),
  ])
  func findsExpressions(_ text: String, _ place: String) { #expect(described(text) == place) }

  @Test(arguments: [
    ("p.", "field(base: \"p\") -|"), ("p.co", "field(base: \"p\") -|co"),
    ("p.a.b", "field(base: \"p.a\") -|b"),
    ("print f(x)[0].", "field(base: \"f(x)[0]\") print|"), ("(a + b).", "field(base: \"(a + b)\") -|"),
    ("ablate L", "argument ablate|L"), ("ablate L3", "node ablate|L3"), ("ablate L0-5H", "node ablate|L0-5H"),
    ("ablate L*H", "node ablate|L*H"), ("print L3.", "field(base: \"L3\") print|"),
    ("print L3H5.pa", "field(base: \"L3H5\") print|pa"),
    ("print L{l}H{h}.", "field(base: \"L{l}H{h}\") print|"),
    ("print L{", "expression print|"), ("print L{l}H{", "expression print|"),
    ("print L{l}H5.", "field(base: \"L{l}H5\") print|"),
    ("show embed@", "position(node: \"embed\") show|"), ("show L3H5@1", "position(node: \"L3H5\") show|1"),
    ("ablate L3H5@1<-", "position(node: \"L3H5@1<-\") ablate|"),
    ("ablate L3H5@*<-2", "position(node: \"L3H5@*<-\") ablate|2"),
    ("show L3@{", "expression show|"), ("show L3@7.", "field(base: \"L3@7\") show|"),
  ])
  func findsNodesAndFields(_ text: String, _ place: String) { #expect(described(text) == place) }
}

@Suite struct LexerTests {
  private func kinds(_ text: String) -> [String] {
    let source = Source(name: nil, text: text)
    return Lexer.tokenize(source).map { "\($0.kind) \(source.text($0.range).debugDescription)" }
  }

  @Test func keepsCommentsAndLineEnds() {
    #expect(
      kinds("let x = L3H5 # note\r\n\"a{b}\" 1e3") == [
        "keyword(Scripting.Keyword.let) \"let\"", "identifier \"x\"",
        "symbol(Scripting.Symbol.assign) \"=\"", "node \"L3H5\"", "comment \"# note\"", "newline \"\\r\\n\"",
        "string \"\\\"a{b}\\\"\"", "number \"1e3\"", "end \"\"",
      ])
  }

  @Test(arguments: [
    (
      "x \"abc\ny",
      ["identifier \"x\"", "invalid \"\\\"abc\"", "newline \"\\n\"", "identifier \"y\"", "end \"\""]
    ),
    ("\"a\\q\" y", ["invalid \"\\\"a\\\\q\\\"\"", "identifier \"y\"", "end \"\""]),
    ("r\"abc", ["invalid \"r\\\"abc\"", "end \"\""]),
    ("“a", ["invalid \"“\"", "identifier \"a\"", "end \"\""]),
    ("1_ x", ["invalid \"1_\"", "identifier \"x\"", "end \"\""]),
    ("\"a\\", ["invalid \"\\\"a\\\\\"", "end \"\""]),
  ])
  func passesOverWhatIsWrong(_ text: String, _ expected: [String]) { #expect(kinds(text) == expected) }
}
