import Foundation

/// A file for inputs that can only be read from one; removed with its folder in the end.
final class ScratchFile {
  let folder: String
  let path: String

  init(name: String) throws {
    // Memory, where there is such a file system: a million files are written.
    let memory = "/dev/shm"
    let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
    folder = base + "/fuzz-" + UUID().uuidString
    path = folder + "/" + name
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func write(_ bytes: [UInt8]) throws {
    let file = fopen(path, "wb")
    guard let file else { throw BrokenLaw("\(path) cannot be written") }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  func read() throws -> [UInt8] { Array(try Data(contentsOf: URL(fileURLWithPath: path))) }
}
