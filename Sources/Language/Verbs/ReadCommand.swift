import ExactText
import Faults
import JSONReading
import Rendering
import Results

struct ReadCommand: LanguageCommand {
  let name = "read"
  let group = CommandGroup.session
  let summary =
    "read a file as a value: tables from .csv .tsv .jsonl, arrays from .npy .npz .safetensors, .json"
  let discussion = """
    .csv .tsv: a table; the first row names the columns. An empty cell is null; what spells a number, true or false is one; all
    else, and in CSV what stands in quotes, is text. CSV that `save` wrote reads back equal. Of TSV \\t \\n \\r \\\\ in a cell
    are tab, line ends and backslash. .jsonl: a table of objects, a list of other values; a line each.
    .json: records, lists, numbers and strings come back as they were saved, NaN and infinities too (NaN, Infinity,
    -Infinity); patterns come back as patterns, so that they can be compared, plotted and indexed again. .npy: a tensor
    (float32, float16), else a number, bool or text or a list of them. .npz (also compressed) and .safetensors: a record
    with a field for each array; nested fields are named outer.inner, and what is no array comes back as it was from
    .safetensors, as JSON text from .npz. A file without extension is JSON. NumPy's arrays are read in either order of
    elements and bytes; not read are complex numbers, dates, Python objects and records.
    """
  let parameters: [Parameter] = [
    .required("file", .path, "the extension tells what it is: .csv .tsv .jsonl .json .npy .npz .safetensors"),
    .flag("uneven", "of tables: rows may lack cells, which are null then"),
    .option("header", .flag, "of .csv and .tsv: false for a list of rows, none of which names columns"),
    .option("separator", .text, "of .csv: what stands between cells (,), e.g. \";\""),
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
    save table([{head: 0, accuracy: 0.5}, {head: 1, accuracy: null}]) "heads.csv"
    read "heads.csv"
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
    let known = [".csv", ".tsv", ".jsonl", ".json", ".npy", ".npz", ".safetensors"]
    let found = FileFormats.fileExtension(of: path).lowercased()
    guard found.isEmpty || known.contains(found) else {
      throw UnreadExtension(path: path, known: known).located(arguments.span(of: "file"))
    }
    let isTable = [".csv", ".tsv", ".jsonl"].contains(found)
    if !isTable { try arguments.refuse("uneven", because: "\(path) is no file of rows") }
    if found != ".csv" { try arguments.refuse("separator", because: "\(path) is no .csv file") }
    if !isTable || found == ".jsonl" {
      try arguments.refuse("header", because: "\(path) has no row that names columns")
    }
    _ = try separator(arguments)
  }

  private func separator(_ arguments: Arguments) throws -> UInt8 {
    guard let text = arguments.string("separator") else { return UInt8(ascii: ",") }
    guard text.utf8.count == 1, let byte = text.utf8.first, byte != UInt8(ascii: "\""), byte != 0x0A else {
      throw ValueFault.wrongType(
        expected: "one character of ASCII, as \";\" or \"\\t\"", found: quoted(shortened(text, to: 20)),
        what: "`separator`"
      ).located(arguments.span(of: "separator"))
    }
    return byte
  }

  private func table(at path: String, _ notation: SeparatedTable.Notation, _ arguments: Arguments) throws
    -> Value
  {
    let table = SeparatedTable(
      path: path, notation: notation,
      separator: notation == .tabs ? 0x09 : try separator(arguments),
      hasHeader: arguments["header"].map { _ in arguments.flag("header") },
      allowsUneven: arguments.flag("uneven"))
    return try table.value(of: try ScriptFile.bytes(at: path))
  }

  func run(_ arguments: Arguments, in interpreter: Interpreter) throws -> Value {
    let path = arguments.string("file") ?? ""
    try checkExtension(of: path, arguments)
    switch FileFormats.fileExtension(of: path).lowercased() {
    case ".csv": return try table(at: path, .commas, arguments)
    case ".tsv": return try table(at: path, .tabs, arguments)
    case ".jsonl":
      return try JSONLines(path: path, allowsUneven: arguments.flag("uneven")).value(
        of: ScriptFile.bytes(at: path))
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
