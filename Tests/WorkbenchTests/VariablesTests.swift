import Testing

@Suite struct VariablesTests {
  @Test func variablesAreListedWithTypesAndSummaries() throws {
    let shell = try TestShell()
    #expect(try shell.run("variables") == "name  type  summary\n(no rows)\n")
    let text = """
      let words = ["is", "are"]
      let third = 1 / 3
      let string_ = "\(String(repeating: "x", count: 70))"
      let r = {a: 1, b: null}
      let t = tensor([[1, 2, 3]])
      let rows = table([r])
      let i = 0..2
      let nothing = null
      def f(a, b=2) { let own = 1; return variables().name }
      variables
      print f(1)
      """
    #expect(
      try shell.run(text) == """
        name     type      summary
        f        function  function f(a, b=2)
        i        range     0..<3
        nothing  null      null
        r        record    2 fields: a, b
        rows     table     1 row of 2 columns: a, b
        string_  string    \(String(repeating: "x", count: 60))…
        t        tensor    shape [1, 3]
        third    number    0.33333
        words    list      2 elements
        [a, b, f, i, nothing, own, r, rows, string_, t, third, words]

        """)
  }
}
