import Faults
import Language
import Scripting
import Workbench

/// `--verify` and `--bless`: a script that is run to compare its results.
struct Replay {
  private let options: Options
  private let console: Console
  private let interpreter: Interpreter

  /// - Parameter interpreter: with a fresh session.
  init(_ options: Options, _ interpreter: Interpreter, _ console: Console) {
    self.options = options
    self.interpreter = interpreter
    self.console = console
  }

  /// Runs `scripts` one after the other: the `-c` texts and the script. Nothing runs when an expectation in one of
  /// them belongs to no command.
  func run(_ scripts: [Script]) throws -> Main.Status {
    let verifications: [Verification]
    do { verifications = try scripts.map(Verification.init) } catch {
      Terminal.report(error, to: console)
      return .usage
    }
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
      interpreter.abandon()
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
      let missing = verification.missing
      try summarize(
        "\(verification.name): \(count) expectation\(count == 1 ? "" : "s") rewritten\(missing)")
      return missing.isEmpty ? .success : .different
    } catch let fault as any Fault {
      Terminal.report(fault, to: console)
      return .failure
    }
  }

  private func summarize(_ text: String) throws {
    if !options.quiet { try console.write(line: text) }
  }
}
