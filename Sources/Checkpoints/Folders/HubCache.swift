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

  /// The snapshot of a repository at a revision: a branch, a tag or a commit.
  func snapshot(of repository: String, revision: String) throws -> String {
    let folder = "\(path)/models--" + repository.split(separator: "/").joined(separator: "--")
    guard isFolder(folder) else {
      throw CheckpointFault.repository(
        .absent(repository, cache: path, close: close(to: repository), count: repositories.count))
    }
    let commit = try contentsOfFile("\(folder)/refs/\(revision)").map {
      String(decoding: $0, as: UTF8.self).filter { !$0.isWhitespace }
    }
    let snapshot = "\(folder)/snapshots/\(commit ?? revision)"
    guard isFolder(snapshot) else {
      throw CheckpointFault.repository(
        .noRevision(repository, revision, revisions: revisions(in: folder)))
    }
    return snapshot
  }

  private func revisions(in folder: String) -> [String] {
    let refs = namesInFolder("\(folder)/refs").flatMap { name in
      // A pull request's revision is a path: refs/pr/1.
      isFolder("\(folder)/refs/\(name)") ? filesBelow("\(folder)/refs/\(name)", as: name) : [name]
    }
    return refs + namesInFolder("\(folder)/snapshots")
  }

  private func filesBelow(_ folder: String, as prefix: String) -> [String] {
    namesInFolder(folder).map { "\(prefix)/\($0)" }
  }

  /// At most 5 names that resemble `repository`, in its whole or in its last part.
  private func close(to repository: String) -> [String] {
    let name = lastComponent(repository).lowercased()
    let similar = repositories.filter { candidate in
      let other = lastComponent(candidate).lowercased()
      return other.contains(name) || name.contains(other) || closest(to: name, in: [other]) != nil
        || closest(to: repository, in: [candidate]) != nil
    }
    return Array(similar.prefix(5))
  }
}

/// What can be wrong with `hf:org/name@revision`.
public enum RepositoryProblem: Equatable, Sendable {
  case malformed(String)
  case noCache
  case absent(String, cache: String, close: [String], count: Int)
  case noRevision(String, String, revisions: [String])

  var sentence: String {
    switch self {
    case .malformed(let text): "expected hf:org/name or hf:org/name@revision, found \"\(text)\""
    case .noCache: "where the Hugging Face cache lies is unknown: HOME and HF_HOME are not set"
    case .absent(let repository, let cache, _, let count):
      "no model \(repository) among the \(count) in \(cache)"
    case .noRevision(let repository, let revision, let revisions):
      "no snapshot of \(repository) at revision \(revision), found "
        + (revisions.isEmpty ? "none" : revisions.joined(separator: ", "))
    }
  }

  var remedy: String? {
    switch self {
    case .absent(let repository, _, let close, _):
      close.isEmpty
        ? "nothing is downloaded by this program; fetch it with: hf download \(repository)"
        : "close to it: " + close.map { "hf:\($0)" }.joined(separator: ", ")
    case .noRevision(let repository, _, let revisions):
      revisions.first.map { "hf:\(repository)@\($0)" }
    default: nil
    }
  }
}
