import JSONReading
import Rendering
import Results

/// A grammar in TextMate's form, which VS Code and many others take.
/// https://macromates.com/manual/en/language_grammars
struct TextMateGrammar {
  private let words: SyntaxWords

  init(_ words: SyntaxWords) { self.words = words }

  /// Where a statement begins, as a condition on what stands before; its length has to be fixed there.
  private static let start = #"(?:^\s*|(?<=[;{])\s*|\b(?<=time )\s*)"#
  private static let selector = #"(?:\*|\d+(?:-\d+)?|\{[^}]*\})"#

  private static let node =
    #"\bL\#(selector)(?:H\#(selector))?(?:\.[A-Za-z]\w*)?(?:\[[^\]]*\])?(?:@\#(selector)(?:<-\#(selector))?)?"#
    + #"|\b(?:embed|pooled|logits|class_logits)@\#(selector)"#

  var text: String {
    let grammar: Value = [
      "name": "ipsh", "scopeName": "source.ipscript", "fileTypes": ["ipscript"],
      "comment": .string("Made by ipsh \(Release.version): ipsh --editor-syntax textmate"),
      "patterns": .list([
        match(#"^\s*#=>.*$"#, "meta.preprocessor.expectation"), match("#.*$", "comment.line.number-sign"),
        rawText, include("expression"),
      ]),
      "repository": [
        "expression": ["patterns": .list(expression)], "string": ["patterns": .list(strings)],
      ],
    ]
    do { return try JSONText.string(grammar, isPretty: true) + "\n" } catch {
      preconditionFailure("strings without interruption: \(error)")
    }
  }

  /// What stands behind a verb that takes its text as it is.
  private var rawText: Value {
    [
      "begin": .string("\(Self.start)\(any(words.rawVerbs))\\b(?!\\()"), "end": "$|(?=;)",
      "beginCaptures": ["1": ["name": "support.function.command.ipscript"]],
      "patterns": .list([
        include("string"), match(#"##[^#\s]\S*"#, "string.unquoted.piece"),
        match(#"(?<=\s)#.*$"#, "comment.line.number-sign"), option, number,
      ]),
    ]
  }

  private var expression: [Value] {
    [
      include("string"), match(Self.node, "constant.other.node"),
      match("(?<=\\.)[A-Za-z]\\w*", "variable.other.member"),
      match("\\b\(any(words.functions))(?=\\()", "support.function"),
      match("\\b\(any(words.verbs + words.rawVerbs))(?=\\()", "support.function.command"),
      [
        "match": .string("(?<=\\bset )\(any(words.settings))\\b"), "name": "support.type.setting.ipscript",
      ],
      option,
      [
        "match": .string("\(Self.start)\(any(words.verbs))\\b"),
        "captures": ["1": ["name": "support.function.command.ipscript"]],
      ],
      [
        "match": #"\b(let|def)\s+(\w+)"#,
        "captures": [
          "1": ["name": "keyword.control.ipscript"], "2": ["name": "entity.name.variable.ipscript"],
        ],
      ],
      match("\\b\(any(words.statements))\\b", "keyword.control"),
      match("\\b\(any(words.operators))\\b", "keyword.operator.word"),
      match("\\b\(any(words.constants))\\b", "constant.language"), number,
    ]
  }

  private var option: Value { match("\\b\(any(words.options))(?==(?!=))", "variable.parameter.option") }

  private var number: Value {
    match(#"\b(?:0x[0-9A-Fa-f_]+|\d[\d_]*(?:\.\d+)?(?:[eE][-+]?\d+)?)\b"#, "constant.numeric")
  }

  private var strings: [Value] {
    [
      ["begin": "\\br\"", "end": "\"|$", "name": "string.quoted.other.raw.ipscript"],
      [
        "begin": "\"", "end": "\"|$", "name": "string.quoted.double.ipscript",
        "patterns": .list([
          match(#"\\(?:["\\nrt0{]|u\{[0-9A-Fa-f]{1,6}\})"#, "constant.character.escape"),
          [
            "begin": "\\{", "end": "\\}", "name": "meta.interpolation.ipscript",
            "patterns": .list([include("expression")]),
          ],
        ]),
      ],
    ]
  }

  private func include(_ name: String) -> Value { ["include": .string("#\(name)")] }

  private func match(_ pattern: String, _ scope: String) -> Value {
    ["match": .string(pattern), "name": .string("\(scope).ipscript")]
  }

  /// A group, the first of the pattern that it stands in.
  private func any(_ words: [String]) -> String { "(\(words.joined(separator: "|")))" }
}
