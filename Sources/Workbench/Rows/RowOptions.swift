import Faults
import Language
import Results
import Scripting

/// What verbs that work through rows or nodes have in common: a file that gets each row as soon as it is finished.
enum RowOptions {
  static let parameters: [Parameter] = [
    .option("file", .path, "gets each row as soon as it is finished"),
    .flag("resume", "go on with the file of an earlier run"),
    .option(
      "shard", .asWritten, "I/N: compute this share of the rows, into NAME.I-of-N.EXT; I from 0 to N-1"),
  ]

  /// - Throws: a fault for an option that has no use without a file.
  static func check(_ arguments: Arguments, _ verb: any Command) throws {
    guard arguments["file"] == nil else { return }
    if arguments.flag("resume") {
      throw RowFileFault(path: "", kind: verb.name, problem: .noFile("`resume` goes on with a file"))
        .located(arguments.span(of: "resume"))
    }
    guard arguments["shard"] != nil else { return }
    throw RowFileFault(path: "", kind: verb.name, problem: .noFile("a share goes into a file"))
      .located(arguments.span(of: "shard"))
  }
}

extension Parameter.Kind {
  /// The text as it stands in the script.
  static let asWritten = Parameter.Kind.custom(WrittenArgument())
}

private struct WrittenArgument: ArgumentKind {
  func value(of expression: Expression, in session: any CommandContext) throws -> Value {
    .string(expression.span.text)
  }
}

extension Bench {
  /// The rows of a computation that the arguments may give a file.
  func store<Row>(_ form: @autoclosure () throws -> RowForm<Row>, _ arguments: Arguments) throws -> RowStore<
    Row
  > {
    let form = try form()
    guard let path = rowFile(named: arguments.string("file")) else { return RowStore(count: form.count) }
    session.noteRowFile(arguments)
    return try session.locating(arguments.span(of: "file")) {
      if case .gathering(let count)? = session.sharing {
        do {
          return try RowStore(form, gathering: count, path: path) { warn("gather-other-computing", $0) }
        } catch let missing as MissingShares {
          throw session.skippingRest(missing, at: arguments.span(of: "file"))
        }
      }
      let shard = try shard(arguments)
      let store = try RowStore(
        form, path: path, shard: shard, resumes: arguments.flag("resume") || shard != nil)
      tellRead(store)
      return store
    }
  }

  /// The value of a command that has computed a share of its rows.
  func shareValue(_ arguments: Arguments) -> Value {
    guard session.sharing?.shard == nil else { return .unknown() }
    if let path = arguments.string("file"), let shard = try? shard(arguments) {
      session.note("share \(shard) is in \(shard.path(of: path)); `merge` puts the shares together")
    }
    return .null
  }

  /// Where the rows of a computation go; nil when it is to keep them to itself. A replay that compares results computes
  /// every row anew: a file that it read could hold anything.
  private func rowFile(named path: String?) -> String? {
    guard let path, session.isVerifying else { return path }
    session.note("every row is computed: \(path) is neither read nor written when results are compared")
    return nil
  }

  private func shard(_ arguments: Arguments) throws -> Shard? {
    guard let argument = arguments["shard"], case .string(let text) = argument.value else {
      return session.sharing?.shard
    }
    return try session.locating(argument.span) { try Shard(text) }
  }

  private func warn(_ code: String, _ message: String) {
    session.warn(Diagnostic(.warning, code: code, message, at: nil))
  }

  /// Says where to go on after an interruption.
  func tellKept<Row>(_ store: RowStore<Row>) {
    guard let path = store.path else { return }
    session.note("\(store.extent) are in \(path); the same command with `resume` goes on")
  }

  /// Says that rows were read that this run has not computed.
  private func tellRead<Row>(_ store: RowStore<Row>) {
    guard let path = store.path else { return }
    if store.wasTorn { session.note("the last line of \(path) was cut off and is dropped") }
    if let other = store.otherComputing {
      warn("rows-other-computing", "rows of \(path) were computed with \(other)")
    }
    guard !store.finished.isEmpty else { return }
    warn(
      "rows-read",
      "\(store.finished.count) of \(store.finished.count + store.pending.count) rows come from \(path) and are not computed"
    )
  }
}
