import Rendering
import Results

/// What `set` changes. Process-wide defaults come from the command line.
///
///     settings.precision = 7      // by the name of its declaration in ``SettingList``
@dynamicMemberLookup
package struct Settings: WatchedPart {
  /// Of those that were set: their contents, which are read all the time, with the values that `set` shows.
  private var chosen = WatchedTable<(content: any Sendable, value: Value)> { .setting($0) }

  package init() {}

  package subscript<Content>(dynamicMember setting: KeyPath<SettingList, Setting<Content>>) -> Content {
    get {
      let setting = SettingList.declared[keyPath: setting]
      return chosen[setting.name]?.content as? Content ?? setting.standard
    }
    set {
      let setting = SettingList.declared[keyPath: setting]
      chosen[setting.name] = (newValue, setting.value(newValue))
    }
  }

  /// The value of a setting, as `set` shows it.
  func value(of setting: any DeclaredSetting) -> Value {
    chosen[setting.name]?.value ?? setting.standardValue
  }

  /// Changes a setting by its name.
  ///
  /// - Throws: ``SettingFault``
  mutating func set(_ name: String, to value: Value) throws {
    let setting = try SettingList.named(name)
    guard let accepted = setting.accepted(value) else {
      throw SettingFault.badSetting(name, value: value.asTyped, expected: setting.expected)
    }
    chosen[name] = accepted
  }

  /// All settings with their values.
  var table: Table {
    Table(
      columns: ["setting", "value", "meaning"],
      rows: SettingList.all.map { [.string($0.name), value(of: $0), .string($0.summary)] })
  }

  package var writtenKeys: Set<StateKey> { chosen.writtenKeys }

  package mutating func begin(_ log: StatementLog) { chosen.begin(log) }
}

extension Value {
  /// For a message about a value that does not fit.
  fileprivate var asTyped: String {
    switch self {
    case .string(let text): text
    case .number(let number): formatNumber(number)
    default: typeName
    }
  }
}
