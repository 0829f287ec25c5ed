import Faults
import Rendering
import Results
import Tensors

/// What `set` changes. Process-wide defaults come from the command line.
package struct Settings: WatchedPart {
  package enum Color: String, CaseIterable, Sendable { case auto, always, never }

  @Watched(.setting("format")) package var format = "table"
  @Watched(.setting("precision")) package var precision = 5
  @Watched(.setting("color")) package var color = Color.auto
  @Watched(.setting("max_rows")) package var maxRows = 60
  /// Working memory a command may use, in bytes.
  @Watched(.setting("max_memory")) package var maxMemory = 2 << 30
  /// Turns that a loop may take.
  @Watched(.setting("max_turns")) package var maxTurns = 10_000_000
  @Watched(.setting("seed")) package var seed = 0
  /// OpenBLAS and worker threads.
  @Watched(.setting("threads")) package var threads = BLAS.threads
  /// Confirmations, timings and notes are not shown.
  @Watched(.setting("quiet")) package var isQuiet = false
  /// Results taller than the terminal go through the pager, at the prompt.
  @Watched(.setting("pager")) package var usesPager = true
  /// Relative difference that an expectation allows for numbers.
  @Watched(.setting("tolerance")) package var tolerance = 1e-4

  package init() {}

  package mutating func begin(_ log: StatementLog) {
    _format.begin(log)
    _precision.begin(log)
    _color.begin(log)
    _maxRows.begin(log)
    _maxMemory.begin(log)
    _maxTurns.begin(log)
    _seed.begin(log)
    _threads.begin(log)
    _isQuiet.begin(log)
    _usesPager.begin(log)
    _tolerance.begin(log)
  }

  package var writtenKeys: Set<StateKey> {
    let parts: [any WatchedPart] = [
      _format, _precision, _color, _maxRows, _maxMemory, _maxTurns, _seed, _threads, _isQuiet, _usesPager,
      _tolerance,
    ]
    return parts.reduce(into: []) { $0.formUnion($1.writtenKeys) }
  }
}

extension Session {
  /// Changes a setting by its name.
  package mutating func set(_ name: String, to value: Value) throws {
    let setting = try Setting.named(name)
    guard setting.write(&settings, value) else {
      let found =
        if case .string(let text) = value { text } else if case .number(let number) = value {
          formatNumber(number)
        } else { value.typeName }
      throw ShellFault.badSetting(name, value: found, expected: setting.expected)
    }
  }
}

/// One setting: its name, how it is read and how it is written.
struct Setting: Sendable {
  let name: String
  let summary: String
  let expected: String
  /// All values, where they are few words.
  var choices: [String] = []
  let read: @Sendable (Settings) -> Value
  /// False when the value does not fit.
  let write: @Sendable (inout Settings, Value) -> Bool

  static let all: [Setting] = [
    Setting(
      name: "format", summary: "how results print", expected: "table, json or csv",
      choices: ["table", "json", "csv"],
      read: { .string($0.format) },
      write: { settings, value in
        guard case .string(let name) = value, Renderers.named(name) != nil else { return false }
        settings.format = name
        return true
      }),
    Setting(
      name: "precision", summary: "significant digits in tables", expected: "a whole number from 1 to 17",
      read: { Value($0.precision) },
      write: { write($1, in: 1...17, to: \.precision, of: &$0) }),
    Setting(
      name: "color", summary: "colour in tables and heat maps", expected: "auto, always or never",
      choices: Settings.Color.allCases.map(\.rawValue),
      read: { .string($0.color.rawValue) },
      write: { settings, value in
        guard case .string(let name) = value, let color = Settings.Color(rawValue: name) else { return false }
        settings.color = color
        return true
      }),
    Setting(
      name: "max_rows", summary: "rows a table shows on a terminal", expected: "a positive whole number",
      read: { Value($0.maxRows) },
      write: { write($1, in: 1...Int.max, to: \.maxRows, of: &$0) }),
    Setting(
      name: "max_memory", summary: "working memory of a command",
      expected: "a size such as \"512M\" or \"2G\"",
      read: { .string(ByteSize.text($0.maxMemory)) },
      write: { settings, value in
        guard case .string(let text) = value, let bytes = ByteSize.bytes(text) else { return false }
        settings.maxMemory = bytes
        return true
      }),
    Setting(
      name: "max_turns", summary: "turns a loop takes before it ends in an error",
      expected: "a positive whole number",
      read: { Value($0.maxTurns) },
      write: { write($1, in: 1...Int.max, to: \.maxTurns, of: &$0) }),
    Setting(
      name: "seed", summary: "seed of everything random", expected: "a whole number from 0 to 2^53",
      read: { Value($0.seed) },
      write: { write($1, in: 0...(1 << 53), to: \.seed, of: &$0) }),
    Setting(
      name: "threads", summary: "OpenBLAS and worker threads", expected: "a whole number from 1 to 256",
      read: { Value($0.threads) },
      write: { write($1, in: 1...256, to: \.threads, of: &$0) }),
    Setting(
      name: "quiet", summary: "no confirmations, timings and notes", expected: "true or false",
      choices: ["true", "false"],
      read: { .bool($0.isQuiet) },
      write: { settings, value in
        guard case .bool(let isQuiet) = value else { return false }
        settings.isQuiet = isQuiet
        return true
      }),
    Setting(
      name: "pager", summary: "show what is taller than the terminal through $PAGER", expected: "on or off",
      choices: ["on", "off"],
      read: { .string($0.usesPager ? "on" : "off") },
      write: { settings, value in
        switch value {
        case .string("on"), .bool(true): settings.usesPager = true
        case .string("off"), .bool(false): settings.usesPager = false
        default: return false
        }
        return true
      }),
    Setting(
      name: "tolerance", summary: "relative difference that expectations allow",
      expected: "a number from 0 to 1",
      read: { .number($0.tolerance) },
      write: { settings, value in
        guard case .number(let number) = value, (0...1).contains(number) else { return false }
        settings.tolerance = number
        return true
      }),
  ]

  /// All settings with their values.
  static func table(_ settings: Settings) -> Table {
    Table(
      columns: ["setting", "value", "meaning"],
      rows: all.map { [.string($0.name), $0.read(settings), .string($0.summary)] })
  }

  static func named(_ name: String) throws -> Setting {
    guard let setting = all.first(where: { $0.name == name }) else {
      throw ShellFault.unknownSetting(name, known: all.map(\.name))
    }
    return setting
  }

  private static func write(
    _ value: Value, in range: ClosedRange<Int>, to path: WritableKeyPath<Settings, Int>,
    of settings: inout Settings
  ) -> Bool {
    guard case .number(let number) = value, let whole = Int(exactly: number), range.contains(whole) else {
      return false
    }
    settings[keyPath: path] = whole
    return true
  }
}

/// Sizes as people write them: `512M`, `2G`, `1.5G`, `65536`. Powers of 1024.
package enum ByteSize {
  package static func bytes(_ text: String) -> Int? {
    var digits = text.uppercased()
    if digits.hasSuffix("B") { digits.removeLast() }
    var scale = 1.0
    if let unit = digits.last, let power = "KMGT".firstIndex(of: unit) {
      scale = Double(1 << (10 * ("KMGT".distance(from: "KMGT".startIndex, to: power) + 1)))
      digits.removeLast()
    }
    guard let number = Double(digits), number * scale >= 1, number * scale < Double(Int.max) else {
      return nil
    }
    return Int(number * scale)
  }

  /// Rounded up to a whole unit, for messages: `34 MB`.
  static func rounded(_ bytes: Int) -> String { roundedSize(bytes) }

  /// Reads back exactly.
  static func text(_ bytes: Int) -> String {
    for (unit, shift) in [("G", 30), ("M", 20), ("K", 10)] where bytes % (1 << shift) == 0 {
      return "\(bytes >> shift)\(unit)"
    }
    return "\(bytes)"
  }
}
