import Faults
import JSONReading
import Results

struct ReadCommand: Command {
  let name = "read"
  let group = CommandGroup.session
  let summary = "read a saved .json result back as a value"
  let discussion = """
    Records, lists, numbers and strings come back as they were saved; patterns come back as patterns, so that they can be
    compared, plotted and indexed again.
    """
  let parameters: [Parameter] = [.required("file", .path, "a .json file that `save` wrote")]
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    save patterns(points=10) "patterns.json"
    let p = read("patterns.json")
    print p.words[2].embedding.nodes
    """#

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let path = arguments.string("file") ?? ""
    do {
      let value = try Value(JSONReader.read(ScriptFile.bytes(at: path)))
      if let patterns = PatternSet(saved: value) { return .object(patterns) }
      if case .record(let record) = value, record["words"] != nil || record["sentences"] != nil {
        throw ShellFault.malformed(
          "\(path): looks like patterns, but a field is missing or does not fit the others")
      }
      return value
    } catch let problem as JSONProblem {
      // The sentence continues the name of the file.
      throw ShellFault.malformed(path + problem.sentence)
    }
  }
}

extension Value {
  /// - Throws: ``Interrupted``.
  init(_ json: JSONValue) throws {
    switch json {
    case .null: self = .null
    case .bool(let flag): self = .bool(flag)
    case .number(let text): self = .number(Double(text) ?? .nan)
    case .string(let text): self = .string(text)
    case .array(let elements): self = .list(try elements.interruptibleMap { try Value($0) })
    case .object(let object):
      let fields = try object.members.interruptibleMap { ($0.key, try Value($0.value)) }
      self = .record(Record(fields, uniquingKeysWith: { $1 }))
    }
  }
}
