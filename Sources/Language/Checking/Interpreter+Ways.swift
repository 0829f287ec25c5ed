import ExactText
import Faults
import Results
import Scripting

/// Where something unknown decides how a script goes on.
extension Interpreter {
  /// Follows each of several ways from here; where they meet, what all agree on stays known.
  ///
  /// - Throws: a fault of a way outside of `try`, where none is expected; ``Interrupted``.
  func fork(_ ways: [() throws -> Void], _ dryRun: DryRun) throws {
    let start = world(dryRun)
    var ends: [WayEnd] = []
    for way in ways {
      enter(start, dryRun)
      if let end = try end(of: way, dryRun) { ends.append(end) }
    }
    try settle(ends, dryRun)
  }

  /// The end of a way that may not be taken; nil for one that ends with a fault, which a `try` around expects.
  func end(of way: () throws -> Void, _ dryRun: DryRun) throws -> WayEnd? {
    dryRun.forks += 1
    defer { dryRun.forks -= 1 }
    do { try dryRun.optionally { try finishing { try way() } } } catch
      where error.isFault && dryRun.tries > 0
    {
      dryRun.mayFail = true
      return nil
    }
    return wayEnd(dryRun)
  }

  /// Runs `body`; after a `quit` in it nothing is reached.
  func finishing(_ body: () throws -> Void) throws {
    do { try body() } catch is Quitting { isFinished = true } catch is ComputationSkipped {}
  }

  /// Goes on behind several ways: here with those that go on here; others wait where they lead to.
  func settle(_ ends: [WayEnd], _ dryRun: DryRun) throws {
    if ends.count == 1 {
      enter(ends[0].world, dryRun)
      (flow, isFinished) = (ends[0].flow, ends[0].isFinished)
      return
    }
    for end in ends where !end.goesOn { leave(end, dryRun) }
    let here = ends.filter(\.goesOn)
    guard !here.isEmpty else {
      isFinished = true
      return
    }
    try join(here.map(\.world), dryRun)
  }

  private func leave(_ end: WayEnd, _ dryRun: DryRun) {
    dryRun.pending += 1
    guard !end.isFinished else { return }
    switch end.flow {
    case .onward: preconditionFailure("the way goes on here")
    case .nextTurn: dryRun.loops[dryRun.loops.count - 1].continued.append(end.world)
    case .leavingLoop: dryRun.loops[dryRun.loops.count - 1].left.append(end.world)
    case .returning(let value):
      dryRun.calls[dryRun.calls.count - 1].returned.append((end.world, value))
    }
  }

  /// Runs what may be passed over, in an expression.
  func possibly(_ body: () throws -> Void, _ dryRun: DryRun) throws {
    let without = wayEnd(dryRun)
    let end = try end(of: body, dryRun)
    try settle([without] + [end].compactMap(\.self), dryRun)
    if isFinished { throw Quitting() }
  }
}

extension Error {
  /// What a `try` of a script catches; nil for what it does not, such as ``Interrupted``.
  func diagnostic(at span: Span?) -> Diagnostic? {
    (self as? Diagnostic) ?? (self as? any Fault)?.located(span)
  }

  var isFault: Bool { diagnostic(at: nil) != nil }
}
