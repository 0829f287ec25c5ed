import ExactText
import Files

/// One spelling for each file, whether or not it is there.
enum AbsolutePath {
  /// The folder's real path with the last component of `path`.
  static func of(_ path: String) -> String {
    let slash = path.lastIndex(of: "/")
    let folder = slash.map { String(path[...$0]) } ?? "."
    let name = slash.map { String(path[path.index(after: $0)...]) } ?? path
    return resolvedPath(folder).map { "\($0)/\(name)" } ?? path
  }

  /// As one writes it here: without the working directory.
  static func shortened(_ path: String) -> String {
    guard let here = resolvedPath("."), path.hasPrefix(here + "/") else { return path }
    return String(path.dropFirst(here.count + 1))
  }

  /// Of the folder that holds the file.
  static func folder(of path: String) -> String {
    let absolute = of(path)
    return absolute.lastIndex(of: "/").map { String(absolute[..<$0]) } ?? absolute
  }
}
