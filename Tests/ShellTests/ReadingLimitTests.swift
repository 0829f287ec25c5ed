import Foundation
import Testing

@testable import Shell

/// Inputs that never end.
@Suite struct ReadingLimitTests {
  @Test func endlessDevicesAreRefused() throws {
    let shell = try TestShell()
    for command in ["task \"/dev/zero\"", "source \"/dev/zero\"", "let x = read(\"/dev/zero\")"] {
      let failure = shell.failure(command)
      #expect(failure.contains("/dev/zero: is a device"), "\(failure)")
    }
    #expect(try shell.run("source \"/dev/null\"\nprint 1") == "1\n")
  }

  /// An endless pipe ends at the limit, here 100 bytes.
  @Test(arguments: [100, 101]) func pipesHaveALimit(count: Int) throws {
    let pipe = Pipe()
    try pipe.fileHandleForWriting.write(contentsOf: Data(repeating: 65, count: count))
    try pipe.fileHandleForWriting.close()
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    if count <= 100 {
      #expect(try ScriptFile.readAll(descriptor, name: "p", limit: 100).count == count)
    } else {
      let fault = #expect(throws: InputOutputFault.self) {
        try ScriptFile.readAll(descriptor, name: "p", limit: 100)
      }
      #expect(fault?.message.hasSuffix("p: more than 1 kB") == true, "\(fault?.message ?? "")")
    }
  }
}
