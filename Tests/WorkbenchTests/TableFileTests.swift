import Foundation
import Testing

@testable import Language
@testable import Workbench

/// Tables in files of rows.
@Suite struct TableFileTests {
  /// What a file holds, as `read` reads it and `print` shows the value of `expression`, in which `t` is the table.
  private func reading(
    _ text: String, as type: String = ".csv", options: String = "", _ expression: String
  ) throws -> String {
    let shell = try TestShell()
    let path = shell.path("t" + type)
    try Data(text.utf8).write(to: URL(filePath: path))
    return try shell.run("let t = read(\"\(path)\"\(options))\nprint \(expression)")
  }

  @Test(arguments: [
    ("a,b\n1,x\n2,y\n", "columns(t) t.a t.b", "[a, b] [1, 2] [x, y]\n"),
    ("\u{FEFF}a,b\r\n1,x\r\n", "columns(t) t.a t.b", "[a, b] [1] [x]\n"),
    ("a,b,c,d,e\n-1.5e3,true,False,,\"\"\n", "values(t[0])", "[-1500, true, false, null, ]\n"),
    ("a\nnan\n-inf\n.5\n1.\n+3\n", "t.a", "[nan, -inf, 0.5, 1, 3]\n"),
    (
      "a,b\n\"1\",\"true\"\n 2 , 3x\n", "map(t.a, type) map(t.b, type)", "[string, number] [string, string]\n"
    ),
    ("a\n\"x, \"\"y\"\"\nz\"\n", "t.a[0] == \"x, \\\"y\\\"\\nz\" len(t)", "true 1\n"),
    ("a,b\n1,2\n\n3,4", "t.b", "[2, 4]\n"), (",b\n0,2\n", "columns(t) t[\"\"]", "[, b] [0]\n"),
    ("a,b\n", "len(t) columns(t)", "0 [a, b]\n"),
    ("a\n0x10\n1_000\n1e\n-\n", "map(t.a, type)", "[string, string, string, string]\n"),
  ])
  func readsCells(text: String, expression: String, expected: String) throws {
    #expect(try reading(text, expression) == expected)
  }

  @Test func readsOtherSeparatorsAndRowsWithoutNames() throws {
    #expect(try reading("a;b\n1,5;2\n", options: ", separator=\";\"", "t.a t.b") == "[1,5] [2]\n")
    #expect(try reading("1,2\n3,4\n", options: ", header=false", "string(t)") == "[[1, 2], [3, 4]]\n")
    #expect(try reading("1\n2\n", options: ", header=false", "t") == "[1, 2]\n")
    #expect(try reading("0,1\n3,4\n", options: ", header=true", "columns(t) t[\"1\"]") == "[0, 1] [4]\n")
    #expect(try reading("a,b\n1\n", options: ", uneven", "t.b") == "[null]\n")
  }

  @Test func readsTabs() throws {
    let text = "a\tb\n1\tx\\ty\\\\\n\t\"q\"\n"
    #expect(try reading(text, as: ".tsv", "t.a t.b[0] == \"x\\ty\\\\\" t.b[1]") == "[1, null] true \"q\"\n")
  }

  @Test func readsLinesOfJSON() throws {
    #expect(
      try reading("{\"a\": 1, \"b\": [2]}\n{\"b\": null, \"a\": NaN}\n", as: ".jsonl", "t.a t.b")
        == "[1, nan] [[2], null]\n")
    #expect(try reading("1\r\n\"x\"\n\n[2]\n", as: ".jsonl", "t type(t)") == "[1, x, [2]] list\n")
    #expect(try reading("", as: ".jsonl", "t") == "[]\n")
    #expect(
      try reading("{\"a\": 1}\n{\"b\": 2}\n", as: ".jsonl", options: ", uneven", "t.a t.b")
        == "[1, null] [null, 2]\n")
  }

  @Test(arguments: [
    (
      "a,b\n1,2\n3\n", ".csv", "t.csv:3: 1 cell where the first row names 2 columns",
      "with `uneven` short rows have nulls behind them"
    ),
    ("a,b\n1,2,3\n", ".csv", "t.csv:2: 3 cells where the first row names 2 columns", nil),
    ("a,b,a\n1,2,3\n", ".csv", "t.csv:1: the first row names \"a\" twice", "give each column its own name"),
    (
      "a,b\n1,\"x\n2,3\n", ".csv", "t.csv:2: quotes that are not closed",
      "a cell with a separator, a quote or a line break stands in quotes, quotes in it doubled (RFC 4180)"
    ),
    (
      "a,b\n1,\"x\"y\n", ".csv", "t.csv:2: text behind the quotes of a column",
      "a cell with a separator, a quote or a line break stands in quotes, quotes in it doubled (RFC 4180)"
    ),
    (
      "1,2\n3,4\n", ".csv", "t.csv:1: the first row holds numbers, no names of columns",
      "header=false reads it as a row: read(FILE, header=false) is a list of rows; header=true takes the numbers as names"
    ),
    (
      "a;b\n1;2\n", ".csv", "t.csv:1: the first row names one column",
      "are the cells separated by ;? then add separator=\";\""
    ),
    ("", ".csv", "t.csv: there is no row", "the first row names the columns"),
    (
      "{\"a\": 1}\n{\"a\": 1,}\n", ".jsonl",
      "t.jsonl:2: column 9: expected a key in double quotes, found '}'", "each line is one JSON value"
    ),
    (
      "{\"a\": 1}\n{\"b\": 1}\n", ".jsonl", "t.jsonl:2: no field \"a\", which the first line has",
      "with `uneven` missing fields are null"
    ),
    (
      "{\"a\": 1}\n{\"a\": 1, \"b\": 1}\n", ".jsonl",
      "t.jsonl:2: a field \"b\", which the first line has not",
      "with `uneven` missing fields are null"
    ),
    (
      "{\"a\": 1}\n3\n", ".jsonl", "t.jsonl:2: a number where others are objects with a",
      "a table needs an object on each line"
    ),
  ])
  func saysWhatIsWrong(text: String, type: String, message: String, remedy: String?) throws {
    let shell = try TestShell()
    let path = shell.path("t" + type)
    try Data(text.utf8).write(to: URL(filePath: path))
    try shell.run("let path = \"\(path)\"\nlet m = \"\"; let r = \"\"")
    try shell.run("try { read(path) } catch e { let m = e.message; let r = e.remedy }")
    let said = try shell.run("print m")
    #expect(said.hasSuffix(message + "\n"), "\(said)")
    #expect(try shell.run("print string(r)") == (remedy ?? "null") + "\n")
  }

  @Test func otherEncodingsAreRefused() throws {
    let shell = try TestShell()
    let path = shell.path("t.csv")
    try Data([0xFF, 0xFE, 0x61, 0x00]).write(to: URL(filePath: path))
    #expect(shell.failure("read \"\(path)\"").contains("t.csv:1: the text is UTF-16"))
    try Data([0x61, 0x0A, 0xFF, 0x0A]).write(to: URL(filePath: path))
    #expect(shell.failure("read \"\(path)\"").contains("t.csv:2: not UTF-8 text"))
  }

  /// Numbers, texts that look like others, nulls and line breaks, in every order.
  @Test func whatWasSavedReadsBackEqual() throws {
    let shell = try TestShell()
    let path = shell.path("t.csv")
    let cells = [
      "1", "-0.5", "1e300", "true", "false", "null", "\"\"", "\"1\"", "\"true\"", "\"TRUE\"", "\"nan\"",
      "\"-inf\"", "\" x \"",
      "\"a,b\"", "\"q\\\"q\"", "\"two\\nlines\"", "\"é日本\"", "\"1e5\"", "\"null\"", "\"0x10\"", "\" 1\"",
      "0.1", "123456789012345",
    ]
    try shell.run("let cells = [\(cells.joined(separator: ", "))]")
    try shell.run(
      "let t = table([{a: a, \"b c\": b, \"3\": 1} for a in cells for b in cells])\nsave t \"\(path)\"")
    #expect(
      try shell.run("let u = read(\"\(path)\")\nprint u == t len(u)") == "true \(cells.count * cells.count)\n"
    )
    // NaN differs from everything: it is compared as text.
    try shell.run(
      "let n = table([{a: number(\"nan\")}, {a: number(\"inf\")}, {a: number(\"-inf\")}])\nsave n \"\(path)\""
    )
    #expect(try shell.run("print string(read(\"\(path)\").a)") == "[nan, inf, -inf]\n")
    try shell.run("save table([{a: null}, {a: 1}]) \"\(path)\"")
    #expect(try shell.run("print read(\"\(path)\").a") == "[null, 1]\n")
    let lines = shell.path("t.jsonl")
    try shell.run("save t \"\(lines)\"")
    #expect(try shell.run("print read(\"\(lines)\") == t") == "true\n")
  }

  @Test(arguments: [
    ("join(t, u, by=k)", "k  a    b\n1  x  one\n1  z  one\n"),
    ("join(t, u, by=k, how=left)", "k  a    b\n1  x  one\n2  y     \n1  z  one\n   w     \n"),
    ("join(u, t, by=k)", "k  b    a\n1  one  x\n1  one  z\n"),
    ("join(t, t, by=[k, a])", "k  a\n1  x\n2  y\n1  z\n"),
    ("join(t, t, by=k, suffixes=[\"_1\", \"_2\"])[0].a_2", "x\n"),
    ("join([\"a\", \"b\"], \"-\")", "a-b\n"),
  ])
  func joins(call: String, expected: String) throws {
    let shell = try TestShell()
    try shell.run(
      "let t = table([{k: 1, a: \"x\"}, {k: 2, a: \"y\"}, {k: 1, a: \"z\"}, {k: null, a: \"w\"}])")
    try shell.run("let u = table([{k: 1, b: \"one\"}, {k: 3, b: \"three\"}, {k: null, b: \"none\"}])")
    let printed = try shell.run(call).split(separator: "\n", omittingEmptySubsequences: false)
    func words(_ lines: [Substring]) -> [[Substring]] { lines.map { $0.split(separator: " ") } }
    #expect(words(printed) == words(expected.split(separator: "\n", omittingEmptySubsequences: false)))
  }

  @Test(arguments: [
    (
      "join(t, t, by=a)",
      """
      test.ipscript:1:1: error: both tables have columns b, c
        join(t, t, by=a)
        ^~~~~~~~~~~~~~~~
      note: tell them apart: join(t, u, by=a, suffixes=["_1", "_2"]); or take some columns first: columns(u, a, ...)
      """
    ),
    (
      "join(t, t, on=a)",
      """
      test.ipscript:1:12: error: `on=` is called `by=` here
        join(t, t, on=a)
                   ^~
      """
    ),
    (
      "join(t, t)",
      """
      test.ipscript:1:1: error: `join` of tables needs the columns that tell which rows belong together: `by=NAME`
        join(t, t)
        ^~~~~~~~~~
      note: both have a, b, c
      """
    ),
    (
      "join(t, table([{a: \"1\"}]), by=a)",
      """
      test.ipscript:1:31: error: no rows belong together: `a` is number in the first table, string in the second
        join(t, table([{a: "1"}]), by=a)
                                      ^
      note: e.g. with_column(u, a, r => number(r.a)), or string(...)
      """
    ),
    (
      "merge(t, t)",
      """
      test.ipscript:1:7: error: `merge` puts files of rows together; tables are joined by `join(t, u, by=NAME)`
        merge(t, t)
              ^
      note: `concat(t, u)` puts the rows of one behind those of the other
      """
    ),
    (
      "where(t, a < 2)",
      """
      test.ipscript:1:10: error: `where` takes the name of a column; a condition is `filter(t, r => r.a < 2)`
        where(t, a < 2)
                 ^~~~~
      note: e.g. where(t, accuracy, "<", 0.9)
      """
    ),
    (
      "pivot(t, rows=a, columns=b, values=c)",
      """
      test.ipscript:1:1: error: several rows are for a 1 and b 1
        pivot(t, rows=a, columns=b, values=c)
        ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
      note: aggregate=mean (or sum, min, max, count, first) makes one value of them
      """
    ),
    (
      "pivot(t, index=a, columns=b, values=c)",
      """
      test.ipscript:1:10: error: `index=` is called `rows=` here
        pivot(t, index=a, columns=b, values=c)
                 ^~~~~
      """
    ),
    (
      "pivot(t, rows=a, columns=b)",
      """
      test.ipscript:1:1: error: `pivot` needs `values=`
        pivot(t, rows=a, columns=b)
        ^~~~~~~~~~~~~~~~~~~~~~~~~~~
      note: e.g. pivot(t, rows=layer, columns=head, values=accuracy)
      """
    ),
    (
      "with_column(t, d, t.a - t.b)",
      """
      test.ipscript:1:19: error: `-` cannot combine list and list
        with_column(t, d, t.a - t.b)
                          ^~~~~~~~~
      note: element by element: [a - b for a, b in zip(x, y)]; a column of a table: with_column(t, name, r => r.a - r.b)
      """
    ),
  ])
  func failsWithTheWholeMessage(script: String, expected: String) throws {
    let shell = try TestShell()
    try shell.run("let t = table([{a: 1, b: 1, c: 1}, {a: 1, b: 1, c: 2}])")
    #expect(shell.failure(script) == expected)
  }

  @Test func pivotsAndBack() throws {
    let shell = try TestShell()
    try shell.run("let t = table([{l: l, h: h, v: l + h / 10} for l in 0..1 for h in 0..2])")
    let wide = try shell.run(
      "let p = pivot(t, rows=l, columns=h, values=v)\nprint columns(p) p[\"0\"] p[\"2\"]")
    #expect(wide == "[l, 0, 1, 2] [0, 1] [0.2, 1.2]\n")
    #expect(
      try shell.run("let b = unpivot(p, keep=l, name=h, value=v)\nprint b.v == t.v b.h[0..2]")
        == "true [0, 1, 2]\n")
    #expect(try shell.run("print unpivot(p, columns=[\"0\", \"1\"]).value") == "[0, 0.1, 1, 1.1]\n")
    let gaps = try shell.run("print pivot(t[1..5], rows=l, columns=h, values=v)[\"0\"]")
    #expect(gaps == "[null, 1]\n")
    let twice = "concat(t, t)"
    for (aggregate, expected) in [
      ("mean", "[0, 1]"), ("sum", "[0, 2]"), ("count", "[2, 2]"), ("max", "[0, 1]"), ("first", "[0, 1]"),
    ] {
      let found = try shell.run(
        "print pivot(\(twice), rows=l, columns=h, values=v, aggregate=\(aggregate))[\"0\"]")
      #expect(found == expected + "\n", "\(aggregate)")
    }
    let both = try shell.run("print keys(pivot(t, rows=[l, h], columns=h, values=v)[0])")
    #expect(both == "[l, h, 0, 1, 2]\n")
  }
}
