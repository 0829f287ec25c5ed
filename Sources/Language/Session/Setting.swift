import ExactText
import Rendering
import Results
import Tensors

/// All settings. Each is declared here, and nowhere else.
package struct SettingList: Sendable {
  package enum Color: String, CaseIterable, Sendable { case auto, always, never }

  package let format = Setting("format", "table", "how results print", words: Renderers.all.map(\.name))
  package let precision = Setting("precision", 5, "significant digits in tables", in: 1...17)
  package let color = Setting("color", Color.auto, "colour in tables and heat maps")
  package let maxRows = Setting("max_rows", 60, "rows a table shows on a terminal", in: 1...Int.max)
  /// In bytes.
  package let maxMemory = Setting(
    "max_memory", 2 << 30, "memory of values and computations", expected: "a size such as \"512M\" or \"2G\"",
    value: { .string(ByteSize.text($0)) },
    content: {
      switch $0 {
      case .string(let text): ByteSize.bytes(text)
      case .number(let number): ByteSize.bytes(formatNumber(number))
      default: nil
      }
    })
  package let maxTurns = Setting(
    "max_turns", 10_000_000, "turns a loop takes before it ends in an error", in: 1...Int.max)
  package let seed = Setting("seed", 0, "seed of everything random", in: 0...(1 << 53))
  package let threads = Setting("threads", BLAS.threads, "OpenBLAS and worker threads", in: 1...256)
  /// Confirmations, timings and notes are not shown.
  package let isQuiet = Setting(
    "quiet", false, "no confirmations, timings and notes", expected: "true or false",
    choices: ["true", "false"], value: { .bool($0) },
    content: { if case .bool(let flag) = $0 { flag } else { nil } })
  package let usesPager = Setting(
    "pager", true, "show what is taller than the terminal through $PAGER", expected: "on or off",
    choices: ["on", "off"], value: { .string($0 ? "on" : "off") },
    content: {
      switch $0 {
      case .string("on"), .bool(true): true
      case .string("off"), .bool(false): false
      default: nil
      }
    })
  /// For numbers of expectations.
  package let tolerance = Setting(
    "tolerance", 1e-4, "relative difference that expectations allow", expected: "a number from 0 to 1",
    value: { .number($0) },
    content: { if case .number(let number) = $0, (0...1).contains(number) { number } else { nil } })

  static let declared = SettingList()

  /// In the order of their declaration.
  static let all = Mirror(reflecting: declared).children.compactMap { $0.value as? any DeclaredSetting }

  static func named(_ name: String) throws -> any DeclaredSetting {
    guard let setting = all.first(where: { $0.name == name }) else {
      throw SettingFault.unknownSetting(name, known: all.map(\.name))
    }
    return setting
  }
}

/// One setting: its name, its usual content, and how that is written and read as a value.
package final class Setting<Content: Sendable>: Sendable {
  package let name: String
  let standard: Content
  package let summary: String
  /// Continues "expects".
  package let expected: String
  /// All values, where they are few words.
  package let choices: [String]
  let value: @Sendable (Content) -> Value
  /// nil for a value that does not fit.
  let content: @Sendable (Value) -> Content?

  init(
    _ name: String, _ standard: Content, _ summary: String, expected: String, choices: [String] = [],
    value: @escaping @Sendable (Content) -> Value, content: @escaping @Sendable (Value) -> Content?
  ) {
    (self.name, self.standard, self.summary) = (name, standard, summary)
    (self.expected, self.choices, self.value, self.content) = (expected, choices, value, content)
  }
}

extension Setting where Content == Int {
  convenience init(_ name: String, _ standard: Int, _ summary: String, in range: ClosedRange<Int>) {
    let expected =
      switch (range.lowerBound, range.upperBound) {
      case (1, .max): "a positive whole number"
      case (0, 1 << 53): "a whole number from 0 to 2^53"
      default: "a whole number from \(range.lowerBound) to \(range.upperBound)"
      }
    self.init(
      name, standard, summary, expected: expected, value: { Value($0) },
      content: {
        guard case .number(let number) = $0, let whole = Int(exactly: number), range.contains(whole) else {
          return nil
        }
        return whole
      })
  }
}

extension Setting where Content == String {
  convenience init(_ name: String, _ standard: String, _ summary: String, words: [String]) {
    self.init(
      name, standard, summary, expected: words.joinedAsChoice, choices: words, value: { .string($0) },
      content: { if case .string(let word) = $0, words.contains(word) { word } else { nil } })
  }
}

extension Setting where Content: RawRepresentable<String> & CaseIterable {
  convenience init(_ name: String, _ standard: Content, _ summary: String) {
    let words = Content.allCases.map(\.rawValue)
    self.init(
      name, standard, summary, expected: words.joinedAsChoice, choices: words,
      value: { .string($0.rawValue) },
      content: { if case .string(let word) = $0 { Content(named: word) } else { nil } })
  }
}

/// A setting whatever its content.
package protocol DeclaredSetting: Sendable {
  var name: String { get }
  var summary: String { get }
  var expected: String { get }
  var choices: [String] { get }
  var standardValue: Value { get }
  /// The content that a value stands for, with the value as it is shown; nil for one that does not fit.
  func accepted(_ value: Value) -> (content: any Sendable, value: Value)?
}

extension Setting: DeclaredSetting {
  package var standardValue: Value { value(standard) }

  package func accepted(_ value: Value) -> (content: any Sendable, value: Value)? {
    content(value).map { ($0, self.value($0)) }
  }
}

extension [String] {
  /// `auto, always or never`
  fileprivate var joinedAsChoice: String {
    count < 2 ? joined() : "\(dropLast().joined(separator: ", ")) or \(self[count - 1])"
  }
}
