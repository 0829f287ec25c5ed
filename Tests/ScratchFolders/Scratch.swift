import Faults
import Files
import Foundation

/// A folder of a test's own, removed with the object.
package final class Scratch {
  package let path: String

  package init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ipsh-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    path = folder.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// Writes a file, with the folders above it, and returns its path.
  @discardableResult
  package func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let file = URL(fileURLWithPath: "\(path)/\(name)")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    return file.path
  }

  @discardableResult
  package func write(_ text: String, to name: String) throws -> String { try write(text.utf8, to: name) }
}

/// The bytes of a safetensors file with this header text and data.
package func safetensors(header: String, data: [UInt8] = []) -> [UInt8] {
  safetensors(header: Array(header.utf8), data: data)
}

package func safetensors(header: [UInt8], data: [UInt8]) -> [UInt8] {
  littleEndian(UInt64(header.count)) + header + data
}

package func bytes(_ values: [Float]) -> [UInt8] { values.flatMap { littleEndian($0.bitPattern) } }

/// A valid file of Float32 tensors, in the order given.
package func safetensors(_ tensors: KeyValuePairs<String, [Float]>) -> [UInt8] {
  var entries: [String] = []
  var data: [UInt8] = []
  for (name, values) in tensors {
    let begin = data.count
    data += bytes(values)
    entries.append(
      "\"\(name)\":{\"dtype\":\"F32\",\"shape\":[\(values.count)],\"data_offsets\":[\(begin),\(data.count)]}")
  }
  return safetensors(header: "{\(entries.joined(separator: ","))}", data: data)
}

/// The sentence and the remedy of the fault that `body` throws, with `folder` written as `DIR`.
package func fault(in scratch: Scratch, _ body: () throws -> Void) -> (message: String, remedy: String?)? {
  do {
    try body()
    return nil
  } catch let fault as any Fault {
    let remedy = fault.remedy?.replacingOccurrences(of: scratch.path, with: "DIR")
    return (fault.message.replacingOccurrences(of: scratch.path, with: "DIR"), remedy)
  } catch {
    return ("not a Fault: \(error)", nil)
  }
}
