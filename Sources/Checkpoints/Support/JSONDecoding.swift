#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Decodes a JSON text.
///
/// - Throws: ``CheckpointFault/json(file:_:)`` with the place, what was expected and what was found; errors
///   that `T` itself throws pass unchanged.
func decodeJSON<T: Decodable>(_ type: T.Type, from bytes: [UInt8], file: String) throws -> T {
  let tree = try readJSON(bytes, file: file)
  do {
    return try JSONDecoder().decode(type, from: Data(bytes))
  } catch let error as DecodingError {
    let problem = problem(of: error, in: tree) { decodes(type, replacing: $0, in: bytes) }
    throw CheckpointFault.json(file: file, problem)
  }
}

func readJSON(_ bytes: [UInt8], file: String) throws -> JSONValue {
  do {
    return try JSONReader.read(bytes)
  } catch let error as JSONSyntaxError {
    let (line, column) = lineAndColumn(of: error.offset, in: bytes)
    throw CheckpointFault.json(
      file: file, .syntax(line: line, column: column, expected: error.expected, found: error.found))
  }
}

private typealias Number = (path: [JSONStep], text: String, offset: Int)

private func problem(
  of error: DecodingError, in tree: JSONValue, decodesWithZerosFor: ([Number]) -> Bool
) -> JSONProblem {
  switch error {
  case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
    let path = steps(context.codingPath, in: tree)
    return .value(path: jsonPath(path), expected: name(of: type), found: describe(path, in: tree))
  case .keyNotFound(let key, let context):
    let path = steps(context.codingPath, in: tree)
    return .value(
      path: jsonPath(path), expected: "the key \"\(key.stringValue)\"", found: describe(path, in: tree))
  case .dataCorrupted(let context) where context.codingPath.isEmpty:
    return misfit(in: tree, decodesWithZerosFor)
      ?? .value(path: "", expected: "other contents", found: context.debugDescription)
  case .dataCorrupted(let context):
    let path = steps(context.codingPath, in: tree)
    return .value(
      path: jsonPath(path), expected: "a known value", found: describe(path, in: tree))
  @unknown default:
    return .value(path: "", expected: "other contents", found: "\(error)")
  }
}

/// Foundation reports a number that does not fit its type without the place: it is the number that must be
/// replaced by 0, with all others that are not integers replaced as well, for the text to decode.
private func misfit(in tree: JSONValue, _ decodesWithZerosFor: ([Number]) -> Bool) -> JSONProblem? {
  let numbers = tree.unrepresentableIntegers()
  guard decodesWithZerosFor(numbers) else { return nil }
  for (index, number) in numbers.enumerated() {
    let others = numbers.indices.filter { $0 != index }.map { numbers[$0] }
    if !decodesWithZerosFor(others) {
      return .value(path: jsonPath(number.path), expected: "a whole number", found: number.text)
    }
  }
  return nil
}

private func decodes<T: Decodable>(_ type: T.Type, replacing numbers: [Number], in bytes: [UInt8]) -> Bool {
  var bytes = bytes
  for number in numbers {
    let range = number.offset..<number.offset + number.text.utf8.count
    bytes.replaceSubrange(range, with: [0x30] + Array(repeating: 0x20, count: range.count - 1))
  }
  do {
    _ = try JSONDecoder().decode(type, from: Data(bytes))
    return true
  } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
    return false
  } catch {
    return true
  }
}

/// A key such as "0" has an `intValue` as well, so the tree decides whether a step is a key or an index.
private func steps(_ path: [any CodingKey], in tree: JSONValue) -> [JSONStep] {
  var steps: [JSONStep] = []
  for key in path {
    if case .array? = tree[steps], let index = key.intValue {
      steps.append(.index(index))
    } else {
      steps.append(.key(key.stringValue))
    }
  }
  return steps
}

private func describe(_ path: [JSONStep], in tree: JSONValue) -> String {
  tree[path]?.description ?? "nothing"
}

private func name(of type: any Any.Type) -> String {
  switch type {
  case is String.Type: return "a string"
  case is Bool.Type: return "true or false"
  case is any BinaryInteger.Type: return "a whole number"
  case is any BinaryFloatingPoint.Type: return "a number"
  default: break
  }
  let name = "\(type)"
  if name.hasPrefix("Array<") { return "a list" }
  if name.hasPrefix("Dictionary<") { return "an object" }
  return "a \(name)"
}
