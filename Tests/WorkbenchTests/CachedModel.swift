import FixtureFiles
import Foundation

/// A Hugging Face cache with the repository `org/steps`, in a folder that goes with it.
final class CachedModel {
  private let hub = URL.temporaryDirectory.appending(path: "ipsh-\(UUID().uuidString)")

  deinit { try? FileManager.default.removeItem(at: hub) }

  var environment: [String: String] { ["HF_HUB_CACHE": hub.path] }
  var repository: URL { hub.appending(path: "models--org--steps") }

  /// Adds a snapshot of one of the fixtures' models.
  ///
  /// - Parameter revision: the name that leads to it; nil for none
  func add(_ commit: String, as revision: String? = nil, model: String) throws {
    for folder in ["refs", "snapshots"] {
      try FileManager.default.createDirectory(
        at: repository.appending(path: folder), withIntermediateDirectories: true)
    }
    if let revision { try Data(commit.utf8).write(to: repository.appending(path: "refs/\(revision)")) }
    try FileManager.default.copyItem(
      at: FixtureFiles.model(model), to: repository.appending(path: "snapshots/\(commit)"))
  }
}
