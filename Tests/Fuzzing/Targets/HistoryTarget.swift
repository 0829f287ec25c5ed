import LineEditing

/// History files: whatever is in one, an entry that is added is there afterwards, and the others stay.
package struct HistoryTarget: FuzzTarget {
  private let file: ScratchFile

  package let acceptsEverything = true

  package init() throws { file = try ScratchFile(name: "history") }

  package func input(_ generator: inout SeededGenerator) -> [UInt8] {
    if generator.chance(10) { return generator.randomBytes(0...80) }
    let lines = generator.joined(0...8, separator: "\n") { generator in
      generator.pick([
        "text \"the author laughs\"", "for l in 0..3 {\\n  print l\\n}", "qoi is - are", "C:\\\\x", "", "  ",
        "é 日本 \u{1F600}",
        "bad \\x", "\\",
      ])
    }
    let bytes = Array((lines + generator.pick(["\n", ""])).utf8)
    return generator.chance(3) ? bytes : generator.mutated(bytes)
  }

  package func run(_ input: [UInt8]) throws -> String {
    try file.write(input)
    return try outcome {
      let history = HistoryFile(path: file.path, limit: 5)
      let before = try history.load()
      try require(before.count <= 5, "\(before.count) entries of at most 5")
      let entry = "print \"{\n}\" \\ \(input.count)"
      try history.append(entry)
      let after = try history.load()
      try require(after.last == entry, "the last entry is \(after.last.debugDescription)")
      try require(Array((before + [entry]).suffix(5)) == after, "\(before) became \(after)")
    }
  }
}
