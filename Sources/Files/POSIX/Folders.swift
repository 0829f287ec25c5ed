import ExactText
import Faults
import SystemCalls

package func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

package func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// A file of settings: what can be read without waiting, and has an end. `/dev/null` is an empty one.
package enum SettingsFile: Equatable {
  case absent
  case readable
  /// A pipe, a folder, a device, or more than ``sizeLimit`` bytes.
  case unsuitable

  package static let sizeLimit = 1 << 20

  package init(_ path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      self = .absent
      return
    }
    let isFile = status.st_mode & S_IFMT == S_IFREG && Int(status.st_size) <= Self.sizeLimit
    self = isFile || isNullDevice(status) ? .readable : .unsuitable
  }
}

/// The sorted names in a folder, without `.` and `..`; empty when it cannot be read.
package func namesInFolder(_ path: String) -> [String] { names(inFolder: path) {}.sorted() }

/// The same of a folder from outside, which may hold any number of names.
///
/// - Throws: ``Interrupted``.
package func interruptibleNames(inFolder path: String) throws -> [String] {
  var steps = Steps()
  return try names(inFolder: path) { try steps.next() }.interruptibleSorted { $0 < $1 }
}

private func names(inFolder path: String, each: () throws -> Void) rethrows -> [String] {
  guard let handle = opendir(path) else { return [] }
  defer { closedir(handle) }
  var names: [String] = []
  while let entry = readdir(handle) {
    try each()
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names
}

/// The whole contents; nil when nothing has that path.
package func contentsOfFile(_ path: String) throws -> [UInt8]? {
  var status = stat()
  if stat(path, &status) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
  let file = try OpenFile(path)
  return try file.read(at: 0, count: file.stamp().size)
}
