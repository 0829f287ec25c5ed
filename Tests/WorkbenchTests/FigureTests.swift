import Foundation
import Scripting
import Testing

/// Drawings of heads, of words, of many neurons and of sentences of several structures.
@Suite struct FigureTests {
  private struct Grid: Decodable {
    let title: String
    let panels: [String]
    let rows: [String]
    let data: [[[Double]]]
  }

  private struct Words: Decodable {
    struct Word: Decodable {
      let text: String
      let value: Double?
    }
    let title: String
    let axis: String
    let words: [Word]
  }

  private struct Several<Figure: Decodable>: Decodable { let figures: [Figure] }

  private struct Chart: Decodable {
    struct Point: Decodable { let y: Double }
    let title: String
    let kind: String
    let points: [Point]
  }

  private struct Patterns: Decodable {
    struct Word: Decodable { let token: String }
    let title: String
    let subtitle: String
    let words: [Word]
  }

  private static let sentence = """
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are

    """

  @Test(arguments: [
    ("heatmap L2.pattern", 12, "L2H0"), ("heatmap L1-2.pattern", 24, "L1H0"), ("heatmap L*H3", 6, "L0H3"),
    ("heatmap L{1, 3}H{0, 5}", 4, "L1H0"), ("heatmap L*.pattern", 72, "L0H0"),
    ("heatmap blocks.3.attn.hook_pattern", 12, "L3H0"),
  ]) func headsAreDrawnSideBySide(statement: String, count: Int, first: String) throws {
    let grid: Grid = try jsonResult(Self.sentence + statement)
    #expect(grid.panels.count == count && grid.panels[0] == first)
    #expect(grid.rows.count == 11 && grid.data.count == count)
    #expect(
      grid.data.joined().allSatisfy { abs($0.reduce(0, +) - 1) < 1e-5 }, "every query's weights add up to 1")
  }

  @Test func aTensorOfThreeDimensionsIsAMapForEachIndex() throws {
    let grid: Grid = try jsonResult(Self.sentence + "let t = L2.scores\nheatmap t[1..<3]")
    #expect(grid.panels == ["[0]", "[1]"] && grid.rows[7] == "[MASK]")
  }

  @Test func wordsAreColouredByAColumn() throws {
    let words: Words = try jsonResult(Self.sentence + "plot influence(points=4) kind=words")
    #expect(words.axis == "influence" && words.words.map(\.text)[7] == "[MASK]" && words.words[7].value == 0)
    let named: Words = try jsonResult(
      "plot {w: [\"a\", \"b\"], x: [1, 2], y: [3, null]} x=w y=y kind=words title=\"T\"")
    #expect(named.title == "T" && named.words.map(\.value) == [3, nil])
    #expect(throws: Diagnostic.self) {
      try TestShell().run("plot {w: [\"a\"], y: [1]} kind=words xscale=log")
    }
  }

  @Test func hundredsOfNamesAreDrawnAsADistribution() throws {
    let table = """
      let rows = []
      for i in 0..<300 { let rows = append(rows, {node: "L1.mlp[{i}]", effect: (i - 150) * (i - 150) / 1000}) }
      let t = table(rows)

      """
    let figures: Several<Chart> = try jsonResult(table + "plot t")
    #expect(figures.figures.map(\.kind) == ["bar", "bar"])
    #expect(figures.figures[0].points.reduce(0) { $0 + $1.y } == 300)
    #expect(figures.figures[1].points.map(\.y).max() == 22.5 && figures.figures[1].points.count == 20)
    let bars: Chart = try jsonResult(table + "plot t kind=bar")
    #expect(bars.points.count == 300)
    let one: Several<Chart> = try jsonResult(
      "def row(i) { return {name: \"n{i}\", value: 2} }\nplot table(map(list(0..<201), row))")
    #expect(one.figures[0].points.map(\.y) == [201])
  }

  @Test func theYAxisHasLogarithmsToo() throws {
    struct Scaled: Decodable { let x_scale: String, y_scale: String }
    let scaled: Scaled = try jsonResult("plot [1, 10, 0, 1000] yscale=log")
    #expect(scaled.x_scale == "linear" && scaled.y_scale == "log")
    let failure = try TestShell().failure("plot {a: [\"x\", \"y\"], b: [1, 2]} yscale=log")
    #expect(failure.contains("yscale=log has no meaning for bars, which begin at 0"))
  }

  @Test func aSentenceOfASetIsASetOfItsOwn() throws {
    let many = Self.sentence + "let p = patterns(sva_obj, rows=2, points=4)\n"
    let plot: Patterns = try jsonResult(many + "plot p.sentences[1]")
    #expect(plot.words.count == 11 && plot.subtitle.hasPrefix("[CLS] "))
    struct Sentence: Decodable { let tokens: [String], target: Int, model: String, qoi_name: String }
    let sentence: Sentence = try jsonResult(many + "p.sentences[1]")
    #expect(sentence.model == "demo" && sentence.target == 7)
    let alone: Patterns = try jsonResult(Self.sentence + "let p = patterns(points=4)\nplot p.sentences[0]")
    #expect(alone.words.count == 11)
    struct Nodes: Decodable { let nodes: [Int] }
    let nodes: Nodes = try jsonResult(many + "p.sentences[0].words[1].attention")
    #expect(nodes.nodes.count == 6)
  }

  @Test func sentencesOfSeveralLengthsAreDrawnInGroups() throws {
    let shell = try TestShell(format: "json")
    let sentences = [
      "the author that the guards like [MASK] young .", "the author [MASK] young .",
      "the guard that the authors like [MASK] old .",
    ]
    let rows = sentences.enumerated().map { "own\tc\($0)\t\($1)\tis\tare\n" }.joined()
    try rows.write(toFile: shell.path("own.tsv"), atomically: true, encoding: .utf8)
    let figures = try shell.result(
      "load \"demo\"\ntask \"\(shell.path("own.tsv"))\" as own\nplot patterns(own, points=4)",
      as: Several<Patterns>.self)
    #expect(figures.figures.map(\.words.count) == [11, 7])
    #expect(figures.figures[0].subtitle == "2 sentences, mean influences")
    #expect(figures.figures[1].subtitle == "[CLS] the author [MASK] young . [SEP]")
  }

  @Test func aPageHoldsHeadsAndPatterns() throws {
    let shell = try TestShell()
    let path = shell.path("heads.html")
    #expect(
      try shell.run(
        Self.sentence + "let p = patterns(points=4)\nheatmap L*.pattern \"\(path)\" patterns=p"
      ).hasPrefix("demo"))
    let page = try String(contentsOfFile: path, encoding: .utf8)
    #expect(
      page.contains("\"kept\": 11") && page.contains("\"focus\": 7") && page.contains("class=\"patterns\""))
    for (statement, code) in [
      ("heatmap L2H3 patterns=p", "ignored"), ("heatmap L2.pattern patterns=2", "wrong-type"),
      ("text \"paris [MASK] the capital .\"\nheatmap L2.pattern patterns=p", "patterns-of-other-text"),
      ("heatmap L2.pattern of=accuracy", "ignored"), ("plot L2H3", "wrong-type"),
    ] {
      do {
        try shell.run(statement)
        Issue.record("\(statement) is no error")
      } catch let diagnostic as Diagnostic {
        #expect(diagnostic.code.contains(code), "\(statement): \(diagnostic.code)")
      }
    }
  }
}
