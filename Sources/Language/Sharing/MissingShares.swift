import ExactText
import Faults

/// Shares of files of rows that are not all there.
package struct MissingShares: Fault, Equatable {
  package struct File: Equatable, Sendable {
    let path: String
    let shards: [Int]
  }

  private(set) var files: [File]
  let count: Int

  /// Of one file.
  package init(of path: String, _ shards: [Int], among count: Int) {
    (files, self.count) = ([File(path: path, shards: shards)], count)
  }

  mutating func merge(_ other: MissingShares) { files += other.files }

  package var code: String { "gather-incomplete" }

  /// Those of all files as one list, which Slurm takes.
  package var message: String {
    let shards = Set(files.flatMap(\.shards)).sorted()
    let whole = files.count == 1 ? files[0].path : counted(files.count, "file")
    return "\(shards.count) of \(count) shares of \(whole) are missing or not complete: --array="
      + Self.list(shards)
  }

  package var remedy: String? {
    let each = files.count == 1 ? [] : files.map { "\($0.path): \(Self.list($0.shards))" }
    return (each + ["run them with --shard I/N; what is finished of them is gone on with"]).joined(
      separator: "; ")
  }

  private static func list(_ shards: [Int]) -> String { shards.map(String.init).joined(separator: ",") }
}
