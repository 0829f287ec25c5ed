import ExactText
import Faults

/// What stands on the stack of a pickle. A number or a place in ``PickleHeap``: values that hold values would be freed by
/// recursion, as deep as the pickle likes.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case real(Double)
  /// The number at the beginning of files that torch wrote before 1.6, wider than the others.
  case magicNumber
  case text(Int)
  case tuple(PickleSpan)
  case list(Int)
  case dictionary(Int)
  case global(PickleGlobal)
  case storage(Int)
  case tensor(Int)
}

/// Elements of tuples, side by side in ``PickleHeap``.
struct PickleSpan {
  let start: UInt32
  let count: UInt32

  var range: Range<Int> { Int(start)..<Int(start + count) }
}

/// The only names that a pickle may ask for.
enum PickleGlobal: Equatable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case storage(DType)

  init?(_ name: String) {
    switch name {
    case "collections.OrderedDict": self = .orderedDictionary
    case "torch._utils._rebuild_tensor_v2": self = .rebuildTensor
    case "torch._utils._rebuild_parameter": self = .rebuildParameter
    default:
      guard let type = Self.storages.first(where: { name == "torch.\($0.name)Storage" })?.type else {
        return nil
      }
      self = .storage(type)
    }
  }

  var name: String {
    switch self {
    case .orderedDictionary: "collections.OrderedDict"
    case .rebuildTensor: "torch._utils._rebuild_tensor_v2"
    case .rebuildParameter: "torch._utils._rebuild_parameter"
    case .storage(let type): "torch.\(Self.storages.first { $0.type == type }?.name ?? "")Storage"
    }
  }

  private static let storages: [(name: String, type: DType)] = [
    ("Float", .f32), ("Half", .f16), ("BFloat16", .bf16), ("Double", .f64), ("Long", .i64), ("Int", .i32),
    ("Short", .i16), ("Char", .i8), ("Byte", .u8), ("Bool", .bool),
  ]
}

/// What the values of a pickle hold.
struct PickleHeap {
  struct Dictionary {
    let isOrdered: Bool
    /// Keys are texts; the last value of a key counts.
    var items: [(key: Int, value: PickleValue)] = []
  }

  /// Part of a storage that torch before 1.6 has named.
  struct View: Equatable {
    let offset: Int
    let count: Int
  }

  struct Storage {
    let type: DType
    let key: Int
    let elements: Int
    let view: View?
  }

  struct TensorRecord {
    let storage: Int
    let offset: Int
    let shape: PickleSpan
    let strides: PickleSpan
  }

  private(set) var texts: [String] = []
  private var textNumbers: NameTable<Int> = [:]
  var elements: [PickleValue] = []
  var lists: [[PickleValue]] = []
  var dictionaries: [Dictionary] = []
  var storages: [Storage] = []
  var tensors: [TensorRecord] = []

  /// Equal texts have one number, so that comparing keys takes no time, however long and often repeated they are.
  mutating func number(of text: String) -> Int {
    if let number = textNumbers[text] { return number }
    textNumbers.update(texts.count, named: text)
    texts.append(text)
    return texts.count - 1
  }

  /// - Precondition: all elements are whole numbers.
  func integers(_ span: PickleSpan) -> [Int] {
    elements[span.range].map {
      guard case .integer(let number) = $0 else { preconditionFailure("unchecked sizes") }
      return number
    }
  }

  /// The value in the words of a message.
  func description(of value: PickleValue) -> String {
    switch value {
    case .none: "None"
    case .bool(let value): value ? "True" : "False"
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .magicNumber: "torch's magic number"
    case .text(let number): quoted(shortened(texts[number], to: 60))
    case .tuple(let span): "a tuple of \(span.count)"
    case .list(let number): "a list of \(lists[number].count)"
    case .dictionary(let number): "a dictionary of \(dictionaries[number].items.count)"
    case .global(let global): global.name
    case .storage: "a storage"
    case .tensor: "a tensor"
    }
  }
}
