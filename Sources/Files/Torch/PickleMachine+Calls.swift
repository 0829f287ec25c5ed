import ExactText
import Faults

/// The memo, and the calls that are known.
extension PickleMachine {
  /// Carries out what ``run()`` has not.
  mutating func readCall(_ opcode: PickleOpcode) throws {
    switch opcode {
    case .put1: try remember(as: bytes.number(bytes: 1))
    case .put4: try remember(as: bytes.number(bytes: 4))
    case .memoize: try remember(as: memo.count)
    case .get1: try recall(bytes.number(bytes: 1))
    case .get4: try recall(bytes.number(bytes: 4))
    case .global: try pushGlobal(named: "\(line()).\(line())")
    case .stackGlobal:
      let (name, module) = (try popText(), try popText())
      try pushGlobal(named: "\(module).\(name)")
    case .reduce: try reduce()
    case .build: try build()
    case .persistentID: try pushStorage(pop())
    default: preconditionFailure("\(opcode) is not carried out")
    }
  }

  /// Pickles number what they remember one after another.
  private mutating func remember(as number: Int) throws {
    guard number <= memo.count else {
      throw unexpected("a place in the memo up to \(memo.count)", "\(number)")
    }
    let value = try value(below: stack.count)
    if number < memo.count { memo[number] = value } else { memo.append(value) }
  }

  private mutating func recall(_ number: Int) throws {
    guard number < memo.count else {
      throw unexpected("a place in the memo below \(memo.count)", "\(number)")
    }
    stack.append(memo[number])
  }

  /// A module's or a class's name, which ends its line.
  private mutating func line() throws -> String {
    var line: [UInt8] = []
    while true {
      let byte = try bytes.next()
      if byte == UInt8(ascii: "\n") { break }
      guard line.count < 256 else { throw unexpected("a name of at most 256 bytes", "a longer one") }
      line.append(byte)
    }
    return showingInvalidBytes(line)
  }

  private mutating func pushGlobal(named name: String) throws {
    guard let global = PickleGlobal(name) else {
      throw PickleProblem.global(shortened(name, to: 120), at: place)
    }
    stack.append(.global(global))
  }

  private mutating func reduce() throws {
    let arguments = try pop()
    let callee = try pop()
    guard case .tuple(let span) = arguments, case .global(let global) = callee else {
      throw unexpected("a name and its arguments", "\(words(callee)) and \(words(arguments))")
    }
    switch global {
    case .orderedDictionary:
      guard span.count == 0 else { throw unexpected("OrderedDict without arguments", words(arguments)) }
      pushDictionary(isOrdered: true)
    case .rebuildTensor: stack.append(.tensor(try rebuiltTensor(span)))
    case .rebuildParameter: stack.append(try rebuiltParameter(span))
    case .storage: throw unexpected("a storage by its key", "one that is made")
    }
  }

  /// What an ordered dictionary has beside its items is forgotten: versions of modules.
  private mutating func build() throws {
    let state = try pop()
    guard case .dictionary = state else { throw unexpected("a dictionary of attributes", words(state)) }
    guard case .dictionary(let number) = try value(below: stack.count), heap.dictionaries[number].isOrdered
    else { throw unexpected("an OrderedDict", stack.count - 1) }
  }

  private mutating func pushStorage(_ id: PickleValue) throws {
    heap.storages.append(try storage(id))
    stack.append(.storage(heap.storages.count - 1))
  }
}
