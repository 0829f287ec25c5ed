import Language
import Results
import Tokenization
import Transformers

/// What `generate` added to a text.
struct GeneratedText: InterventionResult, StreamedResult {
  /// That was continued; nil where it was given by ids.
  let prompt: String?
  /// Tokens of it.
  let length: Int
  let tokens: [Generation.Token]
  let names: [String]
  /// What the tokens say, without the one that ends the text.
  let text: String
  /// Why there are no more: ``Generation/Ending``, or that the user stopped it.
  let stopped: String
  let choice: TokenChoice
  let seed: Int
  let interventions: [String]

  var typeName: String { "generated text" }
  var summary: String { text }

  var fields: Record {
    var fields: Record = prompt.map { ["prompt": .string($0)] } ?? [:]
    fields["text"] = .string(text)
    fields["tokens"] = .strings(names)
    fields["ids"] = .numbers(tokens.map(\.id))
    fields["probs"] = .list(tokens.map { .number($0.probability) })
    fields["stopped"] = .string(stopped)
    if case .sampled(let temperature, let top) = choice {
      fields["temperature"] = .number(temperature)
      if let top { fields["top"] = Value(top) }
      fields["seed"] = Value(seed)
    }
    fields.state(interventions)
    return fields
  }

  /// A row for each token, at its position in the whole text.
  var table: Table? {
    var table = Table(columns: ["position", "token", "id", "prob"])
    for (index, token) in tokens.enumerated() {
      table.append([
        Value(length + index), .string(names[index]), Value(Int(token.id)), .number(token.probability),
      ])
    }
    return table
  }

  var display: Value { .list((text.isEmpty ? [] : [.string(text)]) + rest) }

  var streamedText: String { text }
  var remainder: Value { .list(rest) }

  private var rest: [Value] {
    [table.map(Value.table) ?? .null, .string("stopped: \(stopped)")]
  }
}
