import ArgumentParser
import ExactText
import Faults
import Foundation
import Language

/// `ipsh jupyter install`, `ipsh jupyter uninstall`.
struct JupyterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ipsh jupyter", abstract: "Run scripts in the cells of a Jupyter notebook.",
    subcommands: [Install.self, Uninstall.self])

  /// Where the first argument is the command's name; a script of that name is `./jupyter`.
  static var isAskedFor: Bool { CommandLine.arguments.dropFirst().first.map { $0 == "jupyter" } ?? false }

  /// Ends the process.
  static func run() -> Never {
    do {
      var command = try parseAsRoot(Array(CommandLine.arguments.dropFirst(2)))
      try command.run()
      Foundation.exit(Main.Status.success.rawValue)
    } catch { Main.leave(explaining: error, of: Self.self, reportsJSON: false) }
  }

  /// Where kernels are put, as `jupyter kernelspec install` takes it.
  struct Place: ParsableArguments {
    @Flag(help: "For this user alone, in $JUPYTER_DATA_DIR or the usual folder (default).")
    var user = false

    @Flag(help: "In the virtual or Conda environment that is active.")
    var sysPrefix = false

    @Option(help: ArgumentHelp("In FOLDER/share/jupyter.", valueName: "folder"), completion: .directory)
    var prefix: String?

    func validate() throws {
      let count = (user ? 1 : 0) + (sysPrefix ? 1 : 0) + (prefix == nil ? 0 : 1)
      guard count < 2 else { throw ValidationError("--user, --sys-prefix and --prefix exclude each other") }
    }

    var kernel: KernelFolder {
      get throws { try KernelFolder(in: folder(ProcessInfo.processInfo.environment)) }
    }

    private func folder(_ environment: [String: String]) throws -> String {
      if let prefix { return "\(URL(filePath: prefix).standardizedFileURL.path)/share/jupyter" }
      guard sysPrefix else { return try JupyterData.folder(environment) }
      let active = ["VIRTUAL_ENV", "CONDA_PREFIX"].compactMap { environment[$0] }.first { !$0.isEmpty }
      guard let active else { throw JupyterFault.noEnvironment }
      return "\(active)/share/jupyter"
    }
  }

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Put a kernel of this very program where Jupyter finds it. It needs ipykernel, from PyPI.")

    @OptionGroup var place: Place

    func run() throws {
      let kernel = try place.kernel
      try kernel.install()
      print("installed \(kernel.path)")
    }
  }

  struct Uninstall: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Take that kernel away.")

    @OptionGroup var place: Place

    func run() throws {
      let kernel = try place.kernel
      try kernel.remove()
      print("removed \(kernel.path)")
    }
  }
}

/// Where Jupyter has the data of a user.
enum JupyterData {
  /// As jupyter_core finds it.
  static func folder(_ environment: [String: String]) throws -> String {
    func set(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    if let folder = set("JUPYTER_DATA_DIR") { return folder }
    #if os(macOS)
      if let home = set("HOME") { return "\(home)/Library/Jupyter" }
    #else
      if let data = set("XDG_DATA_HOME") { return "\(data)/jupyter" }
      if let home = set("HOME") { return "\(home)/.local/share/jupyter" }
    #endif
    throw JupyterFault.noHome
  }
}

/// What keeps a kernel from being installed.
enum JupyterFault: StatedFault {
  case noEnvironment
  case noHome
  case notInstalled(path: String)
  case notOurs(path: String)
  case failed(path: String, reason: String)
  case unknownProgram

  var sentence: FaultSentence {
    switch self {
    case .noEnvironment:
      (
        "no-environment", "no virtual or Conda environment is active",
        "activate it, or name it: --prefix FOLDER"
      )
    case .noHome:
      (
        "no-home", "neither JUPYTER_DATA_DIR nor HOME says where kernels are",
        "name a folder: --prefix FOLDER"
      )
    case .notInstalled(let path): ("not-installed", "there is no kernel at \(path)", nil)
    case .notOurs(let path):
      ("not-ours", "\(path) holds other files than those of a kernel of ipsh", "move it away")
    case .failed(let path, let reason): ("unwritable", "\(path): \(reason)", nil)
    case .unknownProgram: ("unknown-program", "the system does not tell where this program lies", nil)
    }
  }
}
