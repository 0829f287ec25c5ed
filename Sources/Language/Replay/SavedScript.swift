import ExactText
import Rendering
import Results
import Scripting

/// The script that makes one result of the session again.
struct SavedScript {
  private let interpreter: Interpreter

  init(of interpreter: Interpreter) { self.interpreter = interpreter }

  /// - Parameters:
  ///   - key: a variable, or the last result.
  ///   - path: where the script will be.
  /// - Throws: ``ReplayFault`` when a script cannot make the value.
  func text(for key: StateKey, named name: String, at path: String) throws -> String {
    let isRunning = interpreter.record.log != nil
    if isRunning, interpreter.session.writtenKeys.contains(key) { throw ReplayFault.madeHere(name) }
    let lines = try lines(for: [key], at: path) + showing(key)
    return (["#!/usr/bin/env ipsh", Provenance.header(seed: nil)] + lines).map { $0 + "\n" }.joined()
  }

  /// What shows the value. Statements show the last result themselves; a function's name alone would be its call.
  private func showing(_ key: StateKey) -> [String] {
    guard case .variable(let name) = key, let value = interpreter.session.variables[name] else { return [] }
    if case .object(let object) = value, object is UserFunction { return [] }
    return [name]
  }

  /// The commands that give a fresh session the state that what follows is run in: what it is about, settings and
  /// variables. Origins, such as models, are named in comments.
  ///
  /// - Parameter path: where the script will be.
  /// - Returns: also the variables that no script can make again.
  /// - Throws: ``ReplayFault`` when the rest cannot be repeated.
  func state(at path: String) throws -> (lines: [String], missing: [String]) {
    let isTheirs: Set<Name> = ["quiet", "color"]
    let settings = SettingList.all.map(\.name).filter { !isTheirs.contains($0) }.map(StateKey.setting)
    var keys = interpreter.session.state.keys + settings
    if !interpreter.session.writtenKeys.isDisjoint(with: keys) { throw ReplayFault.recordInside }
    var missing: [String] = []
    for name in interpreter.session.variables.names {
      do {
        _ = try lines(for: [.variable(name)], at: path)
        keys.append(.variable(name))
      } catch {
        missing.append(name)
      }
    }
    return (try lines(for: keys, at: path), missing)
  }

  private func lines(for keys: [StateKey], at path: String) throws -> [String] {
    let segments = try interpreter.record.journal.slice(for: keys)
    let entries = segments.flatMap(\.entries)
    let folder = AbsolutePath.folder(of: path)
    if let elsewhere = entries.first(where: { $0.sourceFolder.map { $0 != folder } ?? false }) {
      throw ReplayFault.sourcesElsewhere(elsewhere.text, folder: elsewhere.sourceFolder ?? "")
    }
    let written = entries.reduce(into: Set<StateKey>()) { $0.formUnion($1.writes) }
    let origins = interpreter.session.state.origins.filter { written.contains($0.key) }
    let commands = segments.map { preamble($0.initial) + $0.entries.map(\.text) }.joined(separator: ["reset"])
    return origins.map(\.provenance.line) + commands
  }

  /// What the command line has given the session, as far as it matters.
  private func preamble(_ keys: Set<StateKey>) -> [String] {
    let (usual, given) = (Settings(), interpreter.record.initialSettings)
    let settings = SettingList.all.filter { keys.contains(.setting($0.name)) }.compactMap {
      setting -> String? in
      let value = literal(given.value(of: setting))
      return value == literal(usual.value(of: setting)) ? nil : "set \(setting.name) \(value)"
    }
    let arguments = interpreter.session.scriptArguments
    guard keys.contains(.arguments), !arguments.isEmpty else { return settings }
    return settings + ["let ARGV = [\(arguments.map(stringLiteral).joined(separator: ", "))]"]
  }

  private func literal(_ value: Value) -> String {
    switch value {
    case .string(let text): stringLiteral(text)
    case .bool(let flag): flag ? "true" : "false"
    case .number(let number): formatNumber(number)
    default: preconditionFailure("a setting is a string, a truth value or a number")
    }
  }
}
