import Files

/// The models that come with the program, as files that are found from where its executable lies.
///
/// `Bundle.module` is not used: it falls back to the folder of the build, which may be gone, and then ends the process.
struct EmbeddedModels {
  /// The folder the running program lies in, without symbolic links.
  let executableFolder: String

  static let names = ["demo", "demo-gpt2"]

  /// Nil when the system does not tell where the program is.
  static func ofRunningProgram() -> EmbeddedModels? {
    executablePath().map { EmbeddedModels(executableFolder: parentFolder($0)) }
  }

  /// Where a model may lie: as `scripts/install` puts it, then as the build leaves it.
  func places(for name: String) -> [String] {
    #if canImport(Darwin)
      let bundle = "ipsh_Checkpoints.bundle"
    #else
      let bundle = "ipsh_Checkpoints.resources"
    #endif
    return [
      "\(parentFolder(executableFolder))/share/ipsh/models/\(name)", "\(executableFolder)/\(bundle)/\(name)",
    ]
  }

  /// - Throws: ``CheckpointFault/embeddedMissing(name:places:)``.
  func folder(of name: String) throws -> String {
    let places = places(for: name)
    guard let found = places.first(where: isFolder) else {
      throw CheckpointFault.embeddedMissing(name: name, places: places)
    }
    return found
  }
}
