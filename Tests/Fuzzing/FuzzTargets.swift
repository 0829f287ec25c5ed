/// All targets by name.
package enum FuzzTargets {
  /// Of scripts, which are checked and run; the others read what they are given.
  package static let scripts = ["check", "check-model"]
  package static let readers = [
    "arrays", "history", "json", "language", "pipeline", "requests", "safetensors", "tasks", "tokenizer",
    "torch",
  ]

  package static var names: [String] { readers + scripts }

  package static func target(named name: String) throws -> (any FuzzTarget)? {
    switch name {
    case "arrays": try ArraysTarget()
    case "check": try CheckTarget()
    case "check-model": try CheckTarget(model: checkout + "/Tests/Fixtures/golden/tiny-mlm")
    case "history": try HistoryTarget()
    case "json": JSONTarget()
    case "language": try LanguageTarget()
    case "pipeline": PipelineTarget()
    case "requests": try RequestsTarget()
    case "safetensors": try SafetensorsTarget()
    case "tasks": TaskTarget()
    case "torch": try TorchTarget()
    case "tokenizer": try TokenizerTarget()
    default: nil
    }
  }
}

/// The folder that holds Package.swift.
private let checkout = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
