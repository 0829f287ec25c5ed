import ExactText
import Foundation

/// Files and folders that continue a path.
package enum FileCompletion {
  /// Folders end in `/`; hidden entries appear once their dot is typed.
  package static func candidates(_ path: String) -> [Completer.Candidate] {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<slash])
    let prefix = path[slash...]
    let listed = folder.isEmpty ? "." : NSString(string: folder).expandingTildeInPath
    let names = (try? FileManager.default.contentsOfDirectory(atPath: listed)) ?? []
    return names.filter { $0.hasPrefix(prefix) && ($0.hasPrefix(".") == prefix.hasPrefix(".")) }.sorted().map
    {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(listed)/\($0)", isDirectory: &isFolder)
      return .init(folder + $0 + (isFolder.boolValue ? "/" : "\""), isWhole: !isFolder.boolValue)
    }
  }
}
