extension PatternPlot {
  /// All edges, also those that a drawing leaves out.
  var data: Value {
    get throws {
      [
        "title": .string(title), "subtitle": .string(subtitle), "layers": whole(layers),
        "target": whole(target), "aggregate": .bool(isAggregate), "hides_below": .number(hidesBelow),
        "words": .list(words.map(\.data)), "edges": .list(try edgeTable.records.map { .record($0) }),
      ]
    }
  }

  /// One row an edge. `route` is "skip", "block" or the number of a head; `branch`, of patterns of the third level, is "mlp",
  /// "skip" or null.
  public var edgeTable: Table {
    let haveBranches = edges.contains { $0.branch != nil }
    return Table(
      columns: ["layer", "from", "to", "route"] + (haveBranches ? ["branch"] : [])
        + ["influence", "weight", "words"],
      rows: edges.map { edge in
        let branch: [Value] = haveBranches ? [edge.branch.map { .string($0.rawValue) } ?? .null] : []
        return [whole(edge.layer), whole(edge.from), whole(edge.to), edge.route.data] + branch
          + [.number(edge.influence), .number(edge.weight), .list(edge.words.map(whole))]
      })
  }
}

extension PatternPlot.Word {
  fileprivate var data: Value {
    var record: Record = [
      "position": whole(position), "token": .string(token), "input": optional(input),
      "embedding": optional(embedding), "attention": optional(attention),
    ]
    if let feedForward { record["feedforward"] = .number(feedForward) }
    return .record(record)
  }
}

extension PatternPlot.Edge.Route {
  fileprivate var data: Value {
    switch self {
    case .skip: "skip"
    case .block: "block"
    case .head(let number): whole(number)
    }
  }
}

private func whole(_ number: Int) -> Value { .number(Double(number)) }

private func optional(_ number: Double?) -> Value { number.map { .number($0) } ?? .null }
