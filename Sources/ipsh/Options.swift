import ArgumentParser
import ExactText
import Language

/// The command line, as `ipsh --help` explains it.
struct Options: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipsh", abstract: "A shell for looking at how information flows through a transformer.")

  @Option(
    name: .customShort("c"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp("Run TEXT; repeatable, in order, before SCRIPT.", valueName: "text"))
  var texts: [String] = []

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Load MODEL before anything else.", valueName: "model"),
    completion: .directory)
  var model: String?

  @Flag(
    help:
      "Find what is wrong with the script, else estimate its time and memory; nothing is computed or written."
  )
  var check = false

  @Flag(help: "Replay the script and compare every result with its expectation, the `#=> ` lines below it.")
  var verify = false

  @Flag(help: "Replay the script and put new expectations in the place of those that differ.")
  var bless = false

  @Flag(help: "As --bless; commands that show something and have no expectation get one.")
  var blessAll = false

  @Option(help: "How results print: table, json or csv.", completion: .list(["table", "json", "csv"]))
  var format = "table"

  @Flag(help: "Print each command before its result, in a form that can be pasted back.")
  var echo = false

  @Option(
    help: ArgumentHelp(
      "Compute share I of N (I from 0 to N-1) of the rows of every command with file=NAME.EXT, into NAME.I-of-N.EXT; goes on with what is there.",
      valueName: "I/N"))
  var shard: String?

  @Option(
    help: ArgumentHelp(
      "Read the N shares of those commands instead of computing, write NAME.EXT, and run the script.",
      valueName: "N"))
  var gather: Int?

  @Flag(
    help: "Answer requests of another program: objects of JSON, one a line, on standard input and output.")
  var serve = false

  @Flag(name: .shortAndLong, help: "No banner, confirmations, timings or notes.")
  var quiet = false

  @Flag(help: "Skip the startup file.")
  var noInit = false

  @Option(help: "OpenBLAS and worker threads.")
  var threads: Int?

  @Option(help: "Seed of everything random.")
  var seed: Int?

  @Option(help: ArgumentHelp("Memory of values and computations, e.g. 2G.", valueName: "size"))
  var maxMemory: String?

  @Option(
    help: ArgumentHelp(
      "Print a syntax file of the language for an editor, vim or textmate.", valueName: "editor"),
    completion: .list(EditorSyntax.allCases.map(\.rawValue)))
  var editorSyntax: EditorSyntax?

  @Flag(help: "Show the version, its commit, and the BLAS library, kernels and threads that compute.")
  var version = false

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp(
      """
      A script and its arguments (ARGV); without one, a terminal starts the shell and other input is read as a script.
      """,
      valueName: "script"),
    completion: .file(extensions: ["ipscript"]))
  var script: [String] = []

  /// Errors and warnings take the form of the results.
  var reportsJSON: Bool { format == "json" }

  /// Whether the script is run to compare its results.
  var replays: Bool { verify || bless || blessAll }

  /// Whether the script's file is written.
  var rewrites: Bool { bless || blessAll }

  /// Everything behind the script is the script's; an unknown option before it is a mistake.
  func validate() throws {
    if let first = script.first, first.hasPrefix("-"), first != "-" {
      if first == "--help" || first == "-h" { throw CleanExit.helpRequest() }
      if first == "--experimental-dump-help" { throw CleanExit.message(Self._dumpHelp()) }
      throw ValidationError("unknown option \(first)")
    }
    try validateReplay()
    try validateSharing()
    try validateServing()
  }

  /// The session runs what it is sent, nothing else.
  private func validateServing() throws {
    guard serve else { return }
    let others = [
      ("-c", !texts.isEmpty), ("a script", !script.isEmpty), ("--check", check), ("--verify", verify),
      ("--bless", bless), ("--bless-all", blessAll), ("--echo", echo), ("--shard", shard != nil),
      ("--gather", gather != nil), ("--format", format != "table"),
    ]
    if let other = others.first(where: \.1) {
      throw ValidationError(
        "--serve runs what it is sent and has replies of its own form: leave out \(other.0)")
    }
  }

  /// How rows are divided among jobs.
  var sharing: Sharing? {
    get throws {
      if let gather {
        guard gather > 0 else { throw ValidationError("--gather: how many shares there are, at least 1") }
        guard shard == nil else { throw ValidationError("--shard computes a share, --gather reads them all") }
        return .gathering(gather)
      }
      guard let shard else { return nil }
      do { return .share(try Shard(shard)) } catch { throw ValidationError("--shard: \(error.message)") }
    }
  }

  private func validateSharing() throws {
    guard try sharing != nil else { return }
    if check || replays {
      throw ValidationError("--shard and --gather run a script, --check, --verify and --bless do not")
    }
    if script.isEmpty, texts.isEmpty { throw ValidationError("--shard and --gather run a script: name it") }
  }

  private func validateReplay() throws {
    guard replays else { return }
    if check { throw ValidationError("--check runs nothing, --verify and --bless do") }
    if verify && (bless || blessAll) { throw ValidationError("--verify and --bless exclude each other") }
    if !verify, script.first ?? "-" == "-" {
      throw ValidationError("--bless rewrites a file: name it")
    }
  }
}

extension EditorSyntax: ExpressibleByArgument {}
