import Testing

@testable import Shell

@Suite struct HelpTests {
  @Test(arguments: CommandRegistry.standard.commands.map(\.name))
  func everyCommandHasAPage(name: String) throws {
    let page = try TestShell().run("help \(name)")
    let command = try #require(CommandRegistry.standard[name])
    #expect(page.hasPrefix(command.synopsis))
    #expect(page.contains("\nExample\n"))
    for parameter in command.parameters {
      #expect(page.contains("\n  \(parameter.name)"), "\(parameter.name)")
    }
  }

  @Test(arguments: [
    ("quantities", "logprob[is]"), ("tasks", "sweep heads on=mine"), ("nodes", "L3.skip@7"),
    ("language", "{interpolation}"), ("scripts", "--echo"), ("replay", "--verify"), ("editing", "PAGER"),
    ("functions", "argmin"), ("reference", "| `forward"), ("while", "for l in"),
  ])
  func topicsHaveAPage(name: String, content: String) throws {
    #expect(try TestShell().run("help \"\(name)\"").contains(content))
  }

  @Test func theOverviewNamesAllTopics() throws {
    let overview = try TestShell().run("help")
    for topic in HelpText.topics { #expect(overview.contains("\n  \(topic.name) "), "\(topic.name)") }
  }

  /// A page fits a usual terminal.
  @Test func pagesAreNotTooWide() {
    for topic in HelpTopic.all {
      for line in topic.text.split(separator: "\n") { #expect(line.count <= 125, "\(topic.name): \(line)") }
    }
  }

  @Test func theQuantitiesThatHelpShowsAreAccepted() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"\ntext \"the author that the guards like [MASK] young .\"")
    let lines = HelpTopic.quantities.text.split(separator: "\n").filter { $0.hasPrefix("  qoi ") }
    #expect(lines.count >= 6)
    for line in lines {
      let command = line.dropFirst(2).prefix { $0 != "\u{1}" }.split(separator: "  ")[0]
      try shell.run(String(command))
      #expect(shell.interpreter.session.quantity != nil)
    }
  }

  /// The commands that the page of tasks shows, on a task that is small.
  @Test func theCommandsThatTheTasksPageShowsRun() throws {
    let shell = try TestShell()
    try shell.run("load \"demo\"\nlet mine = task(sva_obj, rows=2)")
    let commands = HelpTopic.tasks.text.split(separator: "\n").map { $0.drop { $0 == " " } }
      .filter { line in
        ["measure ", "for ", "patterns ", "sweep ", "ablate "].contains { line.hasPrefix($0) }
      }
      .map { $0.hasPrefix("for ") ? String($0) : String($0.split(separator: "  ")[0]) }
    #expect(commands.count >= 6)
    for command in commands { #expect(try !shell.run(command).isEmpty, "\(command)") }
  }

  @Test(arguments: [
    ("quantities", "quantities"), ("logprob", "quantities"), ("SWEEP", "tasks"), ("functions", "functions"),
    ("less", "editing"), ("rollout", "flow"),
  ])
  func aproposFindsCommandsAndTopics(word: String, name: String) throws {
    let shell = try TestShell(format: "csv")
    let rows = try shell.run("apropos \"\(word)\"").split(whereSeparator: \.isNewline)
    #expect(rows.contains { $0.hasPrefix("\(name),") }, "\(rows)")
  }

  @Test func anUnknownSubjectIsAnError() throws {
    #expect(try TestShell().failure("help quantites").contains("did you mean `quantities`"))
    #expect(try TestShell().run("apropos zzyzx").split(separator: "\n").count <= 2)
  }
}
