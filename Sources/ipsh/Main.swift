import ArgumentParser
import Faults
import Foundation
import Language
import LineEditing
import Scripting
import SystemCalls
import Tensors
import Workbench

/// The process: flags, wiring, exit codes.
@main
struct Main {
  enum Status: Int32 {
    case success = 0
    case failure = 1
    case usage = 2
    /// `--verify` has found a difference.
    case different = 3
    case interrupted = 130
    /// By SIGTERM.
    case terminated = 143
  }

  static func main() {
    // A crash on a terminal must not wait for a key; read by the Swift runtime at its next start.
    Terminal.openMissingStreams()
    setenv("SWIFT_BACKTRACE", "enable=no", 0)
    prepare()
    // A write that fails says so itself.
    for number in [SIGPIPE, SIGXFSZ] { signal(number, SIG_IGN) }
    if JupyterCommand.isAskedFor { JupyterCommand.run() }
    let options: Options
    do { options = try Options.parse() } catch { leave(explaining: error, reportsJSON: false) }
    if let editor = options.editorSyntax {
      leave(writing: editor.file(for: .standard), reportsJSON: options.reportsJSON)
    }
    if options.version { leave(writing: Version.text + "\n", reportsJSON: options.reportsJSON) }
    do { exit(try Program(options).run().rawValue) } catch {
      leave(explaining: error, reportsJSON: options.reportsJSON)
    }
  }

  /// What has to be so before libraries are used.
  private static func prepare() {
    do {
      let (isRaised, isShared) = (try StackLimit.raise(), AddressSpace.shareHeap())
      KernelSelection.restartWithFasterKernels(orIf: isRaised || isShared)
      try AddressSpace.reserve(threads: BLAS.threads)
    } catch {
      Terminal.report(
        error, to: Terminal.console(environment: ProcessInfo.processInfo.environment, reportsJSON: false))
      // The matrix library would wait for its threads, which wait for memory.
      _exit(Status.failure.rawValue)
    }
  }

  static func leave(writing text: String, reportsJSON: Bool) -> Never {
    let console = Terminal.console(
      environment: ProcessInfo.processInfo.environment, reportsJSON: reportsJSON)
    do {
      try console.write(text)
      exit(Status.success.rawValue)
    } catch {
      Terminal.report(error, to: console)
      exit(Status.failure.rawValue)
    }
  }

  /// `--help` is a success; everything else the parser throws is a usage error.
  static func leave(
    explaining error: any Error, of command: any ParsableCommand.Type = Options.self, reportsJSON: Bool
  ) -> Never {
    let console = Terminal.console(
      environment: ProcessInfo.processInfo.environment, reportsJSON: reportsJSON)
    if error is Console.Closed || error is any Fault {
      Terminal.report(error, to: console)
      exit(Status.failure.rawValue)
    }
    let text = command.fullMessage(for: error) + "\n"
    if command.exitCode(for: error).isSuccess { leave(writing: text, reportsJSON: reportsJSON) }
    console.explain(text)
    exit(Status.usage.rawValue)
  }
}
