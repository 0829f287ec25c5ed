import ExactText
import SystemCalls

/// The part after the last `/`, ignoring trailing ones.
package func lastComponent(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

/// The part before the last component; `.` when there is none.
package func parentFolder(_ path: String) -> String {
  let parts = path.split(separator: "/").dropLast()
  if path.hasPrefix("/") { return "/" + parts.joined(separator: "/") }
  return parts.isEmpty ? "." : parts.joined(separator: "/")
}

/// `path` without symbolic links, or nil when it leads nowhere.
package func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
