import ExactText
import Language
import Measurement
import Results

struct TaskCommand: BenchCommand {
  let name = "task"
  let changesSession = true
  let group = CommandGroup.session
  let summary = "read a task from a file, take rows of one, or list the built-in ones"
  let discussion = """
    Lines with tabs (.tsv), CSV (RFC 4180, also with semicolons), JSON: an object or list a line (.jsonl) or a list
    of them (.json); or sentences, one a line (.txt). Columns that have names, in JSON or in the first row, are
    found by them, in any order: masked, sentence (with [MASK], ***mask*** or <mask>), correct, wrong, case; labels,
    sentence (or text), label; pairs, sentence_good, sentence_bad, UID, pairID (BLiMP), sen, wrong_sen, phenomenon
    (MultiBLiMP), sent_more, sent_less, bias_type (CrowS-Pairs) or good, bad, case; text, sentence. Without names:
    masked task, case, sentence, correct, wrong (Goldberg), or the last three; pairs task, case, good, bad (Marvin
    and Linzen) or good, bad, texts that are alike; labels sentence, label. Of CrowS-Pairs the more stereotypical
    sentence counts as good, whatever stereo_antistereo says, as in its metric, so that accuracy is the share of
    pairs in which the model prefers it; scores are over all tokens, not only those that both sentences have. Pairs
    of texts, of which a causal model reads what stands before the answer: clean_prefix, patch_prefix, clean_answer,
    patch_answer, case (Marks et al. 2024); clean, corrupted, and correct, incorrect, words exactly as written, or
    correct_idx, incorrect_idx with answers=ids; clean, corrupted, label, two digits that the right ones exceed
    (Hanna et al. 2023). A counterfactual may stand in a column of that name, and without names as the sixth of
    masked rows; where its number of tokens is another the row is a bad one. What the rows are tell the names, the
    number of columns and the extension, or format=. Bad rows are left out with a warning, or refused with strict.
    Labels are names of the model's classes or their numbers from 0; where all of them can be both, labels= says
    which. The built-in tasks have names of their own in any expression: `patterns sva_obj rows=20`. A label as a
    case is in quotes: case="1".
    """
  let parameters: [Parameter] =
    [
      .optional("source", .taskSource, "a file, or a task to take rows of"),
      .option(
        "format", .word(MeasurementTask.Kind.allCases.map(\.rawValue)), "what the rows of the file are"),
      .option(
        "labels", .word(MeasurementTask.LabelMeaning.allCases.map(\.rawValue)),
        "what the labels are: names of classes or their numbers from 0"),
      .option(
        "answers", .word(MeasurementTask.Answers.allCases.map(\.rawValue)),
        "of prefixes: words (default), or ids, numbers of entries of the model's vocabulary"),
      .option("as", .name(.newName), "the variable that gets it"),
    ] + TaskOptions.parameters
  let example = #"""
    task
    task sva_obj case=SP rows=10 as=sp
    for r in sp.rows { print r.line r.sentence r.correct }
    """#

  func check(_ arguments: Arguments, in bench: Bench) throws -> Value {
    let isUnknown = arguments["source"]?.value.holdsUnknown ?? false
    let isWritten =
      arguments.string("source").map { bench.session.dryRun?.hasWritten($0) ?? false } ?? false
    guard isUnknown || isWritten else { return try run(arguments, in: bench) }
    if let name = arguments.string("as") { bench.session.variables[name] = .unknown() }
    return .unknown()
  }

  func run(_ arguments: Arguments, in bench: Bench) throws -> Value {
    guard let source = arguments["source"] else { return try listed(arguments) }
    var task = try TaskOptions.chosen(task(source, arguments, bench), arguments)
    if let name = arguments.string("as") { task = task.renamed(name) }
    if let meaning = arguments.string("labels") {
      guard task.kind == .labels else {
        throw CallFault.ignoredOption("labels", reason: "\(task.name) holds \(task.kind.noun)")
          .located(arguments.span(of: "labels"))
      }
      task.labelMeaning = MeasurementTask.LabelMeaning(rawValue: meaning)
    }
    let value = Value.object(TaskValue(task: task))
    if let name = arguments.string("as") { bench.session.variables[name] = value }
    return value
  }

  private func task(_ source: Arguments.Bound, _ arguments: Arguments, _ bench: Bench) throws
    -> MeasurementTask
  {
    switch source.value {
    case .string(let path): return try file(path, arguments, bench)
    case .object(let object):
      guard let task = object as? TaskValue else { break }
      for option in ["format", "strict", "answers"] {
        try arguments.refuse(option, because: "the task's rows are read already")
      }
      return task.task
    default: break
    }
    throw ValueFault.wrongType(expected: "a file or a task", found: source.value.typeName, what: "`source`")
      .located(source.span)
  }

  private func file(_ path: String, _ arguments: Arguments, _ bench: Bench) throws
    -> MeasurementTask
  {
    bench.session.noteRead(file: path)
    // Reading is no computation: a check does it as well.
    let task = try MeasurementTask(
      name: Self.name(of: path), bytes: ScriptFile.bytes(at: path), path: path,
      kind: arguments.string("format").flatMap(MeasurementTask.Kind.init(rawValue:)),
      answers: arguments.string("answers").flatMap(MeasurementTask.Answers.init(rawValue:)) ?? .words,
      strict: arguments.flag("strict"), check: bench.session.checkInterruption)
    if task.kind != .prefixes {
      try arguments.refuse("answers", because: "\(task.name) holds \(task.kind.noun)")
    }
    try bench.tellOfEntries(task, at: arguments.span)
    bench.warn(
      of: task.badRows, among: task.rows.count + task.badRows.count, in: task, at: arguments.span)
    return task
  }

  /// The file's name without folder and extension.
  static func name(of path: String) -> String {
    let file = path.split(separator: "/").last ?? ""
    return String(file.lastIndex(of: ".").map { file[..<$0] } ?? file)
  }

  private func listed(_ arguments: Arguments) throws -> Value {
    try arguments.refuse(parameters.dropFirst().map(\.name), because: "there is neither file nor task")
    let tasks = try BuiltInTasks.names.compactMap { try BuiltInTasks.task(named: $0) }
    let rows = tasks.map { task -> [Value] in
      [
        .string(task.name), .string(task.kind.rawValue), Value(task.rows.count),
        .string(task.cases.joined(separator: " ")), .string(task.rows[0].example),
      ]
    }
    return .table(Table(columns: ["task", "kind", "rows", "cases", "example"], rows: rows))
  }
}
