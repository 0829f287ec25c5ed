import ExactText
import Faults
import JSONReading
import Rendering
import Results

struct ReadCommand: LanguageCommand {
  let name = "read"
  let group = CommandGroup.session
  let summary = "read a saved .json .npy .npz or .safetensors file back as a value"
  let discussion = """
    .json: records, lists, numbers and strings come back as they were saved, NaN and infinities too (NaN, Infinity,
    -Infinity); patterns come back as patterns, so that they can be compared, plotted and indexed again. .npy: a tensor
    (float32, float16), else a number, bool or text or a list of them. .npz (also compressed) and .safetensors: a record
    with a field for each array; nested fields are named outer.inner, and what is no array comes back as it was from
    .safetensors, as JSON text from .npz. A file without extension is JSON. NumPy's arrays are read in either order of
    elements and bytes; not read are complex numbers, dates, Python objects and records.
    """
  let parameters: [Parameter] = [
    .required("file", .path, "a file that `save` wrote: .json .npy .npz .safetensors")
  ]
  let example = #"""
    load "demo"
    text "the author that the guards like [MASK] young ."
    qoi is - are
    save patterns(points=10) "patterns.json"
    let p = read("patterns.json")
    print p.words[2].embedding.nodes
    save {pattern: L2.pattern, scores: [0.1, 2]} "arrays.npz"
    let r = read("arrays.npz")
    print r.scores
    stats r.pattern
    """#

  /// What a file holds is for a run to find out.
  func check(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let path = arguments.string("file") ?? ""
    guard arguments["file"]?.value.holdsUnknown == false else { throw ComputationSkipped() }
    try checkExtension(of: path, arguments)
    if interpreter.dryRun?.hasWritten(path) == false { try ScriptFile.checkReadable(path) }
    throw ComputationSkipped()
  }

  private func checkExtension(of path: String, _ arguments: Arguments) throws {
    let known = [".json", ".npy", ".npz", ".safetensors"]
    let found = FileFormats.fileExtension(of: path).lowercased()
    guard found.isEmpty || known.contains(found) else {
      throw UnreadExtension(path: path, known: known).located(arguments.span(of: "file"))
    }
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let path = arguments.string("file") ?? ""
    try checkExtension(of: path, arguments)
    switch FileFormats.fileExtension(of: path).lowercased() {
    case ".npy": return try ArrayFiles.npy(at: path)
    case ".npz": return try ArrayFiles.npz(at: path)
    case ".safetensors": return try ArrayFiles.safetensors(at: path)
    default: return try json(at: path, interpreter)
    }
  }

  private func json(at path: String, _ interpreter: Interpreter) throws -> Value {
    do {
      let value = try Value(JSONReader.read(ScriptFile.bytes(at: path), .saved))
      return try interpreter.domain.object(savedAs: value, in: path).map(Value.object) ?? value
    } catch let problem as JSONProblem {
      // The sentence continues the name of the file.
      throw InputOutputFault.malformed(path + problem.sentence)
    }
  }
}

extension Value {
  /// - Throws: ``Interrupted``.
  package init(_ json: JSONValue) throws {
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
