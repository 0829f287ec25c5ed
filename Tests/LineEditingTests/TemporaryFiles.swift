import SystemCalls

/// A new folder, left to the system to clear away.
func temporaryFolder() -> String {
  let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
  var template = Array((parent + "/line-editing-XXXXXX").utf8CString)
  guard mkdtemp(&template) != nil else { preconditionFailure("no temporary folder in \(parent)") }
  return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

func write(_ bytes: [UInt8], to path: String) {
  guard let file = fopen(path, "w") else { preconditionFailure("cannot write \(path)") }
  fwrite(bytes, 1, bytes.count, file)
  fclose(file)
}

func write(_ text: String, to path: String) { write(Array(text.utf8), to: path) }

func contents(_ path: String) -> [UInt8] {
  guard let file = fopen(path, "r") else { return [] }
  defer { fclose(file) }
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    if count == 0 { return bytes }
    bytes += chunk.prefix(count)
  }
}

/// The path of a new file with these contents.
func fixture(_ text: String) -> String {
  let path = temporaryFolder() + "/fixture"
  write(text, to: path)
  return path
}

/// Permission bits of a file, nil if there is none.
func permissions(_ path: String) -> mode_t? {
  var status = stat()
  return stat(path, &status) == 0 ? status.st_mode & 0o777 : nil
}
