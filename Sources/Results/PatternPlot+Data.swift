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

  /// One row an edge. `route` is "skip", "block" or the number of a head.
  public var edgeTable: Table {
    Table(
      columns: ["layer", "from", "to", "route", "influence", "weight", "words"],
      rows: edges.map { edge in
        [
          whole(edge.layer), whole(edge.from), whole(edge.to), edge.route.data,
          .number(edge.influence), .number(edge.weight), .list(edge.words.map(whole)),
        ]
      })
  }
}

extension PatternPlot.Word {
  fileprivate var data: Value {
    [
      "position": whole(position), "token": .string(token), "input": optional(input),
      "embedding": optional(embedding), "attention": optional(attention),
    ]
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
