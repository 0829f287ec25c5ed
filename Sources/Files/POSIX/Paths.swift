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

/// The running program's file, without symbolic links; nil when the system does not tell.
package func executablePath() -> String? {
  #if canImport(Darwin)
    var size = UInt32(PATH_MAX)
    var buffer = [CChar](repeating: 0, count: Int(size))
    guard _NSGetExecutablePath(&buffer, &size) == 0 else { return nil }
    return resolvedPath(String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self))
  #else
    return resolvedPath("/proc/self/exe")
  #endif
}
