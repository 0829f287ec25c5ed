import ExactText
import Results
import Scripting

/// All that is known at a place of a script on one way there; on the heap, since calls nest deeply.
final class World {
  let session: Session
  let facts: Facts

  init(_ session: Session, _ facts: Facts) { (self.session, self.facts) = (session, facts) }

  /// The same with what `with` changes as in `before`.
  func restoringChanges(from before: World) -> World {
    var (session, facts) = (session, facts)
    session.state.restoreChanges(from: before.session.state)
    let key = type(of: session.state).changesKey
    facts.ages[key] = before.facts.ages[key]
    if before.facts.uncertain.contains(key) {
      facts.uncertain.insert(key)
    } else {
      facts.uncertain.remove(key)
    }
    return World(session, facts)
  }
}

/// What is known beside the session, or not known of it.
struct Facts {
  /// What the session is about and settings, as far as nobody knows: a text that is computed, a model that is not there.
  var uncertain: Set<StateKey> = []
  /// Whether a script that cannot be read yet may have given names to anything.
  var hidesNames = false
  /// Of each part of the session when it was last written: where ways meet, parts of one age are the same.
  var ages: [StateKey: Int] = [:]
  /// Whether commands are being recorded; nil when nobody knows.
  var isRecording: Bool?
}

/// Where a way through some statements ends.
struct WayEnd {
  let world: World
  let flow: ControlFlow
  /// Whether nothing is reached behind: `quit`, or a fault that was caught.
  let isFinished: Bool

  var goesOn: Bool { if case .onward = flow { !isFinished } else { false } }
}

/// Ways that have left the body of a loop.
struct LoopExits {
  var continued: [World] = []
  var left: [World] = []
}

/// Ways that have left a function.
struct CallExits {
  let function: String
  /// ``DryRun/doubt`` at the call.
  let doubt: Int
  var returned: [(world: World, value: Value)] = []
}

extension Interpreter {
  func world(_ dryRun: DryRun) -> World {
    dryRun.mark(self)
    return World(session, dryRun.facts)
  }

  func enter(_ world: World, _ dryRun: DryRun) {
    (session, dryRun.facts) = (world.session, world.facts)
    (flow, isFinished) = (.onward, false)
  }

  func wayEnd(_ dryRun: DryRun) -> WayEnd {
    WayEnd(world: world(dryRun), flow: flow, isFinished: isFinished)
  }

  /// Goes on where ways meet: with what all worlds agree on.
  ///
  /// - Throws: `Interrupted`.
  func join(_ worlds: [World], _ dryRun: DryRun) throws {
    guard let first = worlds.first else { preconditionFailure("no way goes on") }
    enter(first, dryRun)
    guard worlds.count > 1 else { return }
    dryRun.facts.hidesNames = worlds.contains(where: \.facts.hidesNames)
    for world in worlds { dryRun.facts.uncertain.formUnion(world.facts.uncertain) }
    if worlds.contains(where: { $0.facts.isRecording != first.facts.isRecording }) {
      dryRun.facts.isRecording = nil
    }
    if worlds.contains(where: { $0.session.onceOutput?.path != session.onceOutput?.path }) {
      session.onceOutput = nil
    }
    try joinVariables(worlds)
    let keys = worlds.reduce(into: Set<StateKey>()) { $0.formUnion($1.facts.ages.keys) }
    for key in keys where worlds.contains(where: { $0.facts.ages[key] != first.facts.ages[key] }) {
      try join(key, worlds, dryRun)
    }
  }

  private func join(_ key: StateKey, _ worlds: [World], _ dryRun: DryRun) throws {
    switch key {
    case .last:
      let values = worlds.map(\.session.last)
      session.last = try values.contains { $0 == nil } ? .unknown() : Value.joined(values.compactMap(\.self))
    case .state: dryRun.lose(key, in: self)
    case .stateItem(let name, _): dryRun.lose(.state(name), in: self)
    case .setting: dryRun.lose(key, in: self)
    default: break
    }
  }

  /// A variable that only some have may be there or not.
  private func joinVariables(_ worlds: [World]) throws {
    var keys: Set<Name> = []
    for world in worlds {
      for case (.variable(let name), let age) in world.facts.ages
      where worlds.contains(where: { $0.facts.ages[.variable(name)] != age }) { keys.insert(Name(name)) }
    }
    let locals = worlds.map(\.session.variables.locals)
    session.variables.locals = nil
    for name in keys {
      let values = worlds.map { world -> Value? in
        var variables = world.session.variables
        variables.locals = nil
        return variables[name.text]
      }
      session.variables[name.text] = try Value.joined(maybe: values)
    }
    guard locals.allSatisfy({ $0 != nil }) else { return }
    let names = locals.reduce(into: NameList()) { $0.append(contentsOf: ($1 ?? [:]).keys) }
    session.variables.locals = try names.reduce(into: [:]) { joined, name in
      joined[name] = try Value.joined(maybe: locals.map { $0?[name] })
    }
  }

  /// Whether this world knows as much as `start`, from which it was joined.
  func knowsAsMuch(as start: World, _ dryRun: DryRun) -> Bool {
    let now = world(dryRun)
    guard now.facts.uncertain == start.facts.uncertain, now.facts.hidesNames == start.facts.hidesNames,
      now.facts.isRecording == start.facts.isRecording
    else { return false }
    func isSame(_ before: Value?, _ after: Value?) -> Bool {
      switch (before, after) {
      case (nil, nil): true
      case (let before?, let after?): after.isAsKnown(as: before)
      default: false
      }
    }
    guard isSame(start.session.last, now.session.last) else { return false }
    let (before, after) = (start.session.variables.visible, now.session.variables.visible)
    return after.allSatisfy { isSame(before[$0.key], $0.value) }
  }

  /// Nobody knows the value of any variable, but that functions may be called.
  func forgetValues() {
    for name in session.variables.names { session.variables[name] = .unknown() }
    if session.last != nil { session.last = .unknown() }
  }
}
