import ExactText

/// A string as JSON writes it, in quotes (RFC 8259, section 7); what ``JSONReader`` reads back.
package func jsonString(_ text: String) -> String {
  var json = "\""
  for scalar in text.unicodeScalars { appendJSON(scalar, to: &json) }
  return json + "\""
}

extension JSONValue {
  /// The value as JSON, on one line; numbers as they were written.
  package var text: String {
    switch self {
    case .null: "null"
    case .bool(let flag): "\(flag)"
    case .number(let text): text
    case .string(let text): jsonString(text)
    case .array(let items): "[\(items.map(\.text).joined(separator: ", "))]"
    case .object(let object):
      "{\(object.members.map { "\(jsonString($0.key)): \($0.value.text)" }.joined(separator: ", "))}"
    }
  }
}

/// Adds a scalar as it stands in a string of JSON.
package func appendJSON(_ scalar: Unicode.Scalar, to json: inout String) {
  switch scalar {
  case "\"": json += #"\""#
  case "\\": json += #"\\"#
  case "\n": json += #"\n"#
  case "\r": json += #"\r"#
  case "\t": json += #"\t"#
  case "\0"..<" ", "\u{7F}":
    let digits = String(scalar.value, radix: 16)
    json += #"\u"# + String(repeating: "0", count: 4 - digits.count) + digits
  default: json.unicodeScalars.append(scalar)
  }
}
