import Testing

@Suite struct ExpressionTests {
  @Test(arguments: [
    ("12", "12"), ("1_000_000", "1000000"), ("0.5", "0.5"), ("1e-5", "1e-05"), ("1E+2", "100"),
    ("0x1F", "31"), ("0xdead_beef", "3735928559"), ("1_0.2_5e1_0", "102500000000"),
    ("3..5", "(.. 3 5)"), ("3.5..4.5", "(.. 3.5 4.5)"), ("0..<n", "(..< 0 n)"),
    ("true", "true"), ("false", "false"), ("null", "null"), ("_", "_"),
    ("[]", "[]"), ("[1, [2], 3,]", "[1 [2] 3]"), ("[\n1,\n2\n]", "[1 2]"),
    ("{}", "{}"), ("{a: 1, \"b c\": 2, in: 3, L3: 4}", "{a: 1, b c: 2, in: 3, L3: 4}"),
  ])
  func parsesLiterals(_ text: String, _ tree: String) { #expect(outcome(text) == tree) }

  @Test(arguments: [
    (#""""#, #""""#),
    (#""a b""#, #""a b""#),
    (#""\"\\\n\r\t\0\{""#, #""\"\\\n\r\t\0{""#),
    (#""\u{1F600}\u{e9}""#, "\"😀é\""),
    (#""a {x} b""#, #""a {x} b""#),
    (#""{x}{y}""#, #""{x}{y}""#),
    (#""{f("}")}""#, #""{(f "}")}""#),
    (#""{ {a: {b: 1}}.a }""#, #""{(. {a: {b: 1}} a)}""#),
    (#""{"{"{1}"}"}""#, #""{"{"{1}"}"}""#),
    (#""}""#, #""}""#),
    (##""a # b; c""##, ##""a # b; c""##),
    (#"r"C:\n{x}""#, #""C:\\n{x}""#),
    ("r", "r"),
    (#""{x:.2f}{n:>5d}{a.b:é^+,.1%}""#, #""{x:.2f}{n:>5d}{(. a b):é^+,.1%}""#),
    (#""{ {a: 1}.a :3}""#, #""{(. {a: 1} a):3}""#),
    (#""{t[1, :]:e}""#, #""{(at t 1 :):e}""#),
  ])
  func parsesStrings(_ text: String, _ tree: String) { #expect(outcome(text) == tree) }

  @Test(
    arguments: [
      ("a or b and c", "(or a (and b c))"),
      ("not a and b", "(and (not a) b)"),
      ("not a == b", "(not (== a b))"),
      ("not not a", "(not (not a))"),
      ("not a in b", "(not (in a b))"),
      ("a not in b and c in 0..3", "(and (not in a b) (in c (.. 0 3)))"),
      ("a @ b * c", "(* (@ a b) c)"),
      ("L3@7 + a", "(+ <L3 @7> a)"),
      ("a if b else c if d else e", "(? b a (? d c e))"),
      ("a or b if c and d else e", "(? (and c d) (or a b) e)"),
      ("x => x + 1", "(=> (x) {(return (+ x 1))})"),
      ("(a, b) => a if b else c", "(=> (a b) {(return (? b a c))})"),
      ("() => x => x", "(=> () {(return (=> (x) {(return x)}))})"),
      ("(x) => -x", "(=> (x) {(return (- x))})"),
      ("map(xs, x=>x^2, n=3)", "(map xs (=> (x) {(return (^ x 2))}) n=3)"),
      ("[x * 2 for x in xs if x > 1]", "[(* x 2) for x xs if (> x 1)]"),
      ("[[a, b] for a, b in ps for c in\n a if c if d]", "[[a b] for a,b ps for c a if c if d]"),
      ("[a if b else c for d in e]", "[(? b a c) for d e]"),
      ("a == b..c", "(== a (.. b c))"),
      ("0..n-1", "(.. 0 (- n 1))"),
      ("a - b - c", "(- (- a b) c)"),
      ("a + b * c % d / e", "(+ a (/ (% (* b c) d) e))"),
      ("-a ^ 2", "(- (^ a 2))"),
      ("a ^ b ^ c", "(^ a (^ b c))"),
      ("2 ^ -1 * 3", "(* (^ 2 (- 1)) 3)"),
      ("-a * b", "(* (- a) b)"),
      ("a * -b", "(* a (- b))"),
      ("- -+a", "(- (- (+ a)))"),
      ("(a + b) * c", "(* (+ a b) c)"),
      ("(a < b) < c", "(< (< a b) c)"),
      ("a <= b", "(<= a b)"), ("a >= b", "(>= a b)"), ("a != b", "(!= a b)"), ("a > b", "(> a b)"),
      ("a -b", "(- a b)"),
      ("-t[0].x", "(- (. (at t 0) x))"),
      ("(a\n+\nb)", "(+ a b)"),
    ])
  func bindsOperators(_ text: String, _ tree: String) { #expect(outcome(text) == tree) }

  @Test(arguments: [
    ("t[1, :, 3..5, -1]", "(at t 1 : (.. 3 5) (- 1))"),
    ("t[0][1].x.y", "(. (. (at (at t 0) 1) x) y)"),
    ("f(a)[0].b", "(. (at (f a) 0) b)"),
    ("[1, 2][0]", "(at [1 2] 0)"),
    ("\"s\".length", "(. \"s\" length)"),
    ("(a).b", "(. a b)"),
    ("r.in", "(. r in)"),
    ("r.L3", "(. r L3)"),
    ("f()", "(f)"),
    ("f(g(1), h=i(2))", "(f (g 1) h=(i 2))"),
    ("f(a == b)", "(f (== a b))"),
    ("f(print=1)", "(f print=1)"),
    ("blocks.3.attn.hook_pattern", "blocks.3.attn.hook_pattern"),
    ("blocks.3.attn.hook_pattern[0]", "(at blocks.3.attn.hook_pattern 0)"),
    ("blocks.x", "(. blocks x)"),
    ("a3.h5", "(. a3 h5)"),
    ("3.5", "3.5"),
  ])
  func parsesPostfixes(_ text: String, _ tree: String) { #expect(outcome(text) == tree) }

  @Test(
    arguments: [
      ("L3", "<L3>"), ("L3@7", "<L3 @7>"), ("L3H5", "<L3 H5>"), ("L3H5@7", "<L3 H5 @7>"),
      ("L0-5", "<L0-5>"), ("L*", "<L*>"), ("L{1, 4}", "<L{1 4}>"), ("L{l}H{h}", "<L{l} H{h}>"),
      ("L0-5H{1,4}", "<L0-5 H{1 4}>"), ("L3H0-5", "<L3 H0-5>"), ("L3H*", "<L3 H*>"), ("L*H*", "<L* H*>"),
      ("L{0..5}", "<L{(.. 0 5)}>"), ("L3H{h + 1}@{p}", "<L3 H{(+ h 1)} @{p}>"),
      ("L3.skip@7", "<L3 .skip @7>"), ("L3.resid_post", "<L3 .resid_post>"),
      ("L3.mlp", "<L3 .mlp>"), ("L3.mlp[512]", "<L3 .mlp #512>"), ("L3.mlp[0-9]", "<L3 .mlp #0-9>"),
      ("L3.mlp[*]", "<L3 .mlp #*>"), ("L3.mlp[{1, 2}]@*", "<L3 .mlp #{1 2} @*>"),
      ("L3.mlp[i]", "<L3 .mlp #{i}>"),
      ("L3.mlp[i - 1]", "<L3 .mlp #{(- i 1)}>"), ("L3.mlp[ 7 ]", "<L3 .mlp #7>"),
      ("L3.mlp[2*3]", "<L3 .mlp #{(* 2 3)}>"),
      ("L3.mlp[512][0]", "(at <L3 .mlp #512> 0)"),
      ("L2.pattern[0, 3]", "(at <L2 .pattern> 0 3)"), ("L2.pattern.mean", "(. <L2 .pattern> mean)"),
      ("L3@1-3", "<L3 @1-3>"), ("L3@*", "<L3 @*>"), ("L3@{1, 2}", "<L3 @{1 2}>"),
      ("embed@7", "<.embed @7>"), ("pooled", "pooled"), ("embed", "embed"), ("embed[0]", "(at embed 0)"),
      ("L3H7@7<-2", "<L3 H7 @7 <-2>"), ("L3H*@7<-{2,5}", "<L3 H* @7 <-{2 5}>"),
      ("L0-3H*@*<-2", "<L0-3 H* @* <-2>"), ("L3H7@7<-*", "<L3 H7 @7 <-*>"),
      ("L{l}H7@{p}<-{q + 1}", "<L{l} H7 @{p} <-{(+ q 1)}>"), ("L3H7@5-6<-0-2", "<L3 H7 @5-6 <-0-2>"),
      ("a<-2", "(< a (- 2))"), ("L3H7@7 <-2", "(< <L3 H7 @7> (- 2))"), ("L3H7<-2", "(< <L3 H7> (- 2))"),
      ("L3H7@7<2", "(< <L3 H7 @7> 2)"), ("L3 - 1", "(- <L3> 1)"), ("L3..L5", "(.. <L3> <L5>)"),
      ("L2_norm", "L2_norm"), ("L2norm(x)", "(L2norm x)"), ("L3h5", "L3h5"), ("L", "L"), ("L * 2", "(* L 2)"),
      ("L{\n1,\n2\n}", "<L{1 2}>"),
    ])
  func parsesNodes(_ text: String, _ tree: String) { #expect(outcome(text) == tree) }
}
