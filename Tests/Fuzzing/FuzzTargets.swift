/// All targets by name.
package enum FuzzTargets {
  package static let names = ["history", "json", "language", "safetensors", "tasks", "tokenizer"]

  package static func target(named name: String) throws -> (any FuzzTarget)? {
    switch name {
    case "history": try HistoryTarget()
    case "json": JSONTarget()
    case "language": try LanguageTarget()
    case "safetensors": try SafetensorsTarget()
    case "tasks": TaskTarget()
    case "tokenizer": try TokenizerTarget()
    default: nil
    }
  }
}
