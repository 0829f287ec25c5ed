import ExactText
import Faults
import Files

/// Finds the files of a model from what the user calls it.
public enum ModelLocator {
  /// The names of the models that are built in.
  public static var embedded: [String] { EmbeddedModels.names }

  /// `hf:org/name` of every model in the local Hugging Face cache, sorted; empty without a cache.
  public static func cached(environment: [String: String]) -> [String] {
    HubCache(environment: environment)?.repositories.map { "hf:\($0)" } ?? []
  }

  /// What is in the local Hugging Face cache of `hf:org/name`: names in natural order, then commits without one.
  ///
  /// - Throws: ``CheckpointFault/repository(_:)`` when nothing is; ``Interrupted``.
  public static func revisions(of model: String, environment: [String: String]) throws -> [CachedRevision] {
    let repository = String(model.dropFirst("hf:".count))
    guard model.hasPrefix("hf:"), isRepositoryName(repository) else {
      throw CheckpointFault.repository(.noRepository(model))
    }
    guard let cache = HubCache(environment: environment) else {
      throw CheckpointFault.repository(.noCache)
    }
    return try cache.revisions(of: repository)
  }

  /// `hf:org/name@revision` for `hf:org/name` and a revision; without one `model` as it is.
  ///
  /// - Throws: ``CheckpointFault/repository(_:)`` when `model` is none of the cache, or names a revision itself.
  public static func specifier(_ model: String, revision: String?) throws -> String {
    guard let revision else { return model }
    guard model.hasPrefix("hf:") else {
      throw CheckpointFault.repository(.revisionOfAPath(model, revision: revision))
    }
    guard !model.contains("@") else {
      throw CheckpointFault.repository(.twoRevisions(model, revision: revision))
    }
    return "\(model)@\(revision)"
  }

  /// `hf:org/name` for a name that is no folder here and that the local Hugging Face cache has; nil for any other.
  ///
  /// - Parameter name: may end in `@revision`.
  public static func cachedName(of name: String, environment: [String: String]) -> String? {
    let repository = name.split(separator: "@").first.map(String.init) ?? name
    let path = expandingHome(name, environment)
    guard !embedded.contains(name), isRepositoryName(repository), !isFolder(path), !isFile(path),
      cached(environment: environment).contains("hf:\(repository)")
    else { return nil }
    return "hf:\(name)"
  }

  /// The path to give to ``ModelFolder/init(path:)``.
  ///
  /// - Parameter specifier: the name of an embedded model; `hf:org/name` or `hf:org/name@revision` for a snapshot in
  ///   the local Hugging Face cache; else a path to a folder or to a file of weights (`.safetensors`, `.bin`), where a leading `~` stands
  ///   for the home folder. A folder that is called as an embedded model is reached as `./demo`.
  /// - Throws: ``CheckpointFault`` when nothing is there, with the closest name that is, or another kind of file.
  public static func folder(for specifier: String, environment: [String: String]) throws -> String {
    if embedded.contains(specifier) {
      guard let models = EmbeddedModels.ofRunningProgram() else {
        throw CheckpointFault.embeddedMissing(name: specifier, places: ["/proc/self/exe"])
      }
      return try models.folder(of: specifier)
    }
    if specifier.hasPrefix("hf:") {
      return try snapshot(String(specifier.dropFirst(3)), environment: environment)
    }
    let path = expandingHome(specifier, environment)
    if isFolder(path) || isFile(path) && WeightsFormat.isRead(path) { return path }
    if isFile(path) { throw CheckpointFault.notAModel(file: path) }
    let closest = suggestion(for: path, environment)
    if closest == nil, isRepositoryName(specifier), let cache = HubCache(environment: environment) {
      throw CheckpointFault.neither(name: specifier, cache: cache.path)
    }
    throw CheckpointFault.noFolder(path: path, closest: closest)
  }

  private static func snapshot(_ text: String, environment: [String: String]) throws -> String {
    let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let revision = parts.count == 2 ? parts[1] : "main"
    guard isRepositoryName(parts[0]), isSafePath(revision) else {
      throw CheckpointFault.repository(.malformed("hf:\(text)"))
    }
    guard let cache = HubCache(environment: environment) else {
      throw CheckpointFault.repository(.noCache)
    }
    return try cache.snapshot(of: parts[0], revision: revision)
  }

  /// `name` or `org/name`, of letters, digits, `-`, `_` and `.`.
  private static func isRepositoryName(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return (1...2).contains(parts.count) && isSafePath(text) && !text.contains("--")
  }

  private static func isSafePath(_ text: String) -> Bool {
    text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
        && part.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
            || "-_.".unicodeScalars.contains($0)
        }
    }
  }

  private static func suggestion(for path: String, _ environment: [String: String]) -> String? {
    let parent = parentFolder(path)
    if let sibling = closest(to: lastComponent(path), in: namesInFolder(parent)) {
      return path.contains("/") ? "\(parent)/\(sibling)" : sibling
    }
    let known = embedded + cached(environment: environment)
    return closest(to: path, in: known)
      ?? known.first { $0.hasSuffix("/\(path)") || $0 == "hf:\(path)" }
  }
}

/// `~` and `~/...` with the value of HOME; other paths as they are.
func expandingHome(_ path: String, _ environment: [String: String]) -> String {
  guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty else {
    return path
  }
  return home + path.dropFirst()
}
