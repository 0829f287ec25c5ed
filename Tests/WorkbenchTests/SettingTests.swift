import Testing

@testable import Language
@testable import Results
@testable import Workbench

@Suite struct SettingTests {
  /// What `show-settings` prints is what `set` takes, for the usual values and for others.
  @Test func whatIsShownCanBeTypedBack() throws {
    let others: KeyValuePairs = [
      "max_memory": "3G", "max_memory": "1536M", "max_memory": "123456789", "tolerance": "0.5",
      "precision": "17",
      "format": "csv", "color": "never", "pager": "off", "quiet": "true", "seed": "12", "max_rows": "7",
      "max_turns": "1000", "threads": "1",
    ]
    let shell = try TestShell()
    let usual = try shown(shell)
    #expect(usual.count == SettingList.all.count)
    for (name, value) in usual + others.map({ ($0.key, $0.value) }) {
      let fresh = try TestShell()
      try fresh.run("set \(name) \(value)")
      try fresh.run("set format table")
      let again = try shown(fresh)
      #expect(
        again.contains { $0.0 == name && ($0.1 == value || name == "format") }, "\(name) \(value): \(again)")
      try fresh.run("set \(name) \(again.first { $0.0 == name }?.1 ?? "")")
    }
  }

  /// The first two columns of the table.
  private func shown(_ shell: TestShell) throws -> [(String, String)] {
    try shell.run("show-settings").split(separator: "\n").dropFirst().map { line in
      let words = line.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
      return (words[0], words[1])
    }
  }

  @Test func sizesAndWordsStandWithoutQuotes() throws {
    let shell = try TestShell()
    try shell.run("set max_memory 512M; set color never\nset max_memory 1.5G # much")
    #expect(shell.interpreter.session.settings.maxMemory == 3 << 29)
    #expect(shell.failure("set max_memory 2Q").contains("`max_memory` expects a size"))
    #expect(shell.failure("print 2G").contains("a number cannot run into a name"))
  }
}
