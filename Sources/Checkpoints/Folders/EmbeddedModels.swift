import Files
import SystemCalls

/// The models that are built into the program, as files beside the executable.
///
/// `Bundle.module` is not used: it ends the process when the files are not where the build put them.
struct EmbeddedModels {
  /// The folder the running program lies in, without symbolic links.
  let executableFolder: String

  static let names = ["demo"]

  /// Nil when the system does not tell where the program is.
  static func ofRunningProgram() -> EmbeddedModels? {
    executablePath().map { EmbeddedModels(executableFolder: parentFolder($0)) }
  }

  /// Where a model may lie: as the build leaves it, then as an installation would.
  func places(for name: String) -> [String] {
    #if canImport(Darwin)
      let bundle = "ipsh_Checkpoints.bundle"
    #else
      let bundle = "ipsh_Checkpoints.resources"
    #endif
    return ["\(executableFolder)/\(bundle)/\(name)", "\(parentFolder(executableFolder))/share/ipsh/\(name)"]
  }

  /// - Throws: ``CheckpointFault/embeddedMissing(name:places:)``.
  func folder(of name: String) throws -> String {
    let places = places(for: name)
    guard let found = places.first(where: isFolder) else {
      throw CheckpointFault.embeddedMissing(name: name, places: places)
    }
    return found
  }

  private static func executablePath() -> String? {
    #if canImport(Darwin)
      var size = UInt32(PATH_MAX)
      var buffer = [CChar](repeating: 0, count: Int(size))
      guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
      return resolvedPath(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
    #else
      return resolvedPath("/proc/self/exe")
    #endif
  }
}
