/// Statements about a model of three layers with four heads, and what is wrong with some.
enum ModelStatements {
  static let sentence = "the author [MASK] old ."
  static let quantity = "is - are"

  /// - Parameter number: an expression.
  static func statement(_ random: inout SeededGenerator, _ number: String) -> String {
    let (layer, head, position) = (random.count(0...2), random.count(0...3), random.count(0...6))
    return random.pick([
      "show L\(layer).pattern[\(head), \(position), 0]",
      "for layer in 0..<model.layers { for h in 0..<model.heads { if h > \(head) { break }; print L{layer}.pattern[h, 0, 0] > 2 } }",
      "for layer in 0..9 { if layer >= model.layers { break }; show L{layer}H\(head)@\(position) }",
      "with ablate(L\(layer)H\(head)) { forward top=1 }",
      "try { ablate L{\(number)}H0 } catch { print \"no such layer\" }\nrestore",
      "print dot(L\(layer).z[\(position), 0], L\(layer).z[0, \(head)]) > 2",
      "print (L\(layer).resid_post + L0.resid_pre).shape",
      "let t = tokenize()\nprint len(t.tokens) t.tokens[\(position)]",
      "text \"the farmer [MASK] tall .\"",
      "print len(L\(layer).pattern)",
      "let p = forward(top=2).predictions\nprint len(p) p[1].token",
      "for w in [\"is\", \"are\"] { qoi none }\nqoi \(quantity)",
      "def probe(l) { if l >= model.layers or floor(l) != l or l < 0 { return 0 }; return L{l}.pattern.count }\nprint probe(\(number))",
      "heatmap L\(layer).pattern[\(head)]",
      "let lengths = map([\"the man\", \"a woman\"], len)\nprint lengths",
      "keep L*H*\nrestore last",
    ])
  }

  static func wrong(_ random: inout SeededGenerator) -> String {
    random.pick([
      "show L3.pattern", "show L0H4", "show L1H0@7", "show L1.pattern[4, 0, 0]", "show L1.pattern[0, 9]",
      "for layer in 0..3 { show L{layer}.pattern[0, 0, 0] }", "for h in 0..4 { print L0.pattern[h, 0, 0] }",
      "ablate L9H0", "ablate L0H0 by=nothing", "restore 5", "forward top=0", "forward topp=1",
      "forward position=9", "qoi nosuchword", "text \"no mask\"\nforward", "measure nosuchtask",
      "print L0.pattern + L0.resid_post", "print dot(L1.resid_post, L0.pattern[0])", "print forward().nosuch",
      "print forward(top=2).predictions[2]", "heatmap L0.pattern", "with 5 { forward }",
      "load \"nosuchmodel\"", "task \"nosuch.tsv\"", "let t = tokenize()\nprint t.tokens[7]",
      "baseline nosuchword",
      "save L0.pattern \"x.svg\"", "weight \"nosuch\"", "influence points=1", "patterns words=9", "plot 3",
      "keep L0.mlp", "pattern \"author -> L9@2\"", "sweep heads",
    ])
  }
}
