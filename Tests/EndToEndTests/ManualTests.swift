import FixtureFiles
import Foundation
import Testing

/// The manual page says of the options what their declarations say.
@Suite struct ManualTests {
  struct Item: Equatable, CustomStringConvertible {
    let names: [String]
    let value: String?
    let text: String

    var description: String { "\(names.joined(separator: ", ")) \(value ?? ""): \(text)" }
  }

  /// The parser takes this one itself and does not list it among the declarations.
  static let ofTheParser = "--generate-completion-script"

  @Test func theManualPageHasTheOptionsAndTheirWords() throws {
    let page = try String(contentsOf: checkout.appending(path: "Sources/ipsh/ipsh.1"), encoding: .utf8)
    let described = items(ofPage: page)
    let declared = try declaredItems()
    #expect(declared.count > 12)
    #expect(described.last?.names == [Self.ofTheParser])
    #expect(Array(described.dropLast()) == declared)
  }

  @Test func theHelpHasThemToo() throws {
    let help = try ipsh(["--help"]).stdout
    for item in try declaredItems() {
      for name in item.names { #expect(help.contains(name)) }
    }
    #expect(help.contains("USAGE: ipsh [<options>] [<script> ...]\n"))
    #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 }, "\(help)")
  }

  /// Of the declarations, as the parser dumps them.
  private func declaredItems() throws -> [Item] {
    struct Dump: Decodable {
      struct Command: Decodable { let arguments: [Argument] }
      struct Name: Decodable {
        let kind: String
        let name: String
      }
      struct Argument: Decodable {
        let kind: String
        let names: [Name]?
        let valueName: String?
        let abstract: String?
      }
      let command: Command
    }
    let dump = try ipsh(["--experimental-dump-help"])
    #expect(dump.status == 0, "\(dump.stderr)")
    return try JSONDecoder().decode(Dump.self, from: Data(dump.stdout.utf8)).command.arguments
      .filter { $0.kind != "positional" }
      .map { argument in
        Item(
          names: (argument.names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }
            .sorted { $0.count < $1.count },
          value: argument.kind == "option" ? argument.valueName : nil, text: plain(argument.abstract ?? ""))
      }
  }

  /// Of the section OPTIONS: `.It Fl m Ar model , Fl -model Ar model` with the lines below it.
  private func items(ofPage page: String) -> [Item] {
    let section = page.components(separatedBy: ".Sh ").first { $0.hasPrefix("OPTIONS\n") } ?? ""
    return section.components(separatedBy: "\n.It ").dropFirst().map { item in
      let lines = item.components(separatedBy: "\n").prefix { $0 != ".El" }
      let words = lines[0].components(separatedBy: " ")
      let pairs = zip(words, words.dropFirst())
      return Item(
        names: pairs.filter { $0.0 == "Fl" }.map { "-" + $0.1 },
        value: pairs.first { $0.0 == "Ar" }?.1, text: plain(lines.dropFirst().joined(separator: " ")))
    }
  }

  /// Without the marks that show code, and with single blanks.
  private func plain(_ text: String) -> String {
    text.replacing("`", with: "").replacing(".Li ", with: "").split(separator: " ").joined(separator: " ")
  }
}
