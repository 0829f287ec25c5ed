import ExactText
import SystemCalls
import Tensors

/// Comment lines `# ipsh: key=value ...` that say what the results of a script depend on besides its commands.
///
///     # ipsh: version=0.1.0 kernels=SkylakeX+avx512 blas="OpenBLAS 0.3.21" threads=2 seed=0 date=2026-11-21T09:24:04Z
///     # ipsh: model=demo fingerprint=3f... load=demo
package struct Provenance: Sendable {
  static let mark = "# ipsh:"

  package var fields: [(key: String, value: String)]

  package init(fields: [(key: String, value: String)]) { self.fields = fields }

  package subscript(key: String) -> String? { fields.first { $0.key == key }?.value }

  /// The program and the machine that run.
  static var current: Provenance {
    Provenance(fields: [
      ("version", Release.version),
      ("kernels", KernelSelection.inUse), ("blas", BLAS.version()), ("threads", String(BLAS.threads)),
    ])
  }

  /// The first line of a record.
  ///
  /// - Parameter seed: nil where the script sets it itself.
  static func header(seed: Int?) -> String {
    var header = current
    if let seed { header.fields.append(("seed", String(seed))) }
    header.fields.append(("date", now()))
    return header.line
  }

  var line: String {
    ([Self.mark] + fields.map { "\($0.key)=\(Self.written($0.value))" }).joined(separator: " ")
  }

  /// In quotes where it would not read back otherwise. Values have no line ends, as no line end can be typed in them.
  private static func written(_ value: String) -> String {
    let isPlain = !value.isEmpty && !value.contains { $0.isWhitespace || $0 == "\"" || $0 == "\\" }
    return isPlain ? value : stringLiteral(value)
  }

  /// UTC, as ISO 8601 writes it.
  private static func now() -> String {
    var (seconds, parts) = (time(nil), tm())
    gmtime_r(&seconds, &parts)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      guard let start = buffer.baseAddress else { preconditionFailure("a buffer of 32 bytes has a start") }
      let count = strftime(start, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &parts)
      return String(decoding: buffer.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
  }
}

/// As a string of the language.
func stringLiteral(_ text: String) -> String {
  let escaped = text.unicodeScalars.map { scalar in
    switch scalar {
    case "\\": "\\\\"
    case "\"": "\\\""
    case "{": "\\{"
    case "\n": "\\n"
    case "\r": "\\r"
    case "\t": "\\t"
    case "\0": "\\0"
    default: String(scalar)
    }
  }
  return "\"\(escaped.joined())\""
}
