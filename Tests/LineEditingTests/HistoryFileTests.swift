import Faults
import Files
import PseudoTerminals
import SystemCalls
import Testing

@testable import LineEditing

@Suite struct HistoryFileTests {
  private let path = temporaryFolder() + "/state/ipsh/history"

  @Test func entriesComeBackInOrder() throws {
    let entries = [
      "forward", "for x {\n  print \"\\n\"\n}", "é λ 漢字 😀", "back\\slash\\", " \t indented", "cr\rinside",
    ]
    let history = HistoryFile(path: path, limit: 100)
    for entry in entries { try history.append(entry) }
    #expect(try HistoryFile(path: path, limit: 100).load() == entries)
    #expect(contents(path).filter { $0 == UInt8(ascii: "\n") }.count == entries.count)
  }

  @Test func theFileAndItsFoldersAreCreatedPrivately() throws {
    #expect(try HistoryFile(path: path, limit: 10).load() == [])
    #expect(permissions(path) == nil)
    try HistoryFile(path: path, limit: 10).append("first")
    #expect(permissions(path) == 0o600)
    #expect(permissions(String(path.dropLast("/history".count))) == 0o700)
  }

  @Test func blankEntriesAreLeftOut() throws {
    let history = HistoryFile(path: path, limit: 10)
    for entry in ["", " ", "\n\t"] { try history.append(entry) }
    #expect(try history.load() == [])
  }

  @Test func onlyTheNewestAreLoaded() throws {
    let history = HistoryFile(path: path, limit: 3)
    for number in 1...5 { try history.append("entry \(number)") }
    #expect(try history.load() == ["entry 3", "entry 4", "entry 5"])
  }

  @Test(
    arguments: [
      ([0x61, 0x00, 0x62], "a NUL"), ([0xFF, 0xFE], "no UTF-8"), ([0xC3], "half a character"),
      (Array("bad \\escape".utf8), "an escape that is none"), (Array("cut\\".utf8), "half an escape"),
      ([], "an empty line"),
    ] as [([UInt8], String)])
  func aBadLineSpoilsOnlyItself(line: [UInt8], what: String) throws {
    let file = fixture("")
    write(Array("before\n".utf8) + line + Array("\nafter\n".utf8), to: file)
    #expect(try HistoryFile(path: file, limit: 10).load() == ["before", "after"], "\(what)")
  }

  @Test func aGiganticLineSpoilsOnlyItself() throws {
    let gigantic = [UInt8](repeating: UInt8(ascii: "x"), count: HistoryFormat.longestLine + 1)
    let file = fixture("")
    write(Array("before\n".utf8) + gigantic + Array("\nafter\n".utf8), to: file)
    #expect(try HistoryFile(path: file, limit: 10).load() == ["before", "after"])
  }

  @Test func aFileWithoutAnEndStartsANewLine() throws {
    let file = fixture("whole\ncut sho")
    let history = HistoryFile(path: file, limit: 10)
    try history.append("next")
    #expect(try history.load() == ["whole", "cut sho", "next"])
    #expect(contents(file) == Array("whole\ncut sho\nnext\n".utf8))
  }

  @Test func ofAHugeFileTheEndIsRead() throws {
    let file = fixture("")
    let line = [UInt8](repeating: UInt8(ascii: "x"), count: 1023) + [UInt8(ascii: "\n")]
    write(Array(repeating: line, count: 17 << 10).flatMap { $0 } + Array("last\n".utf8), to: file)
    let size = contents(file).count
    let history = HistoryFile(path: file, limit: 5)
    var warnings: [LineEditingFault] = []
    history.warn = { warnings.append($0) }
    #expect(try history.load().last == "last")
    #expect(warnings == [.historyLarge(path: file, limit: HistoryFormat.loadedBytes)])
    for _ in 1...10 { try history.append("more") }
    #expect(try history.load().suffix(2) == ["more", "more"])
    // Nothing of it is dropped, whatever it may be.
    #expect(contents(file).count == size + 10 * "more\n".utf8.count)
  }

  @Test func aFileFarAboveTheLimitIsCut() throws {
    let history = HistoryFile(path: path, limit: 10)
    var dropped = 0
    history.warn = { if case .historyCut(_, let lines, kept: 10) = $0 { dropped += lines } }
    for number in 1...100 { try history.append("entry \(number)") }
    let lines = contents(path).filter { $0 == UInt8(ascii: "\n") }.count
    #expect((10...24).contains(lines), "\(lines) lines")
    #expect(dropped == 100 - lines)
    #expect(try history.load() == (91...100).map { "entry \($0)" })
    #expect(permissions(path) == 0o600)
  }

  @Test func cuttingKeepsWhatOthersAppended() throws {
    let one = HistoryFile(path: path, limit: 8)
    let other = HistoryFile(path: path, limit: 8)
    for number in 1...60 {
      try one.append("one \(number)")
      try other.append("other \(number)")
    }
    #expect(try one.load().suffix(4) == ["one 59", "other 59", "one 60", "other 60"])
  }

  @Test func aLinkStaysALink() throws {
    let folder = temporaryFolder()
    symlink(folder + "/real", folder + "/link")
    let history = HistoryFile(path: folder + "/link", limit: 4)
    for number in 1...40 { try history.append("entry \(number)") }
    var status = stat()
    #expect(lstat(folder + "/link", &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(try HistoryFile(path: folder + "/real", limit: 4).load() == (37...40).map { "entry \($0)" })
  }

  @Test func severalProcessesAppendAtOnce() throws {
    let appenders = ["a", "b", "c", "d"]
    let count = 300
    let program = try builtProgram("line-editing-probe")
    let shell = appenders.map { "'\(program)' --append '\(path)' \($0) \(count) 10000 & " }.joined() + "wait"
    let result = try runProgram(executable: "/bin/sh", arguments: ["-c", shell])
    #expect(result == ProgramResult(status: 0, stdout: "", stderr: ""))
    let entries = try HistoryFile(path: path, limit: 10_000).load()
    #expect(entries.count == appenders.count * count)
    for appender in appenders {
      #expect(entries.filter { $0.hasPrefix(appender) } == (1...count).map { "\(appender)\($0)" })
    }
  }

  @Test func severalProcessesCutAtOnce() throws {
    let program = try builtProgram("line-editing-probe")
    let shell =
      ["a", "b", "c", "d"].map { "'\(program)' --append '\(path)' \($0) 300 20 & " }.joined() + "wait"
    let result = try runProgram(executable: "/bin/sh", arguments: ["-c", shell])
    #expect(result == ProgramResult(status: 0, stdout: "", stderr: ""))
    // Each cut keeps the newest 20 lines, so the last entries of each process stand in their order.
    let entries = try HistoryFile(path: path, limit: 20).load()
    #expect(entries.count == 20)
    for appender in ["a", "b", "c", "d"] {
      let numbers = entries.filter { $0.hasPrefix(appender) }.compactMap { Int($0.dropFirst()) }
      #expect(numbers == Array(numbers.sorted().reversed().prefix(numbers.count).reversed()))
      if let first = numbers.first { #expect(numbers == Array(first...300)) }
    }
    #expect(contents(path).count < 300 * 5)
  }

  @Test func nullDeviceKeepsNothing() throws {
    let history = HistoryFile(path: "/dev/null", limit: 10)
    try history.append("gone")
    #expect(try history.load() == [])
  }

  @Test(arguments: [0o644, 0o660, 0o604, 0o777] as [mode_t])
  func aHistoryThatOthersCanReadIsNarrowedWithAWord(mode: mode_t) throws {
    let file = fixture("before\n")
    chmod(file, mode)
    let history = HistoryFile(path: file, limit: 10)
    var warnings: [LineEditingFault] = []
    history.warn = { warnings.append($0) }
    #expect(try history.load() == ["before"])
    #expect(permissions(file) == mode)
    for entry in ["a", "b"] { try history.append(entry) }
    #expect(permissions(file) == mode & 0o700)
    #expect(warnings == [.historyNarrowed(path: file)])
  }

  /// As another program would hold it.
  private func locking(_ path: String) -> Int32 {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
    return descriptor
  }

  @Test func whileAnotherProcessHoldsTheLockEntriesWait() throws {
    let file = fixture("before\n")
    chmod(file, 0o600)
    let lock = locking(file)
    let history = HistoryFile(path: file, limit: 10)
    var warnings: [LineEditingFault] = []
    history.warn = { warnings.append($0) }
    #expect(try history.load() == ["before"])
    for entry in ["one", "two"] { try history.append(entry) }
    #expect(warnings == [.historyHeld(path: file)])
    #expect(throws: LineEditingFault.historyIncomplete(path: file, missing: 2)) { try history.finish() }
    #expect(contents(file) == Array("before\n".utf8))
    close(lock)
    try history.append("three")
    try history.finish()
    #expect(try history.load() == ["before", "one", "two", "three"])
    #expect(warnings.count == 1)
  }

  @Test func whoAsksToStopWaitsNoLonger() throws {
    let file = fixture("")
    chmod(file, 0o600)
    let lock = locking(file)
    let history = HistoryFile(path: file, limit: 10)
    var asked = 0
    #expect(throws: Interrupted.self) {
      try Interruption.asking({ throw Interrupted() }) { try history.append("one") }
    }
    history.warn = { _ in asked += 1 }
    try history.append("two")
    // Told already.
    #expect(asked == 0)
    close(lock)
    try history.finish()
    #expect(try history.load() == ["one", "two"])
  }

  @Test func aPipeAndADeviceAreNoHistory() throws {
    let pipe = temporaryFolder() + "/pipe"
    mkfifo(pipe, 0o600)
    for path in [pipe, "/dev/zero"] {
      let history = HistoryFile(path: path, limit: 10)
      #expect(throws: LineEditingFault.historyNotAFile(path: path)) { try history.load() }
      #expect(throws: LineEditingFault.historyNotAFile(path: path)) { try history.append("x") }
      try history.finish()
    }
  }

  @Test func aFolderIsNoHistory() throws {
    let folder = temporaryFolder()
    let history = HistoryFile(path: folder, limit: 10)
    #expect(throws: LineEditingFault.historyNotAFile(path: folder)) { try history.load() }
    #expect(throws: LineEditingFault.historyUnwritable(path: folder, SystemError(number: EISDIR))) {
      try history.append("x")
    }
  }

  @Test func faultsSayWhatToDo() {
    let fault = LineEditingFault.historyUnwritable(path: "h", SystemError(number: EACCES))
    #expect(fault.code == "history-unwritable")
    #expect(fault.message == "cannot write the history h: Permission denied")
    #expect(fault.remedy == "set IPSH_HISTORY to a file that can be written")
    #expect(LineEditingFault.historyNotAFile(path: "h").message == "the history h is not a regular file")
    #expect(
      LineEditingFault.historyUnreadable(path: "h", SystemError(number: EIO)).message
        == "cannot read the history h: Input/output error")
    #expect(
      LineEditingFault.inputUnreadable(SystemError(number: EBADF)).message
        == "cannot read the input: Bad file descriptor")
  }
}
