import ExactText
import Faults
import Results
import Scripting

/// Whether a loop takes another turn.
enum NextTurn { case taken, over, undecided }

/// Where ways through a loop have left it.
private struct LoopEnds {
  var ends: [WayEnd] = []
  /// Of them those that count in ``DryRun/pending``, since others went on in the loop.
  var waiting = 0
}

extension Interpreter {
  func dryFor(
    _ variables: [Identifier], over sequence: Value, at span: Span, _ body: [Statement], _ showsResults: Bool,
    _ dryRun: DryRun
  ) throws {
    let (count, element) = try dryElements(of: sequence, names: variables.count, at: span)
    try dryLoop(body, showsResults, at: span, turns: count, dryRun) { index in
      guard let index, let count else {
        for variable in variables { session.variables[variable.name] = .unknown() }
        return .undecided
      }
      guard index < count else { return .over }
      try bind(variables, to: element(index), at: span)
      return .taken
    }
  }

  func dryWhile(
    _ condition: Expression, _ body: [Statement], _ showsResults: Bool, _ dryRun: DryRun
  ) throws {
    try dryLoop(body, showsResults, at: condition.span, turns: nil, dryRun) { _ in
      let value = try evaluate(condition)
      if let unknown = value.asUnknown {
        if let form = unknown.standIn { _ = try holds(form, at: condition.span) }
        return .undecided
      }
      return try holds(value, at: condition.span) ? .taken : .over
    }
  }

  /// Turn by turn as long as it is known that there is another; then turns of which each stands for all that may
  /// follow, until what is known before one is known behind it as well.
  ///
  /// - Parameters:
  ///   - turns: how many there are, where that is known.
  ///   - next: decides about a turn by its index and prepares it; nil for one that stands for many.
  private func dryLoop(
    _ body: [Statement], _ showsResults: Bool, at span: Span, turns: Int?, _ dryRun: DryRun,
    _ next: (_ index: Int?) throws -> NextTurn
  ) throws {
    dryRun.loops.append(LoopExits())
    var exits = LoopEnds()
    defer {
      dryRun.loops.removeLast()
      dryRun.pending -= exits.waiting
    }
    var index = 0
    loop: while true {
      try checkInterruption()
      if dryRun.isExhausted {
        let left = turns.map { $0 - index }
        try dryManyTurns(body, showsResults, left, first: try next(nil), &exits, dryRun, next)
        break
      }
      let turn: NextTurn
      do { turn = try next(index) } catch  where error.isFault && !exits.ends.isEmpty {
        // Some ways have left the loop before: they go on.
        if dryRun.tries > 0 { dryRun.mayFail = true } else { error.diagnostic(at: span).map(dryRun.report) }
        break
      }
      switch turn {
      case .over:
        exits.ends.append(wayEnd(dryRun))
        break loop
      case .undecided:
        try dryManyTurns(body, showsResults, nil, first: .undecided, &exits, dryRun, next)
        break loop
      case .taken: break
      }
      if index >= session.settings.maxTurns, !dryRun.facts.uncertain.contains(.setting("max_turns")) {
        guard !exits.ends.isEmpty else {
          throw LimitFault.tooManyTurns(limit: session.settings.maxTurns).located(span)
        }
        // Nobody knows whether what may have ended the loop has.
        dryRun.mayFail = true
        break
      }
      guard try dryTurn(body, showsResults, &exits, dryRun) else { break }
      index += 1
    }
    (dryRun.pending, exits.waiting) = (dryRun.pending - exits.waiting, 0)
    try settle(exits.ends, dryRun)
  }

  /// Runs the body once and goes on with what the ways through it that take another turn agree on.
  ///
  /// - Returns: whether there is such a way.
  private func dryTurn(
    _ body: [Statement], _ showsResults: Bool, _ exits: inout LoopEnds, _ dryRun: DryRun
  ) throws -> Bool {
    dryRun.step()
    var ends: [WayEnd] = []
    do {
      try finishing { try execute(body, showsResults: showsResults) }
      ends = [wayEnd(dryRun)]
    } catch  where error.isFault && dryRun.tries > 0 {
      let others = dryRun.loops[dryRun.loops.count - 1]
      guard !exits.ends.isEmpty || !others.continued.isEmpty || !others.left.isEmpty else { throw error }
      dryRun.mayFail = true
    }
    let others = dryRun.loops[dryRun.loops.count - 1]
    dryRun.loops[dryRun.loops.count - 1] = LoopExits()
    dryRun.pending -= others.continued.count + others.left.count
    var going = others.continued
    var leaving = others.left.map { WayEnd(world: $0, flow: .onward, isFinished: false) }
    for end in ends {
      switch end.flow {
      case _ where end.isFinished: leaving.append(end)
      case .onward, .nextTurn: going.append(end.world)
      case .leavingLoop: leaving.append(WayEnd(world: end.world, flow: .onward, isFinished: false))
      case .returning: leaving.append(end)
      }
    }
    exits.ends += leaving
    guard !going.isEmpty else { return false }
    exits.waiting += leaving.count
    dryRun.pending += leaving.count
    try join(going, dryRun)
    return true
  }

  /// - Parameters:
  ///   - count: of the turns it stands for; nil when nobody knows.
  ///   - first: what is decided about the first of them.
  private func dryManyTurns(
    _ body: [Statement], _ showsResults: Bool, _ count: Int?, first: NextTurn, _ exits: inout LoopEnds,
    _ dryRun: DryRun, _ next: (_ index: Int?) throws -> NextTurn
  ) throws {
    dryRun.forks += 1
    defer { dryRun.forks -= 1 }
    for round in 0... {
      let start = world(dryRun)
      var goesOn = false
      let entries = try dryRun.entries(of: {
        let turn = round == 0 ? first : try next(nil)
        if turn != .taken { exits.ends.append(wayEnd(dryRun)) }
        if turn != .over { goesOn = try dryTurn(body, showsResults, &exits, dryRun) }
      })
      if round == 0 { dryRun.addTurns(entries, count) }
      guard goesOn else { return }
      let end = world(dryRun)
      try join([start, end], dryRun)
      if knowsAsMuch(as: start, dryRun) { return }
      if round == Self.mostRounds { forgetValues() }
      guard round < 2 * Self.mostRounds else { return }
    }
  }

  /// After so many rounds a loop is known to change all variables.
  private static var mostRounds: Int { 6 }

  /// - Returns: the count when it is known.
  func dryElements(
    of sequence: Value, names: Int, at span: Span
  ) throws -> (count: Int?, element: (Int) -> Value) {
    guard let unknown = sequence.asUnknown else {
      let (count, element) = try elements(of: sequence, names: names, at: span)
      return (count, element)
    }
    guard let form = unknown.standIn else { return (nil, { _ in .unknown() }) }
    let (count, element) = try elements(of: form, names: names, at: span)
    guard unknown.knowsLength else { return (nil, { _ in .unknown() }) }
    return (count, { .unknown(like: element($0)) })
  }
}
