import Faults

/// What can be wrong with a setting.
enum SettingFault: StatedFault {
  case unknownSetting(String, known: [String])
  case badSetting(String, value: String, expected: String)

  package var sentence: FaultSentence {
    switch self {
    case .unknownSetting(let name, let known):
      (
        "unknown-setting", "there is no setting `\(name)`",
        didYouMean(closest(to: name, in: known)) ?? listed("settings", known)
      )
    case .badSetting(let name, let value, let expected):
      ("bad-setting", "`\(name)` expects \(expected), found `\(value)`", nil)
    }
  }
}
