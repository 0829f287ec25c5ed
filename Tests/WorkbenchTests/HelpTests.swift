import Testing

@testable import Language
@testable import Workbench

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
    ("language", "loosest first"), ("syntax", "{interpolation}"), ("scripts", "--echo"),
    ("replay", "--verify"),
    ("editing", "PAGER"),
    ("functions", "argmin"), ("reference", "| `forward"), ("while", "while x < 9"),
  ])
  func topicsHaveAPage(name: String, content: String) throws {
    #expect(try TestShell().run("help \"\(name)\"").contains(content))
  }

  @Test func theOverviewNamesAllTopics() throws {
    let overview = try TestShell().run("help")
    for topic in HelpText.topics(.standard) {
      #expect(overview.contains("\n  \(topic.name) "), "\(topic.name)")
    }
  }

  /// Statements and the table of operators are on one screen of 24 lines, the prompt below it.
  @Test func theLanguageIsOnOneScreen() throws {
    let lines = try #require(CommandRegistry.standard.topic(named: "language")).text.split(
      separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count <= 22)
    #expect(lines.allSatisfy { $0.count <= 79 })
  }

  /// A page fits a usual terminal.
  @Test func pagesAreNotTooWide() {
    for topic in CommandRegistry.standard.topics {
      for line in topic.text.split(separator: "\n") { #expect(line.count <= 125, "\(topic.name): \(line)") }
    }
  }

  @Test func theQuantitiesThatHelpShowsAreAccepted() throws {
    let (shell, decoder) = (try TestShell(), try TestShell())
    try shell.run("load \"demo\"\ntext \"the author that the guards like [MASK] young .\"")
    try decoder.run("load \"demo-gpt2\"\ntext \"The war lasted from the year 1741 to the year 17\"")
    let lines = HelpTopic.quantities.text.split(separator: "\n").filter { $0.hasPrefix("  qoi ") }
    #expect(lines.count >= 6)
    for line in lines {
      let command = line.dropFirst(2).prefix { $0 != "\u{1}" }.split(separator: "  ")[0]
      // Years of two digits are entries of the decoder.
      let shell = command.contains("{") ? decoder : shell
      try shell.run(String(command))
      #expect(shell.interpreter.session.bench.quantity != nil)
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
    for command in commands {
      try shell.run("load \"\(command.contains("ioi") ? "demo-gpt2" : "demo")\"")
      #expect(try !shell.run(command).isEmpty, "\(command)")
    }
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

  @Test(arguments: ["while", "for", "def", "with", "let", "if", "try", "not", "true"])
  func reservedWordsNeedNoQuotes(word: String) throws {
    let shell = try TestShell()
    #expect(try shell.run("help \(word)") == shell.run("help \"\(word)\""))
    #expect(try shell.run("apropos \(word)") == shell.run("apropos \"\(word)\""))
    #expect(shell.failure("show \(word)").contains("error: "))
  }

  @Test func aproposTakesSeveralWords() throws {
    let shell = try TestShell(format: "csv")
    func names(_ words: String) throws -> Set<String> {
      Set(
        try shell.run("apropos " + words).split(whereSeparator: \.isNewline).map {
          String($0.split(separator: ",")[0])
        })
    }
    #expect(try names("precedence").contains("language"))
    let both = try names("heads while")
    #expect(try both == names("heads").intersection(names("while")))
    #expect(both.contains("name"))
    #expect(shell.failure("apropos").contains("WORD is missing"))
  }

  @Test func theOverviewKeepsItsColumn() throws {
    let rows = try TestShell().run("help").split(separator: "\n").filter { $0.hasPrefix("  ") }
    for name in ["show-settings", "interventions", "experiment", "load", "quantities"] {
      let row = try #require(rows.first { $0.hasPrefix("  \(name) ") })
      let summary = try #require(
        CommandRegistry.standard[name]?.summary ?? CommandRegistry.standard.topic(named: name)?.summary)
      let start = try #require(row.range(of: summary)).lowerBound
      #expect(row.distance(from: row.startIndex, to: start) == 17, "\(row)")
    }
  }

  @Test func theSettingsAreNamed() throws {
    let page = try TestShell().run("help set")
    for setting in SettingList.all {
      #expect(page.contains("\n  \(setting.name) "), "\(setting.name)")
      #expect(page.contains(setting.expected), "\(setting.name)")
    }
  }

  @Test(arguments: [
    ("ablate", "NODES is missing", "usage: ablate NODES ... ["),
    ("patch", "NODES is missing", "usage: patch NODES ... ["),
    ("keep", "NODES is missing", "usage: keep NODES ... ["),
    ("measure", "TASKS is missing", "usage: measure TASKS ... ["),
    ("def f(a, b=2) { }\nf()", "`a` is missing", "usage: f(a, b=2)"),
  ]) func whatIsMissingIsShownAsNeeded(command: String, message: String, usage: String) throws {
    let failure = try TestShell().failure("load \"demo\"\ntext \"a [MASK] .\"\n" + command)
    #expect(failure.contains(message), "\(failure)")
    #expect(failure.contains(usage), "\(failure)")
  }

  @Test func anUnknownSubjectIsAnError() throws {
    #expect(try TestShell().failure("help quantites").contains("did you mean `quantities`"))
    #expect(try TestShell().run("apropos zzyzx").split(separator: "\n").count <= 2)
  }
}
