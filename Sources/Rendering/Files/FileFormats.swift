import ExactText
import Files
import Results

/// How values become files of one kind. One file a format under `Files/`, one line in
/// ``FileFormats/all``.
protocol FileFormat: Sendable {
  /// Lower case, with its dot.
  var fileExtension: String { get }

  /// What it can hold, as the end of a sentence: "a heat map".
  var holds: String { get }

  /// The file's bytes; nil when the format cannot hold such a value.
  ///
  /// - Parameter name: what the value is called, for formats that name their parts.
  func encode(_ value: Value, name: String) throws -> [UInt8]?
}

/// Saving values to files, by extension.
public enum FileFormats {
  static let all: [any FileFormat] = [
    NPYFormat(), NPZFormat(), SafetensorsFormat(),
    TextFormat(".csv") { try SeparatedText.csv.string($0) },
    TextFormat(".tsv") { try SeparatedText.tsv.string($0) },
    TextFormat(".json") { try JSONText.string($0, .saved, isPretty: true) + "\n" },
    TextFormat(".jsonl", encode: jsonLines),
    TextFormat(".txt", encode: plainText),
    SVGFormat(), HTMLFormat(),
  ]

  /// The known extensions with their dots: `.npy`, ...
  public static var extensions: [String] { all.map(\.fileExtension) }

  /// Whether the extension of `path` names a format.
  public static func isKnown(path: String) -> Bool {
    extensions.contains(fileExtension(of: path).lowercased())
  }

  /// Writes `value` in the format that the extension of `path` names (in any case), whole or not
  /// at all; see ``AtomicFile``.
  ///
  /// - Parameter name: what the value is called; the name of a single tensor in `.safetensors`
  ///   and `.npz`.
  /// - Throws: ``RenderingFault``, ``Interrupted``.
  public static func save(_ value: Value, name: String, to path: String) throws {
    try AtomicFile.write(try encode(value, name: name, for: path), to: path)
  }

  /// Whether a value could be saved; nil for one that is not known.
  ///
  /// - Throws: ``RenderingFault``.
  public static func check(_ value: Value?, for path: String) throws {
    guard isKnown(path: path) || value != nil else {
      throw RenderingFault.unknownExtension(path: path, found: fileExtension(of: path), known: extensions)
    }
    if let value { _ = try encode(value, name: "value", for: path) }
  }

  static func encode(_ value: Value, name: String, for path: String) throws -> [UInt8] {
    let found = fileExtension(of: path)
    guard let format = all.first(where: { $0.fileExtension == found.lowercased() }) else {
      throw RenderingFault.unknownExtension(path: path, found: found, known: extensions)
    }
    do {
      if let bytes = try format.encode(value, name: name) { return bytes }
    } catch let problem as EncodingProblem {
      throw RenderingFault(problem, path: path)
    } catch let problem as TooManyHeads {
      throw RenderingFault.tooManyHeads(path: path, heads: problem.heads, most: problem.most)
    }
    throw RenderingFault.notHeld(
      path: path, value: value.typeName, format: format.fileExtension, holds: format.holds)
  }

  /// From the last dot of the last part, if that is not its first character; else empty.
  package static func fileExtension(of path: String) -> String {
    let name = path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...]
    guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return "" }
    return String(name[dot...])
  }
}

extension RenderingFault {
  fileprivate init(_ problem: EncodingProblem, path: String) {
    switch problem {
    case .reservedName(let name): self = .reservedName(path: path, name: name)
    case .tooLarge(let limit): self = .tooLarge(path: path, limit: limit)
    }
  }
}
