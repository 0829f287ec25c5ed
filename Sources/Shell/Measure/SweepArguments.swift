import Encoders
import Results
import Scripting

/// Which nodes the arguments of `sweep` ask for.
struct SweepArguments {
  let call: InterventionArguments

  private var arguments: Arguments { call.arguments }
  private var model: LoadedModel { call.model }
  private var interpreter: Interpreter { call.interpreter }

  func targets(_ task: MeasuredTask) throws -> SweepTargets {
    let kind = SweepTargets.Kind(rawValue: arguments.string("kind") ?? "") ?? .heads
    try refuseOthers(kind)
    let targets: SweepTargets
    switch kind {
    case .heads: targets = .heads(layers: try layers(), model.configuration)
    case .layers: targets = .outputs(layers: try layers())
    case .neurons: targets = .neurons(layer: try layer(), model.configuration)
    case .nodes: targets = .nodes(try nodes(task))
    case .positions: targets = try positions(task)
    }
    guard !targets.targets.isEmpty else {
      throw SweepFault.noTargets("there is nothing to sweep over").located(arguments.span)
    }
    return targets
  }

  private func refuseOthers(_ kind: SweepTargets.Kind) throws {
    let others: [(option: String, isTaken: Bool, reason: String)] = [
      ("layers", [.heads, .layers, .positions].contains(kind), "it is for heads, layers and positions"),
      ("layer", kind == .neurons, "it is for neurons"), ("nodes", kind == .nodes, "it is for `sweep nodes`"),
    ]
    for (option, isTaken, reason) in others where !isTaken {
      guard let argument = arguments[option] else { continue }
      throw ShellFault.ignoredOption(option, reason: reason).located(argument.span)
    }
  }

  private func layers() throws -> [Int] {
    let count = model.configuration.layers
    guard let argument = arguments["layers"] else { return Array(0..<count) }
    let numbers = try interpreter.layerNumbers(argument)
    for number in numbers { try check(number, argument.span) }
    return Set(numbers).sorted()
  }

  private func layer() throws -> Int {
    guard let layer = arguments.integer("layer") else {
      throw SweepFault.noTargets("neurons are swept a layer at a time: add layer=N").located(arguments.span)
    }
    try check(layer, arguments.span(of: "layer"))
    return layer
  }

  private func check(_ layer: Int, _ span: Span) throws {
    let count = model.configuration.layers
    guard 0..<count ~= layer else {
      throw ShellFault.outOfRange(what: "layer", number: layer, count: count, model: model.name).located(span)
    }
  }

  /// The nodes asked for, each once; every sentence must have their positions.
  private func nodes(_ task: MeasuredTask) throws -> [Node] {
    guard let argument = arguments["nodes"] else {
      throw SweepFault.noTargets("`sweep nodes` needs nodes, e.g. nodes=L0-1H*").located(arguments.span)
    }
    let shortest = task.texts(of: 0..<task.count).map(\.count).min() ?? 0
    let nodes = try call.nodes()
    for node in nodes where (node.position ?? 0) >= shortest {
      throw ShellFault.staleNode(node.name).located(argument.span)
    }
    return nodes
  }

  private func positions(_ task: MeasuredTask) throws -> SweepTargets {
    let texts = task.texts(of: 0..<task.count)
    let lengths = texts.map(\.count)
    guard let shortest = lengths.min(), let longest = lengths.max(), shortest == longest else {
      throw SweepFault.unequalLengths(
        task: task.task.name, shortest: lengths.min() ?? 0, longest: lengths.max() ?? 0
      ).located(arguments.span(of: "on"))
    }
    return .positions(layers: try layers(), embeddings: arguments["layers"] == nil, texts: texts)
  }
}

extension Interpreter {
  /// A number, a range or a list of them; a range is bounded before it is spread.
  fileprivate func layerNumbers(_ argument: Arguments.Bound) throws -> [Int] {
    switch argument.value {
    case .list(let elements): return try elements.map { try wholeNumber($0, at: argument.span) }
    case .range(let range):
      let count = try session.requireModel().configuration.layers
      guard range.count == 0 || (0...count ~= range.lower && 0...count ~= range.upper) else {
        let number = range.lower < 0 ? range.lower : range.upper - 1
        throw ShellFault.outOfRange(
          what: "layer", number: number, count: count, model: try session.requireModel().name
        ).located(argument.span)
      }
      return Array(range.lower..<range.upper)
    default: return [try wholeNumber(argument.value, at: argument.span)]
    }
  }
}
