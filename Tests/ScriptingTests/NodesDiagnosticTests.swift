import Testing

/// The diagnostics of nodes whole, carets included.
@Suite struct NodesDiagnosticTests {

  @Test(arguments: [
    (
      "L3H", "invalid-node",
      #"""
      error: expected a head after `L3H`
        L3H
        ^~~
      note: write a number `L3H3`, a range `L3H0-5`, every head `L3H*` or `L3H{...}`
      """#
    ),
    (
      "L*2", "invalid-node",
      #"""
      error: unexpected `2` directly after `L*`
        L*2
          ^
      note: `L*` reads as a node set; to multiply put blanks around `*`
      """#
    ),
    (
      "L{1}2", "invalid-node",
      #"""
      error: unexpected `2` directly after `L{1}`
        L{1}2
            ^
      """#
    ),
    (
      "L{}", "unexpected-token",
      #"""
      error: expected a layer, found `}`
        L{}
          ^
      """#
    ),
    (
      "L5-3", "invalid-node",
      #"""
      error: the layer range 5-3 runs backwards
        L5-3
         ^~~
      """#
    ),
    (
      "L3H5-1", "invalid-node",
      #"""
      error: the head range 5-1 runs backwards
        L3H5-1
           ^~~
      """#
    ),
    (
      "L3.", "unexpected-end",
      #"""
      error: expected a component such as `attn` or `mlp` directly after `.`, found the end of the text
        L3.
           ^
      """#
    ),
    (
      "L3.5", "unexpected-token",
      #"""
      error: expected a component such as `attn` or `mlp` directly after `.`, found the number `5`
        L3.5
           ^
      """#
    ),
    (
      "L3. x", "unexpected-token",
      #"""
      error: expected a component such as `attn` or `mlp` directly after `.`, found `x`
        L3. x
            ^
      """#
    ),
    (
      "L3@", "invalid-node",
      #"""
      error: expected a position after `L3@`
        L3@
        ^~~
      note: write a number `L3@3`, a range `L3@0-5`, every position `L3@*` or `L3@{...}`
      """#
    ),
    (
      "L3@p", "invalid-node",
      #"""
      error: expected a position after `L3@`
        L3@p
        ^~~
      note: write a number `L3@3`, a range `L3@0-5`, every position `L3@*` or `L3@{...}`
      """#
    ),
    (
      "L3@5-2", "invalid-node",
      #"""
      error: the position range 5-2 runs backwards
        L3@5-2
           ^~~
      """#
    ),
    (
      "L3H7@7<-", "invalid-node",
      #"""
      error: expected a position after `L3H7@7<-`
        L3H7@7<-
        ^~~~~~~~
      note: write a number `L3H7@7<-3`, a range `L3H7@7<-0-5`, every position `L3H7@7<-*` or `L3H7@7<-{...}`
      """#
    ),
    (
      "L3@7x", "invalid-node",
      #"""
      error: unexpected `x` directly after `L3@7`
        L3@7x
            ^
      """#
    ),
    (
      "L99999999999999999999", "invalid-node",
      #"""
      error: this layer number is too large
        L99999999999999999999
         ^~~~~~~~~~~~~~~~~~~~
      """#
    ),
    (
      "L3H99999999999999999999", "invalid-node",
      #"""
      error: this head number is too large
        L3H99999999999999999999
           ^~~~~~~~~~~~~~~~~~~~
      """#
    ),
    (
      "L3@99999999999999999999", "invalid-node",
      #"""
      error: this position number is too large
        L3@99999999999999999999
           ^~~~~~~~~~~~~~~~~~~~
      """#
    ),
    (
      "L3.mlp[]", "unexpected-token",
      #"""
      error: expected a neuron, found `]`
        L3.mlp[]
               ^
      note: several neurons are written `[0-9]`, `[{1, 4}]` or `[*]`
      """#
    ),
    (
      "L3.mlp[1, 2]", "unexpected-token",
      #"""
      error: expected `]`, found `,`
        L3.mlp[1, 2]
                ^
      note: several neurons are written `[0-9]`, `[{1, 4}]` or `[*]`
      """#
    ),
    (
      "L3.mlp[:]", "unexpected-token",
      #"""
      error: expected a neuron, found `:`
        L3.mlp[:]
               ^
      note: several neurons are written `[0-9]`, `[{1, 4}]` or `[*]`
      """#
    ),
    (
      "L3.mlp[9-1]", "invalid-node",
      #"""
      error: the neuron range 9-1 runs backwards
        L3.mlp[9-1]
               ^~~
      """#
    ),
    (
      "L{1", "unclosed-bracket",
      #"""
      error: `{` is never closed
        L{1
         ^
      """#
    ),
    (
      "L*H", "invalid-node",
      #"""
      error: expected a head after `L*H`
        L*H
        ^~~
      note: write a number `L*H3`, a range `L*H0-5`, every head `L*H*` or `L*H{...}`
      """#
    ),
    (
      "embed@", "invalid-node",
      #"""
      error: expected a position after `embed@`
        embed@
        ^~~~~~
      note: write a number `embed@3`, a range `embed@0-5`, every position `embed@*` or `embed@{...}`
      """#
    ),
    (
      "embed@x", "invalid-node",
      #"""
      error: expected a position after `embed@`
        embed@x
        ^~~~~~
      note: write a number `embed@3`, a range `embed@0-5`, every position `embed@*` or `embed@{...}`
      """#
    ),
    (
      "x@7", "unexpected-token",
      #"""
      error: expected the end of the statement, found `@`
        x@7
         ^
      note: `@` directly follows a node: `L3@7`, `embed@7`; between blanks it multiplies matrices: `a @ b`
      """#
    ),
    (
      "let x = L3 @7", "unexpected-token",
      #"""
      error: expected the end of the statement, found `@`
        let x = L3 @7
                   ^
      note: `@` directly follows a node: `L3@7`, `embed@7`; between blanks it multiplies matrices: `a @ b`
      """#
    ),
    (
      "L0-5x", "invalid-node",
      #"""
      error: unexpected `x` directly after `L0-5`
        L0-5x
            ^
      """#
    ),
    (
      "L{a b}", "unexpected-token",
      #"""
      error: expected `,` or `}`, found `b`
        L{a b}
            ^
      """#
    ),
  ])
  func readWhole(_ text: String, _ code: String, _ expected: String) throws {
    try expectDiagnostic(of: text, code, expected)
  }
}
