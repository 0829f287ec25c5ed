import ExactText
import Faults
import Files

/// The local cache of the Hugging Face hub: what its tools downloaded on this machine.
///
/// Layout: https://huggingface.co/docs/huggingface_hub/guides/manage-cache
/// `models--ORG--NAME/refs/REVISION` holds a commit, `models--ORG--NAME/snapshots/COMMIT/` the files.
struct HubCache {
  let path: String

  /// The cache that the Hugging Face tools would use; nil when no variable tells, HOME included.
  init?(environment: [String: String]) {
    func set(_ name: String) -> String? {
      environment[name].flatMap { $0.isEmpty ? nil : expandingHome($0, environment) }
    }
    if let cache = set("HF_HUB_CACHE") {
      path = cache
    } else if let home = set("HF_HOME") {
      path = "\(home)/hub"
    } else if let caches = set("XDG_CACHE_HOME") {
      path = "\(caches)/huggingface/hub"
    } else if let home = set("HOME") {
      path = "\(home)/.cache/huggingface/hub"
    } else {
      return nil
    }
  }

  /// `org/name` of every model with a snapshot, sorted.
  var repositories: [String] {
    namesInFolder(path).filter {
      $0.hasPrefix("models--") && !namesInFolder("\(path)/\($0)/snapshots").isEmpty
    }
    .map { $0.dropFirst("models--".count).split(separator: "--").joined(separator: "/") }
    .sorted()
  }

  /// The snapshot of a repository at a revision: a branch, a tag, or a commit or the beginning of one.
  func snapshot(of repository: String, revision: String) throws -> String {
    let folder = try folder(of: repository)
    if let commit = try commit(of: revision, in: folder), isFolder("\(folder)/snapshots/\(commit)") {
      return "\(folder)/snapshots/\(commit)"
    }
    let commits = namesInFolder("\(folder)/snapshots").filter { isBeginning(revision, of: $0) }
    guard let commit = commits.first, commits.count == 1 else {
      throw CheckpointFault.repository(
        commits.isEmpty
          ? .noRevision(repository, revision, revisions: try revisions(of: repository).map(\.name))
          : .severalCommits(repository, revision, commits))
    }
    return "\(folder)/snapshots/\(commit)"
  }

  /// What is there of a repository: every branch and tag that leads to a snapshot, and the snapshots that none leads to.
  /// Names come first, in natural order: `step2000` before `step10000`.
  ///
  /// - Throws: also ``Interrupted``.
  func revisions(of repository: String) throws -> [CachedRevision] {
    let folder = try folder(of: repository)
    func revision(_ name: String, _ commit: String) -> CachedRevision {
      CachedRevision(name: name, commit: commit, path: "\(folder)/snapshots/\(commit)")
    }
    let named = try references(in: folder).interruptibleSorted(by: naturallyPrecedes)
      .compactMap { name in
        // A file each, on whatever medium.
        try Interruption.check()
        return try commit(of: name, in: folder).map { revision(name, $0) }
      }.filter { isFolder($0.path) }
    let commits = Set(names: named.map(\.commit))
    return named
      + (try interruptibleNames(inFolder: "\(folder)/snapshots").filter { !commits.contains($0) }
        .map { revision($0, $0) })
  }

  /// What loads of the repositories that `isWanted` holds for: `hf:org/name` where the main revision does, else with each
  /// revision that does; with `isRevision` all revisions that it holds for.
  ///
  /// - Throws: ``Interrupted``.
  func models(
    in isWanted: (String) -> Bool = { _ in true }, at isRevision: ((String) -> Bool)? = nil
  ) throws -> [String] {
    try repositories.filter(isWanted).flatMap { repository in
      let revisions = try revisions(of: repository).filter { isRevision?($0.name) ?? true }
      let main = revisions.first { $0.name == "main" }
      if isRevision == nil, let main, FolderHint.holdsModel(main.path) { return ["hf:\(repository)"] }
      return try revisions.filter {
        try Interruption.check()
        return FolderHint.holdsModel($0.path)
      }.map { "hf:\(repository)@\($0.name)" }
    }
  }

  private func folder(of repository: String) throws -> String {
    let folder = "\(path)/models--" + repository.split(separator: "/").joined(separator: "--")
    guard isFolder(folder) else {
      throw CheckpointFault.repository(
        .absent(repository, cache: path, close: close(to: repository), count: repositories.count))
    }
    return folder
  }

  /// What a branch or a tag leads to; nil when there is none of that name.
  private func commit(of reference: String, in folder: String) throws -> String? {
    guard isFile("\(folder)/refs/\(reference)") else { return isCommit(reference) ? reference : nil }
    let commit = try contentsOfFile("\(folder)/refs/\(reference)").map {
      String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace }
    }
    return commit.flatMap { isCommit($0) ? $0 : nil }
  }

  private func isCommit(_ text: String) -> Bool {
    !text.isEmpty
      && text.utf8.allSatisfy {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || UInt8(ascii: "a")...UInt8(ascii: "f") ~= $0
      }
  }

  /// Whether `text` is enough of a commit to mean it, as in Git.
  private func isBeginning(_ text: String, of commit: String) -> Bool {
    text.utf8.count >= 4 && isCommit(text) && commit.hasPrefix(text)
  }

  private func references(in folder: String) -> [String] {
    namesInFolder("\(folder)/refs").flatMap { name in
      // A pull request's revision is a path: refs/pr/1.
      isFolder("\(folder)/refs/\(name)") ? filesBelow("\(folder)/refs/\(name)", as: name) : [name]
    }
  }

  private func filesBelow(_ folder: String, as prefix: String) -> [String] {
    namesInFolder(folder).map { "\(prefix)/\($0)" }
  }

  /// At most 5 names that resemble `repository`, in its whole or in its last part.
  func close(to repository: String) -> [String] {
    let name = lastComponent(repository).lowercased()
    let similar = repositories.filter { candidate in
      let other = lastComponent(candidate).lowercased()
      return other.contains(name) || name.contains(other) || closest(to: name, in: [other]) != nil
        || closest(to: repository, in: [candidate]) != nil
    }
    return Array(similar.prefix(5))
  }
}

/// A state of a repository that is in the cache.
public struct CachedRevision: Equatable, Sendable {
  /// A branch or a tag, else the commit.
  public let name: String
  public let commit: String
  /// The folder with its files.
  public let path: String
}

/// What can be wrong with `hf:org/name@revision`.
public enum RepositoryProblem: Equatable, Sendable {
  case malformed(String)
  /// What has no revisions, or names one.
  case noRepository(String)
  case noCache
  case absent(String, cache: String, close: [String], count: Int)
  case noRevision(String, String, revisions: [String])
  case severalCommits(String, String, [String])
  /// A revision of what is no repository, or two of one.
  case revisionOfAPath(String, revision: String)
  case twoRevisions(String, revision: String)

  var sentence: String {
    switch self {
    case .malformed(let text): "expected hf:org/name or hf:org/name@revision, found \"\(text)\""
    case .noRepository(let text): "expected hf:org/name, found \(quoted(text))"
    case .noCache: "where the Hugging Face cache lies is unknown: HOME and HF_HOME are not set"
    case .absent(let repository, let cache, _, let count):
      "no model \(repository) among the \(count) in \(cache)"
    case .noRevision(let repository, let revision, let revisions):
      "no snapshot of \(repository) at revision \(revision), found "
        + (revisions.isEmpty ? "none" : Self.listing(of: revisions))
    case .severalCommits(let repository, let beginning, let commits):
      "\(beginning) begins several commits of \(repository): \(Self.listing(of: commits))"
    case .revisionOfAPath(let model, let revision):
      "expected hf:org/name beside revision=\(revision), found \(quoted(model))"
    case .twoRevisions(let model, let revision):
      "expected one revision, found \(quoted(model)) and revision=\(revision)"
    }
  }

  /// At most 12: there may be one for every thousandth step of a training.
  private static func listing(of names: [String]) -> String {
    names.prefix(12).joined(separator: ", ") + (names.count > 12 ? " and \(names.count - 12) more" : "")
  }

  var remedy: String? {
    switch self {
    case .absent(let repository, _, let close, _):
      close.isEmpty
        ? "nothing is downloaded by this program; fetch it with: hf download \(repository)"
        : "close to it: " + close.map { "hf:\($0)" }.joined(separator: ", ")
    case .noRevision(let repository, let revision, let revisions):
      (closest(to: revision, in: revisions) ?? revisions.first).map { "hf:\(repository)@\($0)" }
    case .revisionOfAPath: "name the folder of that revision"
    default: nil
    }
  }
}
