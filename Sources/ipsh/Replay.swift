import Faults
import Scripting
import Shell

/// `--verify` and `--bless`: scripts that are run to compare their results.
struct Replay {
  private let options: Options
  private let environment: [String: String]
  private let console: Console

  init(_ options: Options, _ environment: [String: String], _ console: Console) {
    self.options = options
    self.environment = environment
    self.console = console
  }

  func run() throws -> Main.Status {
    let verifications: [[Verification]]
    do { verifications = try parsed() } catch {
      Terminal.report(error, to: console)
      return error is Interrupted ? .interrupted : .usage
    }
    var status = Main.Status.success
    for verification in verifications {
      switch try replay(verification) {
      case .interrupted: return .interrupted
      case .failure: status = .failure
      case .different: if status == .success { status = .different }
      case .success, .usage: break
      }
    }
    return status
  }

  /// Each script with the `-c` texts that run before it. Nothing runs when one of them does not parse.
  private func parsed() throws -> [[Verification]] {
    let interpreter = try Program.interpreter(options, environment, console)
    let texts = try Program.texts(options).map(interpreter.parse)
    let scripts = try options.script.map {
      try $0 == "-" ? Program.standardInput() : ScriptFile.source(at: $0)
    }
    let isInput = scripts.isEmpty && texts.isEmpty
    let files = try (isInput ? [try Program.standardInput()] : scripts).map(interpreter.parse)
    return files.isEmpty
      ? [texts.map(Verification.init)] : files.map { (texts + [$0]).map(Verification.init) }
  }

  /// Runs scripts one after the other in a fresh session.
  private func replay(_ verifications: [Verification]) throws -> Main.Status {
    let interpreter = try Program.interpreter(options, environment, console)
    do {
      if let model = options.model { try interpreter.loadFirst(model) }
      for verification in verifications where !interpreter.isFinished {
        try verification.run(in: interpreter) { text in
          if options.verify { try console.write(text) }
        }
      }
      try interpreter.finish()
    } catch {
      Terminal.report(error, to: console)
      try? interpreter.finish()
      for verification in verifications where options.verify { try summarize(verification.summary) }
      return error is Interrupted ? .interrupted : .failure
    }
    return options.verify ? try verdict(verifications) : try bless(verifications)
  }

  private func verdict(_ verifications: [Verification]) throws -> Main.Status {
    for verification in verifications { try summarize(verification.summary) }
    return verifications.allSatisfy(\.holds) ? .success : .different
  }

  /// The script is rewritten; the `-c` texts have no file.
  private func bless(_ verifications: [Verification]) throws -> Main.Status {
    guard let verification = verifications.last else { return .success }
    do {
      let count = try verification.bless(addsMissing: options.blessAll)
      try summarize("\(verification.name): \(count) expectation\(count == 1 ? "" : "s") rewritten")
      return .success
    } catch let fault as any Fault {
      Terminal.report(fault, to: console)
      return .failure
    }
  }

  private func summarize(_ text: String) throws {
    if !options.quiet { try console.write(text + "\n") }
  }
}
