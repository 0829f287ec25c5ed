/// All targets by name.
package enum FuzzTargets {
  package static let names = ["arrays", "history", "json", "language", "safetensors", "tasks", "tokenizer"]

  package static func target(named name: String) throws -> (any FuzzTarget)? {
    switch name {
    case "arrays": try ArraysTarget()
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
