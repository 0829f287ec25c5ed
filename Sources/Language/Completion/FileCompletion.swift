import ExactText
import Foundation

/// Files and folders that continue a path.
package enum FileCompletion {
  /// Folders end in `/`; hidden entries appear once their dot is typed.
  ///
  /// - Parameter isQuoted: whether the path stands in quotes, which the file's name ends; without them a name with blanks gets
  ///   some.
  package static func candidates(_ path: String, isQuoted: Bool = true) -> [Completer.Candidate] {
    let slash = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    let folder = String(path[..<slash])
    let prefix = path[slash...]
    let listed = folder.isEmpty ? "." : NSString(string: folder).expandingTildeInPath
    let names = (try? FileManager.default.contentsOfDirectory(atPath: listed)) ?? []
    return names.filter { $0.hasPrefix(prefix) && ($0.hasPrefix(".") == prefix.hasPrefix(".")) }.sorted().map
    {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(listed)/\($0)", isDirectory: &isFolder)
      let opening = isQuoted || isBare($0) ? "" : "\""
      let closing = isQuoted || !isBare($0) ? "\"" : ""
      return .init(
        opening + folder + $0 + (isFolder.boolValue ? "/" : closing), isWhole: !isFolder.boolValue)
    }
  }

  /// Whether a name may stand without quotes.
  private static func isBare(_ name: String) -> Bool {
    name.unicodeScalars.allSatisfy { $0.properties.isXIDContinue || "-.+@=%:".unicodeScalars.contains($0) }
      && name.first?.isSymbol != true
  }
}
