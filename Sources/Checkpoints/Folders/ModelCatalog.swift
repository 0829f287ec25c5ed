import ExactText
import Faults
import Files

/// What can be loaded on this machine, by patterns. Nothing is downloaded.
public struct ModelCatalog {
  private let environment: [String: String]

  public init(environment: [String: String]) { self.environment = environment }

  /// What ``ModelLocator`` finds a model by, in natural order: of a pattern `hf:...` what is in the local Hugging Face cache;
  /// of another the embedded models and the folders that match; without one all embedded models and those of the cache.
  ///
  /// - Throws: ``CheckpointFault/noMatch(pattern:place:remedy:)`` where nothing matches a pattern; ``Interrupted``.
  public func models(matching pattern: String?) throws -> [String] {
    guard let pattern else {
      return embedded(nil) + (try cache.map { try inNaturalOrder($0.models()) } ?? [])
    }
    let found = try pattern.hasPrefix("hf:") ? cached(pattern) : embedded(pattern) + folders(pattern)
    guard found.isEmpty else { return try inNaturalOrder(found) }
    throw try noMatch(pattern)
  }

  private func inNaturalOrder(_ models: [String]) throws -> [String] {
    try models.interruptibleSorted(by: naturallyPrecedes)
  }

  private func embedded(_ pattern: String?) -> [String] {
    let pattern = pattern.map { NamePattern($0) }
    return EmbeddedModels.names.filter { name in
      (pattern?.matches(name) ?? true)
        && (try? ModelLocator.folder(for: name, environment: environment)) != nil
    }
  }

  // MARK: The cache

  private var cache: HubCache? { HubCache(environment: environment) }

  /// A part behind `@` is a pattern of revisions.
  private func cached(_ pattern: String) throws -> [String] {
    guard let cache else { throw CheckpointFault.repository(.noCache) }
    let parts = pattern.dropFirst("hf:".count).split(
      separator: "@", maxSplits: 1, omittingEmptySubsequences: false
    )
    .map { NamePattern(String($0)) }
    return try cache.models(
      in: { parts[0].matches($0) }, at: parts.count == 2 ? { parts[1].matches($0) } : nil)
  }

  // MARK: Folders

  /// Folders that hold a model, and of a pattern of files those files beside a configuration.
  private func folders(_ pattern: String) throws -> [String] {
    let namesFiles = WeightsFormat.isRead(pattern)
    return try paths(pattern).filter { path in
      try Interruption.check()
      let place = expandingHome(path, environment)
      let isModel =
        namesFiles
        ? isFile(place) && isFile("\(parentFolder(place))/config.json") : FolderHint.holdsModel(place)
      return isModel && !EmbeddedModels.names.contains(path)
    }
  }

  /// What is there, spelt as in the pattern. As in shells `*` does not begin with a dot, nor go beyond a `/`.
  private func paths(_ pattern: String) throws -> [String] {
    let parts = pattern.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    var (found, steps) = ([""], Steps())
    for (index, part) in parts.enumerated() {
      let separator = index == 0 ? "" : "/"
      let name = NamePattern(part)
      guard name.hasWildcards else {
        found = found.map { $0 + separator + part }
        continue
      }
      found = try found.interruptibleFlatMap { start in
        let folder = start.isEmpty ? (index == 0 ? "." : "/") : expandingHome(start, environment)
        return try interruptibleNames(inFolder: folder).filter {
          try steps.next()
          return name.matches($0) && (part.hasPrefix(".") || !$0.hasPrefix("."))
        }.map { start + separator + $0 }
      }
    }
    return found
  }

  // MARK: Nothing

  private func noMatch(_ pattern: String) throws -> CheckpointFault {
    if pattern.hasPrefix("hf:"), let cache {
      let name = pattern.dropFirst("hf:".count).filter { !"*?[]".contains($0) }
      let close = cache.close(to: String(name)).map { "hf:\($0)" }
      return .noMatch(
        pattern: pattern, place: "the \(cache.repositories.count) models in \(cache.path)",
        remedy: close.isEmpty
          ? "nothing is downloaded by this program; `hf download org/name` does"
          : "close to it: \(close.joined(separator: ", "))")
    }
    let matches = try paths(pattern).map { expandingHome($0, environment) }
    let (folders, files) = (matches.filter(isFolder), matches.filter(isFile))
    let fixed = pattern.split(separator: "/", omittingEmptySubsequences: false).prefix {
      !NamePattern(String($0)).hasWildcards
    }.joined(separator: "/")
    let place =
      switch (folders.count, files.count) {
      case (0, 0): fixed.isEmpty ? (pattern.hasPrefix("/") ? "/" : "the current folder") : fixed
      case (0, 1): "1 file that matches, without a config.json beside it"
      case (0, let files): "\(files) files that match, none of them weights beside a config.json"
      case (1, _): "1 folder that matches and holds no model"
      case (let folders, _): "\(folders) folders that match, none of which holds a model"
      }
    return .noMatch(
      pattern: pattern, place: place, remedy: folders.first.flatMap { FolderHint(folder: $0).text })
  }
}
