import Foundation
import Testing

/// What `output FILE` does to files that are there already, as `save` does.
@Suite struct OutputFileTests {
  private let shell: TestShell

  init() throws { shell = try TestShell() }

  private func contents(_ name: String) throws -> String {
    try String(contentsOfFile: shell.path(name), encoding: .utf8)
  }

  private func attributes(_ name: String) throws -> [FileAttributeKey: Any] {
    try FileManager.default.attributesOfItem(atPath: shell.path(name))
  }

  private func write(_ name: String) throws {
    try shell.run("output \"\(shell.path(name))\"\nprint 1\noutput")
  }

  @Test func aPipeStaysAPipe() throws {
    try #require(mkfifo(shell.path("pipe"), 0o600) == 0)
    let failure = shell.failure("output \"\(shell.path("pipe"))\"")
    #expect(failure.contains("pipe: not a regular file"), "\(failure)")
    var status = stat()
    #expect(stat(shell.path("pipe"), &status) == 0 && status.st_mode & S_IFMT == S_IFIFO)
    #expect(!FileManager.default.fileExists(atPath: shell.path("pipe.partial")))
    #expect(try shell.run("print 2") == "2\n")
  }

  @Test func aLinkStaysAndItsTargetIsReplaced() throws {
    try "old".write(toFile: shell.path("target"), atomically: true, encoding: .utf8)
    try FileManager.default.createSymbolicLink(
      atPath: shell.path("link"), withDestinationPath: shell.path("target"))
    try write("link")
    #expect(try attributes("link")[.type] as? FileAttributeType == .typeSymbolicLink)
    #expect(try contents("target") == "1\n")
  }

  @Test func aPrivateFileStaysPrivate() throws {
    try "old".write(toFile: shell.path("private"), atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: shell.path("private"))
    try write("private")
    #expect(try attributes("private")[.posixPermissions] as? Int == 0o600)
    #expect(try contents("private") == "1\n")
  }

  /// What a failed block has begun is undone, but nothing that was written is lost.
  @Test func anUndoneOutputKeepsItsPartialFile() throws {
    _ = shell.failure("for i in 0..1 { output \"\(shell.path("a"))\"; print i; [][0] }")
    #expect(try shell.run("print 2") == "2\n")
    #expect(try contents("a.partial") == "0\n")
    #expect(!FileManager.default.fileExists(atPath: shell.path("a")))
    try shell.run("output \"\(shell.path("b"))\"\nprint 1")
    _ = shell.failure("if true { print 2; output \"\(shell.path("c"))\"; print 3; [][0] }")
    #expect(try contents("b") == "1\n2\n" && contents("c.partial") == "3\n")
    #expect(try shell.run("print 4") == "4\n")
    try shell.run("output \"\(shell.path("d"))\"\nprint 1")
    _ = shell.failure("if true { print 2; [][0] }")
    try shell.run("print 3\noutput")
    #expect(try contents("d") == "1\n2\n3\n")
  }

  @Test func aPartialFileIsPutAside() throws {
    try "theirs".write(toFile: shell.path("a.partial"), atomically: true, encoding: .utf8)
    try write("a")
    #expect(try contents("a") == "1\n" && contents("a.partial~") == "theirs")
    #expect(!FileManager.default.fileExists(atPath: shell.path("a.partial")))
  }

  /// Nor what was put aside before.
  @Test func whatWasPutAsideStays() throws {
    for number in 1...3 {
      _ = shell.failure("if true { output \"\(shell.path("a"))\"; print \(number); [][0] }")
    }
    #expect(try contents("a.partial~") == "1\n" && contents("a.partial~2") == "2\n")
    #expect(try contents("a.partial") == "3\n")
    try FileManager.default.createDirectory(
      atPath: shell.path("b.partial"), withIntermediateDirectories: false)
    #expect(shell.failure("output \"\(shell.path("b"))\"").contains("b.partial: File exists"))
  }

  /// The results of one that was given up are still known, its lock is not.
  @Test func anOutputCanBeBegunAgain() throws {
    let path = shell.path("a")
    try shell.run("set format csv")
    _ = shell.failure("if true { output \"\(path)\"; [1, 2]; [][0] }")
    try shell.run("output \"\(path)\"\n[3]\noutput")
    #expect(try contents("a") == "3\r\n")
    try shell.run("output \"\(path)\"\n[4]\noutput")
    #expect(try contents("a") == "4\r\n")
  }

  @Test func twoSessionsDoNotSendResultsToOneFile() throws {
    try shell.run("output \"\(shell.path("a"))\"\nprint 1")
    let other = try TestShell()
    let failure = other.failure("output \"\(shell.path("a"))\"")
    #expect(failure.contains("a.partial: another session sends its results there"), "\(failure)")
    try shell.run("print 2\noutput")
    #expect(try contents("a") == "1\n2\n")
    try other.run("output \"\(shell.path("a"))\"\nprint 3\noutput")
    #expect(try contents("a") == "3\n")
  }

  @Test func anOutputWithoutResultsLeavesNothing() throws {
    _ = shell.failure("if true { output \"\(shell.path("a"))\"; [][0] }")
    #expect(!FileManager.default.fileExists(atPath: shell.path("a.partial")))
  }
}
