import Foundation
import Testing

@testable import Language
@testable import Workbench

/// The example of every command runs, in a session and a folder of its own.
@Suite(.serialized) struct ExampleTests {
  @Test(arguments: CommandRegistry.standard.commands.map(\.name))
  func runs(name: String) throws {
    let command = try #require(CommandRegistry.standard[name])
    let shell = try TestShell()
    let home = FileManager.default.currentDirectoryPath
    try #require(FileManager.default.changeCurrentDirectoryPath(shell.path(".")))
    defer { _ = FileManager.default.changeCurrentDirectoryPath(home) }
    let output = try shell.run(command.example)
    let isSilent = ["seed", "quit", "save", "once", "output"].contains(name)
    #expect(isSilent || !output.isEmpty, "\(name) printed nothing")
  }
}
