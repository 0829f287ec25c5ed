import ExactText
import Faults
import Rendering
import Results

extension Function {
  private static let text = Parameter.required("text", .text, "a string")

  /// Strings are counted and taken apart by characters as a reader counts them, compared and searched by their Unicode
  /// scalars; nothing depends on the locale.
  static let texts: [Function] = [
    Function("upper", "in capital letters", [text], example: "print upper(\"bert\")") { arguments, _ in
      .string(arguments.text("text").uppercased())
    },
    Function("lower", "in small letters", [text], example: "print lower(\"BERT\")") { arguments, _ in
      .string(arguments.text("text").lowercased())
    },
    Function("trim", "without blanks at both ends", [text], example: "print trim(\"  is \")") {
      arguments, _ in
      .string(trimmed(arguments.text("text")))
    },
    Function(
      "split", "the parts of a string between separators, as a list",
      [text, .optional("separator", .text, "without one: runs of blanks; \"\": every character")],
      example: "print split(\"is are\") split(\"a,b,,c\", \",\")"
    ) { arguments, _ in
      .list(
        try parts(of: arguments.text("text"), arguments.string("separator")).interruptibleMap { .string($0) })
    },
    Function(
      "join", "the elements of a list as one string; or the rows of two tables that belong together",
      [
        .required("list", .any, "strings or other values; or a table"),
        .optional("separator", .any, "between them (none); or the second table"),
        .option(
          "by", .names,
          "of tables: the column, or list of columns, that is equal in rows that belong together"),
        .option(
          "how", .word(["inner", "left"]), "of tables: left keeps rows of the first without a partner (inner)"
        ),
        .option("suffixes", .any, "of tables: two texts for the names of other columns that both have"),
      ],
      discussion: """
        Rows of tables stand in the order of the first, with each partner in the second. A null is no key; cells without a
        partner are null.
        """,
      example: """
        print join(["is", "are", 3], ", ")
        let t = table([{head: 0, score: 0.5}, {head: 1, score: 0.25}])
        join(t, table([{head: 1, accuracy: 0.75}]), by=head, how=left)
        """
    ) { arguments, interpreter in
      let list = arguments.required("list")
      let isTables = list.value.table != nil || arguments["by"] != nil
      if let second = arguments["separator"], isTables || second.value.isTableLike {
        return .table(try TableJoin(list, second, arguments, interpreter).table())
      }
      try arguments.refuse("by", "how", "suffixes", because: "it is for tables")
      if let separator = arguments["separator"], arguments.string("separator") == nil {
        throw separator.mismatch(expected: "a string", "`separator`")
      }
      let elements = try list.elements()
      return .string(
        try elements.joinedText(separator: arguments.string("separator") ?? "", interpreter.displayText))
    },
    Function(
      "contains", "whether a string has a part, a list an element, a record a key, a table a column",
      [
        .required("whole", .any, "a string, list, range, record, table or tensor"),
        .required("part", .any, "what to look for"),
      ],
      discussion: "`part in whole` and `part not in whole` ask the same.",
      example: "print contains(\"author\", \"auth\") contains([1, 2], 3)"
    ) { arguments, _ in .bool(try contains(arguments.required("whole"), arguments.required("part"))) },
    Function(
      "starts_with", "whether a string begins with another", [text, .required("start", .text, "a string")],
      example: "print starts_with(\"##ing\", \"##\")"
    ) { arguments, _ in .bool(arguments.text("text").hasPrefix(arguments.text("start"))) },
    Function(
      "ends_with", "whether a string ends with another", [text, .required("end", .text, "a string")],
      example: "print ends_with(\"likes\", \"s\")"
    ) { arguments, _ in .bool(arguments.text("text").hasSuffix(arguments.text("end"))) },
    Function(
      "replace", "a string with every occurrence of a part replaced",
      [
        text, .required("old", .text, "the part, not empty"), .required("new", .text, "what takes its place"),
      ],
      example: "print replace(\"the author is\", \"is\", \"[MASK]\")"
    ) { arguments, _ in
      let old = arguments.text("old")
      guard !old.isEmpty else { throw ValueFault.emptyText(what: "old").located(arguments.span(of: "old")) }
      let parts = try parts(of: arguments.text("text"), old)
      return .string(try parts.joinedText(separator: arguments.text("new")) { $0 })
    },
    Function(
      "number", "the number that a string spells",
      [
        text, .option("after", .text, "a part of the string, behind whose last occurrence the number stands"),
      ],
      discussion:
        "With `after` the number has no sign and ends where its digits do: of \"checkpoint-500\" after \"checkpoint-\" it is 500.",
      example: "print number(\"1e-3\") + 1 number(\"multiberts-seed_3-step_20k\", after=\"seed_\")"
    ) { arguments, _ in
      if let part = arguments.string("after") { return .number(try number(after: part, arguments)) }
      let spelled = trimmed(arguments.text("text"))
      guard let number = Double(spelled) else {
        throw ValueFault.notANumber(shortened(spelled, to: 100)).located(arguments.span(of: "text"))
      }
      return .number(number)
    },
    Function(
      "string", "a value as `print` shows it", [.required("value", .any, "any value")],
      example: "print string(1.5) + \"!\""
    ) { arguments, interpreter in .string(try interpreter.displayText(arguments.required("value").value)) },
    Function(
      "type", "the name of a value's type", [.required("value", .any, "any value")],
      example: "print type(1) type([]) type(type([]))", regard: .outline
    ) { arguments, _ in .string(arguments.required("value").value.typeName) },
  ]

  private static func number(after part: String, _ arguments: Arguments) throws -> Double {
    let text = arguments.text("text")
    if let number = try numberBehind(part, in: text) { return number }
    throw ValueFault.noNumberBehind(part: part, text: shortened(text, to: 100))
      .located(arguments.span(of: "text"))
  }

  private static func trimmed(_ text: String) -> String {
    String(text.trimmed())
  }

  private static func parts(of text: String, _ separator: String?) throws -> [String] {
    var steps = Steps()
    switch separator {
    case nil:
      let words = try text.unicodeScalars.split {
        try steps.next()
        return $0.properties.isWhitespace
      }
      return try words.interruptibleMap { String($0) }
    case ""?: return try text.interruptibleMap { String($0) }
    case let separator?: return try parts(of: text, between: separator)
    }
  }

  private static func parts(of text: String, between separator: String) throws -> [String] {
    var parts: [String] = []
    var start = text.startIndex
    for found in try TextSearch(for: separator, check: Interruption.check).places(in: text) {
      parts.append(String(text[start..<found.lowerBound]))
      start = found.upperBound
    }
    return parts + [String(text[start...])]
  }

  private static func contains(_ whole: Arguments.Bound, _ part: Arguments.Bound) throws -> Bool {
    if let found = try whole.value.contains(part.value) { return found }
    switch whole.value.tabular {
    case .string, .record, .table: throw part.mismatch(expected: "a string", "`part`")
    case .range, .tensor: throw part.mismatch(expected: "a number", "`part`")
    default: throw whole.mismatch(expected: "a string, list, range, record, table or tensor", "`whole`")
    }
  }
}
