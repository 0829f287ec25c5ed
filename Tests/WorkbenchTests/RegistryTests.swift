import Foundation
import Testing

@testable import Language
@testable import Workbench

@Suite struct RegistryTests {
  @Test func namesAreUnique() {
    let names = CommandRegistry.standard.names
    #expect(Set(names).count == names.count)
  }

  @Test func everyCommandIsDescribed() {
    for command in CommandRegistry.standard.commands {
      #expect(!command.summary.isEmpty, "\(command.name)")
      #expect(!command.example.isEmpty, "\(command.name)")
      #expect(command.parameters.allSatisfy { !$0.summary.isEmpty }, "\(command.name)")
      #expect(Set(command.parameters.map(\.name)).count == command.parameters.count, "\(command.name)")
    }
  }

  /// Commands and topics share `help`.
  @Test func topicsAreNoCommands() {
    for topic in CommandRegistry.standard.topics { #expect(CommandRegistry.standard[topic.name] == nil) }
  }
}
