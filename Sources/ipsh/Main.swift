#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif
import ArgumentParser
import Foundation
import LineEditing
import Scripting
import Shell
import Tensors

/// The process: flags, wiring, exit codes.
@main
struct Main {
  static let version = Release.version

  enum Status: Int32 {
    case success = 0
    case failure = 1
    case usage = 2
    /// `--verify` has found a difference.
    case different = 3
    case interrupted = 130
  }

  static func main() {
    // A crash on a terminal must not wait for a key; read by the Swift runtime at its next start.
    setenv("SWIFT_BACKTRACE", "enable=no", 0)
    KernelSelection.restartWithFasterKernels()
    let options: Options
    do { options = try Options.parse() } catch { leave(explaining: error) }
    if options.version {
      print("ipsh \(version)")
      exit(Status.success.rawValue)
    }
    signal(SIGPIPE, SIG_IGN)
    do { exit(try Program(options).run().rawValue) } catch { leave(explaining: error) }
  }

  /// `--help` is a success; everything else the parser throws is a usage error.
  private static func leave(explaining error: any Error) -> Never {
    let isSuccess = Options.exitCode(for: error).isSuccess
    let text = Options.fullMessage(for: error) + "\n"
    (isSuccess ? FileHandle.standardOutput : FileHandle.standardError).write(Data(text.utf8))
    exit((isSuccess ? Status.success : Status.usage).rawValue)
  }
}
