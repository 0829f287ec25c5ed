import ArgumentParser
import ExactText
import Faults
import SystemCalls

/// The process's arguments as they came. A file's name is bytes; Swift's own list of arguments repairs what is not UTF-8,
/// which names another file, or none.
enum ArgumentBytes {
  /// The script's name; nil where it is UTF-8 or there is none. No other argument may be anything but UTF-8.
  static func scriptName(_ options: Options) throws -> [CChar]? {
    let arguments = CommandLine.unsafeArgv
    let count = Int(CommandLine.argc)
    // What is behind the script is the script's, so its place counts from the end.
    let script = options.script.isEmpty ? nil : count - options.script.count
    var name: [CChar]?
    for index in 1..<max(1, count) {
      guard let argument = arguments[index], String(validatingCString: argument) == nil else { continue }
      let bytes = UnsafeBufferPointer(start: argument, count: strlen(argument) + 1)
      guard index == script, !options.rewrites, hasTextualFolder(bytes) else {
        throw ValidationError(
          "argument \(index) is not UTF-8 text: \(shown(Array(bytes))); only a script's name may be anything else, not its"
            + " folder's, from which it sources others")
      }
      name = Array(bytes)
    }
    return name
  }

  private static func hasTextualFolder(_ path: UnsafeBufferPointer<CChar>) -> Bool {
    let folder = path[..<(path.lastIndex(of: CChar(bitPattern: UInt8(ascii: "/"))) ?? 0)]
    return String(validating: folder.map { UInt8(bitPattern: $0) }, as: UTF8.self) != nil
  }

  /// With each byte that is no part of a UTF-8 character as `\xE9`.
  static func shown(_ name: [CChar]) -> String {
    showingInvalidBytes(name.dropLast().map { UInt8(bitPattern: $0) })
  }
}
