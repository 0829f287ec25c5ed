import Foundation
import Testing

/// Attention edges as values, cut, swept and scored; patterns that are cut; what that costs over a task.
@Suite struct AttentionEdgeTests {
  private static let decoder = """
    load "demo-gpt2"
    text "When Mary and John went to the store, John gave a drink to"
    qoi Mary - John

    """

  private struct Edges: Decodable {
    let count: Int?
    let edges: [String]?
  }

  private struct Rows: Decodable {
    struct Row: Decodable {
      let node: String?
      let edge: String?
      let score: Double?
      let delta_qoi: Double?
    }

    let rows: [Row]
  }

  @Test func setsLeaveOutWhatIsNotRead() throws {
    let one: Edges = try jsonResult(agreementSession + "L3H7@7<-2")
    #expect(one.count == 1 && one.edges == ["L3H7@7<-2"])
    let some: Edges = try jsonResult(agreementSession + "let p = 7; L{3}H0-1@{p}<-{2, 5, 2}")
    #expect(some.edges == ["L3H0@7<-2", "L3H0@7<-5", "L3H1@7<-2", "L3H1@7<-5"])
    let all: Edges = try jsonResult(agreementSession + "L*H*@*<-*")
    #expect(all.count == 6 * 12 * 11 * 11)
    let causal: Edges = try jsonResult(Self.decoder + "L0H0@*<-{2, 5}")
    #expect(causal.count == 13 + 10)
    let any: Edges = try jsonResult("load \"demo\"\nL0H0@*<-2")
    #expect(any.count == nil && any.edges == nil)
    let shell = try TestShell()
    #expect(try shell.run(agreementSession + "for e in L3H*@7<-{2,5} { print e }").contains("L3H11@7<-5"))
    #expect(try shell.run("print L3H7@7<-2").contains("L3H7@7<-2"))
    #expect(try shell.run("let a = 1; print a<-2").contains("false"))
  }

  @Test func whatIsNoEdgeIsTold() throws {
    let shell = try TestShell()
    try shell.run(agreementSession)
    func expect(_ text: String, _ part: String) {
      let found = shell.failure(text)
      #expect(found.contains(part), "\(text): \(found)")
    }
    expect("ablate L3H7@7<-20", "position 20 is out of range 0...10")
    expect("ablate L3H70@7<-2", "head 70 is out of range 0...11")
    expect("print L3@7<-2", "it is heads that read")
    expect("ablate L3H7@7<-2 L1H0", "edges and nodes are not ablated by one command")
    expect("ablate L3H7@7<-2 by=mean on=sva_obj", "an attention edge is not cut by=mean")
    expect("ablate L1H0 by=mask", "by=mask takes attention edges")
    expect("ablate L1H0 skips=true", "only patterns have skip steps")
    expect("keep L3H7@7<-2", "`keep` takes nodes, and these are attention edges")
    expect("patch L3H7@7<-2 from=\"a\"", "`patch` takes nodes, and these are attention edges")
    expect("show L3H7@7<-2", "a node or tensor is needed here, and these are attention edges")
    expect("sweep heads edges=L3H7@7<-2", "it is for the kind `attention_edges`")
    expect("sweep attention_edges by=mean", "an attention edge is not cut by=mean")
    expect("attribute attention_edges method=ig", "method=ig does not score attention_edges")
    expect("ablate L3H7@7<-* by=mask; forward", "L3H7@7 has nothing left to read")
    expect("restore; ablate L3H7@7<-2; influence points=2", "cut it by=mask")
    let causal = try TestShell()
    try causal.run(Self.decoder)
    let unread = causal.failure("ablate L3H5@3<-5")
    #expect(unread.contains("a position reads itself and those before it"), "\(unread)")
  }

  /// By hand, by name, by a variable, and under `with`; a text of a task may be longer.
  @Test func cutsAct() throws {
    let plain = try quantity(agreementSession + "forward")
    let zero = try quantity(agreementSession + "ablate L3H1@7<-2\nforward")
    let mask = try quantity(agreementSession + "ablate L3H1@7<-2 by=mask\nforward")
    #expect(abs(plain - zero) > 0.1 && abs(plain - mask) > 0.1 && zero != mask)
    for other in ["ablate \"L3H1@7<-2\"", "let e = L3H1@7<-2; ablate e", "ablate [L3H1@7<-{2}]"] {
      #expect(try quantity(agreementSession + other + "\nforward") == zero)
    }
    #expect(try quantity(agreementSession + "with ablate(L3H1@7<-2) { forward top=1 }\nforward") == plain)
    let shell = try TestShell(isTerminal: true)
    try shell.run("load \"demo\"\nablate L0-1H*@*<-1 by=mask")
    #expect(try shell.run("accuracy sva_obj rows=20").contains("under 1 intervention"))
    // Each text has its own positions; one that is named has to be there.
    try shell.run("restore; ablate L0H0@14<-1")
    #expect(shell.failure("accuracy sva_obj rows=20").contains("L0H0@14<-1 is out of range"))
  }

  @Test func sweepsAndScoresAgree() throws {
    for by in ["zero", "mask"] {
      let sweep: Rows = try jsonResult(Self.decoder + "sweep attention_edges by=\(by) layers=1..2")
      let scores: Rows = try jsonResult(Self.decoder + "attribute attention_edges by=\(by) layers=1..2")
      // Under masks position 0, which reads itself alone, is left out.
      #expect(sweep.rows.count == 2 * 6 * (15 * 16 / 2 - (by == "mask" ? 1 : 0)))
      #expect(sweep.rows.map(\.node) == scores.rows.map(\.edge))
      let strongest = try #require(sweep.rows.min { ($0.delta_qoi ?? 0) < ($1.delta_qoi ?? 0) })
      let edge = try #require(strongest.node)
      let cost =
        try quantity(Self.decoder + "ablate \(edge) by=\(by)\nforward") - quantity(Self.decoder + "forward")
      #expect(abs(cost - (try #require(strongest.delta_qoi))) < 1e-4)
      struct Comparison: Decodable { let rank_correlation: Double }
      let call =
        "compare attribute(attention_edges, by=\(by), layers=1..2) sweep(attention_edges, by=\(by), layers=1..2)"
      let compared: Comparison = try jsonResult(Self.decoder + call)
      print("\(by): rank correlation \(compared.rank_correlation)")
      #expect(compared.rank_correlation > 0.9)
    }
    let shell = try TestShell()
    let drawn = try shell.run(Self.decoder + "heatmap sweep(attention_edges, edges=L1H0@{5, 9}<-{2, 0, 9})")
    #expect(drawn.contains("5 Ġwent") && drawn.contains("0 <|endoftext|>"))
    let several = try shell.run("heatmap attribute(attention_edges, edges=L0-1H0@9<-{2, 0})")
    #expect(several.contains("L1H0 9 ,"))
  }

  /// A pattern's cut is that of its edges, written by hand.
  @Test func patternsAreCut() throws {
    let patterns = agreementSession + "let p = patterns(points=5)\nlet w = p.words[2]\n"
    struct Word: Decodable {
      struct Part: Decodable { let nodes: [Int] }

      let embedding: Part
      let attention: Part
    }
    let word: Word = try jsonResult(patterns + "w")
    let (nodes, heads) = (word.embedding.nodes, word.attention.nodes)
    let edges = heads.indices.filter { heads[$0] >= 0 }.map {
      "L\($0)H\(heads[$0])@\(nodes[$0 + 1])<-\(nodes[$0])"
    }
    #expect(!edges.isEmpty)
    let byHand = try quantity(agreementSession + "ablate \(edges.joined(separator: " "))\nforward")
    #expect(try quantity(patterns + "ablate w\nforward") == byHand)
    #expect(try quantity(patterns + "ablate [p.words[2]]\nforward") == byHand)
    let skips = heads.indices.filter { heads[$0] < 0 }.map { "L\($0).skip@\(nodes[$0])" }
    let withSkips = try quantity(
      agreementSession
        + "ablate \(edges.joined(separator: " "))\nablate \(skips.joined(separator: " "))\nforward")
    #expect(try quantity(patterns + "ablate w skips=true\nforward") == withSkips)
    #expect(try quantity(patterns + "ablate p by=mask\nforward") != byHand)
    let shell = try TestShell()
    try shell.run(agreementSession)
    let level = shell.failure("ablate patterns(level=embedding, points=3)")
    #expect(level.contains("the patterns have no heads"), "\(level)")
    let alone = shell.failure("ablate patterns(level=attention, points=3, words=[7], baseline=pad)")
    let isTarget = alone.contains("skip connections alone") || alone == "no error"
    #expect(isTarget, "\(alone)")
  }

  @Test func costsOfCutsStandBesideInfluences() throws {
    let shell = try TestShell()
    let options = "on=sva_obj rows=2 points=5 samples=3"
    let shown = try shell.run(
      "load \"demo\"\nlet e = experiment(cut, \(options.replacingOccurrences(of: " ", with: ", ")))\ne")
    #expect(shown.contains("rank_correlation") && shown.contains("strongest"))
    let path = shell.path("words.csv")
    try shell.run("save e.words \"\(path)\"")
    let lines = try String(contentsOfFile: path, encoding: .utf8).split(whereSeparator: \.isNewline)
    #expect(lines[0] == "row,position,word_influence,influence,cost,random,rank,strongest,single")
    let first = lines[1].split(separator: ",").compactMap { Double($0) }
    // The same by hand.
    try shell.run("let p = patterns(sva_obj, rows=2, points=5)")
    let call = "measure(sva_obj, rows=1).qoi_mean"
    let difference = try shell.run(
      "let before = \(call)\nwith ablate(p.sentences[0].words[0]) { let after = \(call) }\nprint before - after"
    )
    let cost = try #require(Double(difference.split(whereSeparator: \.isWhitespace).last ?? ""))
    #expect(abs(cost - first[4]) < 1e-3, "\(difference) \(lines[1])")
    let masked = try shell.run("experiment cut \(options) by=mask skips=true")
    #expect(masked.contains("by mask"))
    #expect(shell.failure("experiment cut \(options) by=both").contains("not cut by=both"))
    #expect(
      shell.failure("experiment ablation \(options) by=mask").contains(
        "experiment ablation has no use for it"))
  }
}
