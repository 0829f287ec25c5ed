import Foundation
import PseudoTerminals
import Testing

@testable import Language
@testable import Workbench

/// The syntax files that are made from the registry.
@Suite struct EditorTests {
  @Test func bothNameEveryWord() throws {
    let registry = CommandRegistry.standard
    for editor in EditorSyntax.allCases {
      let result = try ipsh(["--editor-syntax", editor.rawValue])
      #expect(result.status == 0 && result.stdout == editor.file(for: registry))
      let words = Set(
        result.stdout.split { !($0.isLetter || $0.isNumber || $0 == "_" || $0 == "-") }.map(String.init))
      let options = registry.commands.flatMap(\.parameters).filter { $0.placement == .option }.map(\.name)
      for word in registry.names + options + SettingList.all.map(\.name) + ["while", "and", "true"] {
        #expect(words.contains(word), "\(word) in \(editor.rawValue)")
      }
    }
    #expect(try ipsh(["--editor-syntax", "emacs"]).status == 2)
  }

  /// The expressions are of a kind that Foundation's engine knows as well; every rule has one.
  @Test func theExpressionsOfTheGrammarAreSound() throws {
    let data = Data(EditorSyntax.textmate.file(for: .standard).utf8)
    var patterns: [String] = []
    func collect(_ value: Any) {
      if let fields = value as? [String: Any] {
        for (key, inner) in fields {
          if let text = inner as? String, ["match", "begin", "end"].contains(key) { patterns.append(text) }
          collect(inner)
        }
      }
      (value as? [Any])?.forEach(collect)
    }
    collect(try JSONSerialization.jsonObject(with: data))
    #expect(patterns.count > 20)
    for pattern in patterns {
      #expect(throws: Never.self, "\(pattern)") { try NSRegularExpression(pattern: pattern) }
    }
  }
}
