import Foundation
import PseudoTerminals
import SystemCalls
import Testing

/// The shell as a person uses it, on a pseudo-terminal.
@Suite(.serialized) struct InteractiveTests {
  private func shell(_ arguments: [String] = [], history: String = "/dev/null") throws -> PseudoTerminal {
    var environment = testEnvironment
    environment["IPSH_HISTORY"] = history
    return try PseudoTerminal(
      executable: builtProgram("ipsh"), arguments: arguments, environment: environment)
  }

  /// Ctrl-D at the prompt; the exit code. While a command still runs, the terminal's own line mode would take the key.
  private func leave(_ terminal: PseudoTerminal) throws -> Int32 {
    try terminal.expectScreen("an empty line at the prompt") { screen in
      guard screen.lines.indices.contains(screen.row) else { return false }
      let line = screen.lines[screen.row]
      return line.hasSuffix(">") && screen.column == line.count + 1
    }
    terminal.send("\u{4}")
    return try terminal.waitForExit()
  }

  @Test func aFirstSession() throws {
    let terminal = try shell(["--model", "demo"])
    _ = try terminal.expect("help lists the commands")
    _ = try terminal.expect("demo> ")
    terminal.send("text \"paris [MASK] the capital of france .\"\r")
    _ = try terminal.expect("2:[MASK]")
    terminal.send("forward top=1\r")
    _ = try terminal.expect("0.97")
    #expect(try leave(terminal) == 0)
  }

  @Test func habitsOfOtherShellsAreRun() throws {
    let terminal = try shell()
    _ = try terminal.expect("ipsh> ")
    terminal.send("warn?\r")
    _ = try terminal.expect("write a warning to standard error and go on")
    terminal.send("let x = 1\rlet x = 2\rundo\rx + 40\r")
    _ = try terminal.expect("took back: let x = 2")
    _ = try terminal.expect("41")
    terminal.send("x = 3\r")
    _ = try terminal.expect("write `let x = 3`")
    terminal.send(":q\r")
    #expect(try terminal.waitForExit() == 1)
  }

  @Test func clearLeavesTheScreenBlank() throws {
    let terminal = try shell()
    _ = try terminal.expect("ipsh> ")
    terminal.send("clear\r")
    try terminal.expectScreen("the prompt at the top") { screen in
      screen.row == 0 && screen.lines.first?.hasPrefix("ipsh>") ?? false
    }
    #expect(try leave(terminal) == 0)
  }

  @Test func thePromptCountsInterventions() throws {
    let terminal = try shell(["--model", "demo"])
    _ = try terminal.expect("demo> ")
    terminal.send("ablate L1H0\r")
    _ = try terminal.expect("demo[1]> ")
    terminal.send("keep L*H*\r")
    _ = try terminal.expect("demo[2]> ")
    terminal.send("ablate L9\r")
    _ = try terminal.expect("layer 9 is out of range")
    _ = try terminal.expect("demo[2]> ")
    terminal.send("load \"demo\" as other\r")
    _ = try terminal.expect("other> ")
    terminal.send("model demo; restore\r")
    _ = try terminal.expect("demo> ")
    #expect(try leave(terminal) == 1)
  }

  @Test func thePromptShowsWhenResultsGoToAFile() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "o.txt").path
      let terminal = try shell(["--model", "demo"])
      _ = try terminal.expect("demo> ")
      terminal.send("output \"\(path)\"\r")
      _ = try terminal.expect("demo[out]> ")
      terminal.send("ablate L1H0\r")
      _ = try terminal.expect("demo[1][out]> ")
      terminal.send("output; restore\r")
      _ = try terminal.expect("demo> ")
      terminal.send("output \"\(path)\"; print 42\r")
      _ = try terminal.expect("demo[out]> ")
      #expect(try leave(terminal) == 0)
      #expect(try String(contentsOfFile: path, encoding: .utf8) == "42\n")
    }
  }

  @Test func anErrorKeepsTheSession() throws {
    let terminal = try shell()
    _ = try terminal.expect("ipsh> ")
    terminal.send("let x = 41\rprint x +\r1\rprint y\r")
    _ = try terminal.expect("42")
    _ = try terminal.expect("error: nothing is called `y`")
    terminal.send("print x * 2\r")
    _ = try terminal.expect("82")
    terminal.send("quit\r")
    #expect(try terminal.waitForExit() == 1)
  }

  @Test func blocksOfFunctionsAndErrorsAreReadWhole() throws {
    let terminal = try shell()
    _ = try terminal.expect("ipsh> ")
    terminal.send("def twice(x) {\r")
    _ = try terminal.expect("...> ")
    terminal.send("return 2 * x }\r")
    _ = try terminal.expect("ipsh> ")
    terminal.send("try { twice([][0]) }\r")
    _ = try terminal.expect("...> ")
    terminal.send("catch e { print e.code twice(21) }\r")
    _ = try terminal.expect("index-range 42")
    terminal.send("let n = 7; print n * 3; while true { let n = 8 }\r")
    _ = try terminal.expect("\n21")
    terminal.send("\u{3}")
    _ = try terminal.expect("interrupted")
    #expect(try leave(terminal) == 0)
  }

  @Test func interruptsStopACommandAndClearALine() throws {
    let terminal = try shell()
    _ = try terminal.expect("ipsh> ")
    terminal.send("print \"go\"; for i in 0..<1000000000 { let x = i }\r")
    _ = try terminal.expect("\ngo")
    terminal.send("\u{3}")
    _ = try terminal.expect("interrupted")
    _ = try terminal.expect("ipsh> ")
    terminal.send("nonsense\u{3}")
    _ = try terminal.expect("ipsh> ")
    terminal.send("print 6 * 7\r")
    _ = try terminal.expect("42")
    #expect(try leave(terminal) == 0)
  }

  @Test func anInterruptedTaskShowsTheSentencesThatAreDone() throws {
    let terminal = try shell(["-m", "demo"])
    _ = try terminal.expect("demo> ")
    terminal.send("set pager false\r")
    _ = try terminal.expect("demo> ")
    terminal.send("let p = patterns(sva_obj)\r")
    _ = try terminal.expect("patterns 8/200")
    terminal.send("\u{3}")
    _ = try terminal.expect("of 200 sentences)")
    _ = try terminal.expect("demo> ")
    terminal.send("p\r")
    _ = try terminal.expect("nothing is called `p`")
    _ = try terminal.expect("demo> ")
    #expect(try leave(terminal) == 1)
  }

  @Test func blocksCompletionAndHistory() throws {
    try withTemporaryFolder { folder in
      let history = folder.appending(path: "state/history").path
      let terminal = try shell(["-m", "demo"], history: history)
      _ = try terminal.expect("demo> ")
      terminal.send("for i in 1..2 {\rprint i * 50\r}\r")
      _ = try terminal.expect("50")
      _ = try terminal.expect("100")
      terminal.send("tokeni\t\"a cat\"\r")
      _ = try terminal.expect("[SEP]")
      #expect(try leave(terminal) == 0)
      let mode = try FileManager.default.attributesOfItem(atPath: history)[.posixPermissions] as? Int
      #expect(mode == 0o600)

      let second = try shell(["-m", "demo"], history: history)
      _ = try second.expect("demo> ")
      second.send("\u{1B}[A\u{1B}[A\r")
      _ = try second.expect("100")
      #expect(try leave(second) == 0)
    }
  }

  @Test func aBrokenModelLeavesTheLoadedOne() throws {
    try withTemporaryFolder { folder in
      try Data("{}".utf8).write(to: folder.appending(path: "config.json"))
      try Data([1, 2, 3]).write(to: folder.appending(path: "model.safetensors"))
      try Data("[PAD]\n".utf8).write(to: folder.appending(path: "vocab.txt"))
      let terminal = try shell(["-m", "demo"])
      _ = try terminal.expect("demo> ")
      terminal.send("load \"\(folder.path)\"\r")
      _ = try terminal.expect("error: ")
      _ = try terminal.expect("model.safetensors")
      _ = try terminal.expect("demo> ")
      terminal.send("print model.layers * 7\r")
      _ = try terminal.expect("42")
      #expect(try leave(terminal) == 1)
    }
  }

  @Test func theStartupFileRunsOnceUnlessSkipped() throws {
    try withTemporaryFolder { folder in
      let file = folder.appending(path: "ipsh/ipshrc")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data("let greeting = \"from the startup file\"\n".utf8).write(to: file)
      var environment = testEnvironment
      environment["XDG_CONFIG_HOME"] = folder.path
      for (arguments, expected, status) in [
        ([], "from the startup file", Int32(0)), (["--no-init"], "nothing is called", 1),
      ] {
        let terminal = try PseudoTerminal(
          executable: builtProgram("ipsh"), arguments: arguments, environment: environment)
        _ = try terminal.expect("ipsh> ")
        terminal.send("print greeting\r")
        _ = try terminal.expect(expected)
        #expect(try leave(terminal) == status)
      }
    }
  }

  /// Another program that holds the lock of the history stops neither the start nor a command, and no command is lost.
  @Test func aHeldHistoryIsNoObstacle() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "history").path
      _ = FileManager.default.createFile(
        atPath: path, contents: Data("print 30 + 2\n".utf8), attributes: [.posixPermissions: 0o600])
      let lock = open(path, O_RDONLY | O_CLOEXEC)
      #expect(flock(lock, LOCK_EX | LOCK_NB) == 0)
      let terminal = try shell(history: path)
      _ = try terminal.expect("ipsh> ")
      terminal.send("\u{1B}[A")
      _ = try terminal.expect("30 + 2")
      terminal.send("0\r")
      _ = try terminal.expect("another program has locked the history")
      _ = try terminal.expect("\n50")
      terminal.send("print 60 + 2\r")
      #expect(try !terminal.expect("\n62").contains("locked"))
      close(lock)
      terminal.send("print 70 + 2\r")
      _ = try terminal.expect("\n72")
      #expect(try leave(terminal) == 0)
      let kept = try String(contentsOfFile: path, encoding: .utf8)
      #expect(kept == "print 30 + 2\nprint 30 + 20\nprint 60 + 2\nprint 70 + 2\n")
    }
  }

  @Test func pipesInTheUsersFoldersDoNotHoldUpTheStart() throws {
    try withTemporaryFolder { folder in
      let (startup, settings) = (
        folder.appending(path: "ipsh/ipshrc").path, folder.appending(path: "rc").path
      )
      try FileManager.default.createDirectory(
        at: folder.appending(path: "ipsh"), withIntermediateDirectories: true)
      for path in [startup, settings] { #expect(mkfifo(path, 0o600) == 0) }
      let environment = ["XDG_CONFIG_HOME": folder.path, "EDITRC": settings, "IPSH_HISTORY": settings]
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: ["-q"],
        environment: testEnvironment.merging(environment) { $1 })
      for text in [
        "\(settings) is not read", "the history \(settings) is not a regular file", "\(startup) is not run",
      ] {
        // Long paths go on in the next row of the terminal, not of the output.
        _ = try terminal.expect(text)
      }
      _ = try terminal.expect("ipsh> ")
      terminal.send("print 6 * 7\r")
      _ = try terminal.expect("\n42")
      #expect(try leave(terminal) == 0)
    }
  }

  @Test func aScriptFromAPipeWithoutAWriterIsInterrupted() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "pipe").path
      #expect(mkfifo(path, 0o600) == 0)
      let terminal = try PseudoTerminal(
        executable: builtProgram("ipsh"), arguments: [path], environment: testEnvironment)
      terminal.send("\u{3}")
      #expect(try terminal.waitForExit() == 130)
    }
  }

  @Test func aHistoryThatOthersCanReadIsNarrowed() throws {
    try withTemporaryFolder { folder in
      let path = folder.appending(path: "history").path
      _ = FileManager.default.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o644])
      let terminal = try shell(history: path)
      _ = try terminal.expect("ipsh> ")
      terminal.send("print 6 * 7\r")
      _ = try terminal.expect("others could read the history")
      _ = try terminal.expect("\n42")
      terminal.send("print 6 * 8\r")
      #expect(try !terminal.expect("\n48").contains("others"))
      #expect(try leave(terminal) == 0)
      let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
      #expect(mode == 0o600)
    }
  }
}
