import Faults
import SystemCalls
import Testing

@testable import Files

/// A folder of its own, removed with everything in it.
private final class Folder {
  let path: String

  init() throws {
    let parent = getenv("TMPDIR").map { String(cString: $0) } ?? P_tmpdir
    var template = Array("\(parent)/ipsh-files-XXXXXX".utf8CString)
    path = String(cString: try #require(mkdtemp(&template)))
  }

  deinit {
    chmod(path, 0o700)
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  var names: [String] {
    guard let directory = opendir(path) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}

private func contents(_ path: String) -> String? {
  guard let file = fopen(path, "r") else { return nil }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  while case let byte = getc(file), byte != EOF { bytes.append(UInt8(byte)) }
  return String(decoding: bytes, as: UTF8.self)
}

private func mode(_ path: String) -> mode_t {
  var status = stat()
  return lstat(path, &status) == 0 ? status.st_mode & 0o7777 : 0
}

private func message(of body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch { return (error as? any Fault)?.message }
}

private func write(_ text: String, to path: String) throws {
  try AtomicFile.write(Array(text.utf8), to: path)
}

@Test func writesNewFilesAndReplacesOld() throws {
  let folder = try Folder()
  let path = folder.path + "/a.txt"
  try write("one", to: path)
  #expect(contents(path) == "one")
  try write("", to: path)
  #expect(contents(path) == "")
  #expect(folder.names == ["a.txt"], "no temporary file stays")
}

@Test func modesAreKeptOrGivenByTheUmask() throws {
  let folder = try Folder()
  let path = folder.path + "/a"
  try write("one", to: path)
  let mask = umask(0o022)
  umask(mask)
  #expect(mode(path) == 0o666 & ~mask)
  chmod(path, 0o640)
  try write("two", to: path)
  #expect(mode(path) == 0o640)
  #expect(contents(path) == "two")
}

@Test func linksStayAndTheirTargetIsReplaced() throws {
  let folder = try Folder()
  try write("old", to: folder.path + "/target")
  symlink("target", folder.path + "/first")
  symlink(folder.path + "/first", folder.path + "/second")
  try write("new", to: folder.path + "/second")
  #expect(contents(folder.path + "/target") == "new")
  symlink("absent", folder.path + "/dangling")
  try write("made", to: folder.path + "/dangling")
  #expect(contents(folder.path + "/absent") == "made")
  #expect(folder.names == ["absent", "dangling", "first", "second", "target"])
  symlink("loop", folder.path + "/loop")
  let path = folder.path + "/loop"
  #expect(message { try write("x", to: path) } == "cannot write \(path): Too many levels of symbolic links")
}

@Test func whatIsNoFileIsAFault() throws {
  let folder = try Folder()
  #expect(message { try write("x", to: folder.path) } == "cannot write \(folder.path): Is a directory")
  let newFolder = folder.path + "/new/"
  #expect(message { try write("x", to: newFolder) } == "cannot write \(newFolder): Is a directory")
  let inNowhere = folder.path + "/no/a.csv"
  #expect(message { try write("x", to: inNowhere) } == "cannot write \(inNowhere): No such file or directory")
  try write("x", to: folder.path + "/file")
  let below = folder.path + "/file/a"
  #expect(message { try write("x", to: below) } == "cannot write \(below): Not a directory")
  #expect(message { try write("x", to: "") } == "cannot write : No such file or directory")
  #expect(message { try write("x", to: "/dev/full") } == "cannot write /dev/full: not a regular file")
  #expect(message { try write("x", to: "/dev/null") } == "cannot write /dev/null: not a regular file")
  #expect(message { try write("x", to: "a\0b") } == #"cannot write a\u{0}b: a NUL in the name"#)
  let long = folder.path + "/" + String(repeating: "n", count: 300)
  #expect(message { try write("x", to: long) } == "cannot write \(long): File name too long")
}

@Test func aFullDiskIsAFault() throws {
  let descriptor = open("/dev/full", O_WRONLY)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  #expect(throws: SystemError(number: ENOSPC)) { try writeAll([1, 2, 3], to: descriptor) }
}

@Test func aFailureKeepsTheOldFile() throws {
  let folder = try Folder()
  let path = folder.path + "/keep.npy"
  try write("old", to: path)
  #expect(throws: FileFault.self) { try write("x", to: path + "/") }
  #expect(contents(path) == "old")
  #expect(folder.names == ["keep.npy"])
}

/// The superuser may write anywhere, so this says something only for other users.
@Test(.enabled(if: geteuid() != 0, "the superuser may write anywhere"))
func unwritableFoldersAndFilesAreFaults() throws {
  let folder = try Folder()
  let path = folder.path + "/a.csv"
  try write("old", to: path)
  chmod(path, 0o444)
  #expect(message { try write("x", to: path) } == "cannot write \(path): Permission denied")
  chmod(path, 0o644)
  chmod(folder.path, 0o555)
  #expect(message { try write("x", to: path) } == "cannot write \(path): Permission denied")
  #expect(contents(path) == "old")
}
