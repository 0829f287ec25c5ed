#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import Faults

/// An open regular file; closed with the object.
final class OpenFile: Sendable {
  let path: String
  let descriptor: Int32

  /// - Throws: ``CheckpointFault/unreadable(path:reason:)`` when absent, forbidden or not a regular file.
  init(_ path: String) throws {
    // Without O_NONBLOCK opening a named pipe would wait for a writer.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else {
      throw CheckpointFault.unreadable(path: path, reason: SystemError.last.reason)
    }
    self.path = path
    self.descriptor = descriptor
    guard (try status().st_mode & S_IFMT) == S_IFREG else {
      throw CheckpointFault.unreadable(path: path, reason: "not a regular file")
    }
  }

  deinit { close(descriptor) }

  func status() throws -> stat {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw CheckpointFault.unreadable(path: path, reason: SystemError.last.reason)
    }
    return status
  }

  /// Size and time of last change: what tells whether a file was rewritten in place.
  func stamp() throws -> FileStamp { FileStamp(try status()) }

  /// Up to `count` bytes from `offset`; fewer at the end of the file.
  func read(at offset: Int, count: Int) throws -> [UInt8] {
    try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
        if got < 0, errno == EINTR { continue }
        guard got >= 0 else {
          throw CheckpointFault.unreadable(path: path, reason: SystemError.last.reason)
        }
        if got == 0 { break }
        filled += got
      }
    }
  }
}

/// Size in bytes and modification time of a file.
struct FileStamp: Equatable, Sendable {
  let size: Int
  let seconds: Int
  let nanoseconds: Int

  init(_ status: stat) {
    size = Int(status.st_size)
    #if canImport(Darwin)
      let time = status.st_mtimespec
    #else
      let time = status.st_mtim
    #endif
    seconds = time.tv_sec
    nanoseconds = time.tv_nsec
  }
}

// MARK: - Folders

func isFolder(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
}

func isFile(_ path: String) -> Bool {
  var status = stat()
  return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG
}

/// The sorted names in a folder, without `.` and `..`; empty when it cannot be read.
func namesInFolder(_ path: String) -> [String] {
  guard let handle = opendir(path) else { return [] }
  defer { closedir(handle) }
  var names: [String] = []
  while let entry = readdir(handle) {
    let name = withUnsafePointer(to: &entry.pointee.d_name) {
      $0.withMemoryRebound(to: CChar.self, capacity: Int(entry.pointee.d_reclen)) { String(cString: $0) }
    }
    if name != ".", name != ".." { names.append(name) }
  }
  return names.sorted()
}

/// The whole contents; nil when nothing has that path.
func contentsOfFile(_ path: String) throws -> [UInt8]? {
  var status = stat()
  if stat(path, &status) != 0, errno == ENOENT || errno == ENOTDIR { return nil }
  let file = try OpenFile(path)
  return try file.read(at: 0, count: file.stamp().size)
}

// MARK: - Paths

/// The part after the last `/`, ignoring trailing ones.
func lastComponent(_ path: String) -> String {
  path.split(separator: "/").last.map(String.init) ?? path
}

/// The part before the last component; `.` when there is none.
func parentFolder(_ path: String) -> String {
  let parts = path.split(separator: "/").dropLast()
  if path.hasPrefix("/") { return "/" + parts.joined(separator: "/") }
  return parts.isEmpty ? "." : parts.joined(separator: "/")
}

/// `path` without symbolic links, or nil when it leads nowhere.
func resolvedPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}
