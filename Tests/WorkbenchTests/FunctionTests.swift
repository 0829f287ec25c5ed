import Testing

@testable import Language
@testable import Workbench

/// The functions of the language. Numbers are NumPy's and Python's.
@Suite struct FunctionTests {
  private static let table =
    #"let t = table([{head: 0, case: "SS", acc: 0.5}, {head: 1, case: "SP", acc: 0.75}, {head: 2, case: "SS", acc: 0.25}])"#
    + "\n"

  @Test(arguments: [
    ("print abs(-2) abs([-1, 1]) sqrt(9) exp(0) log(1) floor(-0.5) ceil(0.2)", "2 [1, 1] 3 1 0 -1 1\n"),
    (
      "print round([0.5, 1.5, 2.5, -1.5]) round(2.345, digits=2) round(1e300, digits=15)",
      "[0, 2, 2, -2] 2.35 1e+300\n"
    ),
    ("print sum([1, 2, 3]) sum(1..100) sum([]) sum(0..<0)", "6 5050 0 0\n"),
    ("print mean([1, 2, 6]) std([1, 2, 4]) norm([3, 4])", "3 1.247219128924647 5\n"),
    ("print max([1, 3, 2]) min([1, 3, 2]) max(2, 5, 3) min(2, 5) max(7)", "3 1 5 2 7\n"),
    ("print argmax([1, 3, 3]) argmin([2, 1]) argmax(tensor([[1, 2], [4, 3]]))", "1 1 [1, 0]\n"),
    ("print argmax(tensor([[1, 2], [4, 3]]), axis=1)[0]", "1\n"),
    ("print sum(tensor([[1, 2], [3, 4]])) sum(tensor([[1, 2], [3, 4]]), axis=0)[1]", "10 6\n"),
    (
      "print all([true, true]) any([false, false]) all([]) any(tensor([0, 1])) all(tensor([0, 1]))",
      "true false true true false\n"
    ),
    ("print softmax([1, 2, 3])[0] softmax([1, 2, 3])[2]", "0.09003057317038046 0.6652409557748218\n"),
    ("print softmax(tensor([[0, 0], [0, 0]]), axis=0)[1, 1]", "0.5\n"),
    (
      "print dot([1, 2, 3], [-1, 0.5, 2]) round(cosine([1, 2, 3], tensor([-1, 0.5, 2])), digits=14)",
      "6 0.69985421222377\n"
    ),
    ("print tensor([[1, 2], [3, 4]]).shape tensor(3).rank tensor(0..<4)[3]", "[2, 2] 0 3\n"),
    ("top([2, 9, 9, 5], 3)", "index  value\n    1      9\n    2      9\n    3      5\n"),
    ("print top(tensor([[1, 7], [3, 4]]), 1).index 1", "[[0, 1]] 1\n"),
    ("print upper(\"straße\") lower(\"ÀB\") trim(\" a b \\t\") trim(\"  \")", "STRASSE àb a b \n"),
    (
      "print split(\" a b  c \") split(\"a,,b\", \",\") split(\"añ\", \"\") split(\"\", \",\")",
      "[a, b, c] [a, , b] [a, ñ] []\n"
    ),
    ("print join([1, \"x\", true], \"-\") join([]) join([\"a\", \"b\"])", "1-x-true  ab\n"),
    (
      "print contains(\"author\", \"tho\") contains([1, [2]], [2]) contains({a: 1}, \"b\") contains(0..<3, 3)",
      "true true false false\n"
    ),
    (
      "print starts_with(\"##s\", \"##\") ends_with(\"likes\", \"x\") replace(\"a-b-c\", \"-\", \"+\")",
      "true false a+b+c\n"
    ),
    (
      "print number(\" -1.5e2 \") + 1 string(1.50) + \"!\" type(null) type(0..1) type(upper(\"a\"))",
      "-149 1.5! null range string\n"
    ),
    ("print len(\"añ\") len([1]) len(2..4) len({a: 1}) len(tensor([[1], [2]]))", "2 1 3 1 2\n"),
    (
      "print range(3) range(2, 10, step=3) range(1, 0, step=-0.25) range(3, 1)",
      "[0, 1, 2] [2, 5, 8] [1, 0.75, 0.5, 0.25] []\n"
    ),
    (
      "print range(1, 1.3, step=0.1) range(0, 0.3, step=0.1) range(0.1 + 0.2, 0.9, step=0.3) len(range(0, 1, step=0.1))",
      "[1, 1.1, 1.2] [0, 0.1, 0.2] [0.30000000000000004, 0.6000000000000001] 10\n"
    ),
    (
      "print len(range(1, 0, step=-0.1)) len(range(0.3, 0, step=-0.1)) range(0, 1e12 + 1, step=1e12) len(range(0, 0.7, step=0.1))",
      "10 3 [0, 1000000000000] 7\n"
    ),
    (
      "print len(range(-1e308, 1e308, step=1e308)) range(1e16, 1e16 + 4, step=2)",
      "2 [10000000000000000, 10000000000000002]\n"
    ),
    ("print 7 % -3, -7 % 3, 1e17 % 7, -0.5 % 0.3, 5.5 % 2", "-2 2 5 0.09999999999999998 1.5\n"),
    (
      "print 2^-20 2^60 number(string(2^-20)) == 2^-20 0.1 tensor([0.1, 0.2])[0]",
      "9.5367431640625e-07 1152921504606846976 true 0.1 0.10000000149011612\n"
    ),
    (
      "print list(1..2) list(\"ab\") list(tensor([3, 4])) reverse([1, 2]) reverse(0..<3)",
      "[1, 2] [a, b] [3, 4] [2, 1] [2, 1, 0]\n"
    ),
    (
      "print append([1], 2, [3]) concat([1], 2..3, []) concat({a: 1, b: 2}, {b: 3}).b",
      "[1, 2, [3]] [1, 2, 3] 3\n"
    ),
    (
      "print zip([1, 2, 3], [\"a\", \"b\"]) unique([2, 1, 2, \"2\", [1], [1]])",
      "[[1, a], [2, b]] [2, 1, 2, [1]]\n"
    ),
    ("print keys({a: 1, \"b c\": 2}) values({a: 1, b: [2]})", "[a, b c] [1, [2]]\n"),
    (
      "print sort([3, 1, 2]) sort([\"b\", \"a\", \"B\"]) sort([true, false]) sort([1, null, 3, 2], descending)",
      "[1, 2, 3] [B, a, b] [false, true] [3, 2, 1, null]\n"
    ),
    (
      "print sort([log(-1), 2, 1]).count sort([log(-1), 2, 1])[0] sort([log(-1), 2, 1], descending)[0]",
      "3 1 2\n"
    ),
    (
      "def twice(x) { return 2 * x }\nprint map([1, 2], twice) map(0..<2, twice) map([4, 9], sqrt)",
      "[2, 4] [0, 2] [2, 3]\n"
    ),
    ("def big(x) { return x > 1 }\nprint filter([1, 2, 3], big) filter(0..<3, big)", "[2, 3] [2]\n"),
    ("print head([1, 2, 3], 2) tail([1, 2, 3], 2) head([1]) tail([1], 0)", "[1, 2] [2, 3] [1] []\n"),
    ("let s = \"añb\"; print s[1] s[-1] s[0..1]", "ñ b añ\n"),
  ])
  func computes(script: String, expected: String) throws { #expect(try TestShell().run(script) == expected) }

  @Test(arguments: [
    ("print where(t, \"acc\", \">\", 0.3).head where(t, case, \"==\", \"SS\").head", "[0, 1] [0, 2]\n"),
    ("print where(t, head, \"in\", [1, 5]).head where(t, case, \"contains\", \"P\").head", "[1] [1]\n"),
    ("print sort(t, by=acc).head sort(t, by=\"case\", descending).head", "[2, 0, 1] [0, 2, 1]\n"),
    ("print len(concat(t, t)) concat(t, head(t, 1)).head", "6 [0, 1, 2, 0]\n"),
    ("print sort(t, by=[\"case\", \"acc\"]).head round(2.71828, 3)", "[1, 2, 0] 2.718\n"),
    (
      "group(t, by=case, mean=acc, max=[\"acc\", \"head\"])",
      "case  count  acc_mean  acc_max  head_max\nSS        2     0.375     0.50         2\nSP        1     0.750     0.75         1\n"
    ),
    ("print columns(t) columns(t, acc, head)[0]", "[head, case, acc] acc   0.5\nhead  0\n"),
    (
      "print head(t, 1).head tail(t, 2).head t[1..2].head t[-1].acc t.acc keys(t)",
      "[0] [1, 2] [1, 2] 0.25 [0.5, 0.75, 0.25] [head, case, acc]\n"
    ),
    (
      "def good(row) { return row.acc >= 0.5 }\nprint filter(t, good).head map(list(t), len)",
      "[0, 1] [3, 3, 3]\n"
    ),
    (
      "let yes = table([{case: 1, ok: true}, {case: 1, ok: false}])\nprint group(yes, by=\"case\", mean=\"ok\", sum=\"ok\")[0].ok_mean",
      "0.5\n"
    ),
    ("print len(where(t, acc, \">\", 9)) len(group(where(t, acc, \">\", 9), by=case))", "0 0\n"),
  ])
  func computesTables(script: String, expected: String) throws {
    #expect(try TestShell().run(Self.table + script) == expected)
  }

  @Test(arguments: [
    ("print mean([])", "`mean` of no elements is not defined"),
    (
      "print sum(\"a\")",
      "the function expects a number, a list of numbers, a range, a tensor or a node, found string"
    ),
    (
      "print sum([1, \"a\"])",
      "the function expects a number, a list of numbers, a range, a tensor or a node, found a list that holds a string"
    ),
    ("print sum([1, 2], axis=0)", "`axis` does not apply: only tensors have several"),
    ("print sum(tensor([1, 2]), axis=1)", "axis 1 is out of range 0...0 of a tensor of shape (2,)"),
    ("print tensor([[1], [2, 3]])", "the lists have different lengths: parts of shape (1,) and (2,)"),
    ("print dot([1], [1, 2])", "cannot multiply tensors of shapes (1,) and (2,)"),
    ("print cosine([0], [1])", "division by zero"),
    ("print range(0, 1, step=0)", "a range needs finite ends and a step other than 0"),
    ("print range(1e9)", "a list has at most 1048576 elements"),
    ("print sum(0..1000000000000)", "a list has at most 1048576 elements"),
    ("print sort([1, \"a\"])", "sorting expects values of one type, found several types"),
    ("print sort([[1]])", "sorting expects numbers, strings or booleans, found list"),
    ("print table([{a: 1}, {b: 1}])", "row 1 has other fields than row 0"),
    ("print where([{a: 1}], b, \">\", 1)", "a table has no field `b`"),
    (
      "print where([{a: 1}], a, \"~\", 1)",
      "`comparison` is one of ==, !=, <, <=, >, >=, in, contains, not `~`"
    ),
    ("print where([{a: 1}], a, \">\", \"x\")", "`>` cannot combine number and string"),
    ("print group([{a: 1}], mean=a)", "BY is missing"),
    ("print number(\"1,5\")", "\"1,5\" spells no number"),
    ("print replace(\"a\", \"\", \"b\")", "`old` must not be empty"),
    ("print map([1], 3)", "`function` expects a function, by its name or as `x => ...`, found number"),
    ("print map([1], upper)", "`text` expects a string, found number"),
    ("def two(a, b) { }\nprint map([1], two)", "`b` is missing"),
    (
      "def odd(x) { return x }\nprint filter([1], odd)",
      "`filter` expects a function that gives true or false, found one that gives number"
    ),
    ("print mean", "`mean` is a function, not a value"),
    ("print mean()", "X is missing"),
    ("print len(1)", "the function expects a string, list, range, record, table or tensor, found number"),
    ("print \"ab\"[2]", "index 2 is out of range 0...1"),
  ])
  func explainsMistakes(script: String, message: String) throws {
    #expect(try TestShell().failure(script).contains("error: " + message))
  }

  @Test func nodesStandForWhatTheyCarry() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"\ntext \"paris [MASK] big .\"")
    #expect(
      try shell.run(
        "print norm(L3@2) == norm(L3.resid_post[2]) abs(dot(L2H1@1, L2H1@1) - sum(L2.z[1, 1] ^ 2)) < 1e-6 tensor(L0@1).shape"
      )
        == "true true [384]\n")
    #expect(shell.failure("print norm(L3H*)").contains("`x` takes one node here, this names 12"))
  }

  @Test func aFunctionIsNoCommand() throws {
    #expect(
      try TestShell().failure("mean [1, 2]") == """
        test.ipscript:1:1: error: `mean` is a function, not a command
          mean [1, 2]
          ^~~~
        note: write `mean(...)`
        """)
    #expect(try TestShell().run("let mean = 3\nmean\nprint mean([mean, 5])") == "3\n4\n")
  }
}
