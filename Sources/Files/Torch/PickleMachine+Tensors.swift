import ExactText

/// The calls and persistent ids that describe tensors.
/// https://github.com/pytorch/pytorch/blob/main/torch/_utils.py, torch/serialization.py
extension PickleMachine {
  /// The most dimensions that torch computes with.
  private static let mostDimensions = 64

  /// `_rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)`
  mutating func rebuiltTensor(_ arguments: PickleSpan) throws -> Int {
    let values = heap.elements[arguments.range]
    guard values.count == 6 else { throw unexpected("6 arguments of a tensor", "\(values.count)") }
    let first = values.startIndex
    guard case .storage(let storage) = values[first] else {
      throw unexpected("a storage", words(values[first]))
    }
    guard case .bool = values[first + 4], case .dictionary = values[first + 5] else {
      throw unexpected(
        "requires_grad and hooks", "\(words(values[first + 4])) and \(words(values[first + 5]))")
    }
    let offset = try size(values[first + 1], "an offset")
    let (shape, strides) = (try sizes(values[first + 2]), try sizes(values[first + 3]))
    guard shape.count == strides.count else {
      throw unexpected("a stride for each of \(shape.count) dimensions", "\(strides.count)")
    }
    heap.tensors.append(
      PickleHeap.TensorRecord(storage: storage, offset: offset, shape: shape, strides: strides))
    return heap.tensors.count - 1
  }

  /// `_rebuild_parameter(tensor, requires_grad, backward_hooks)`: the tensor.
  func rebuiltParameter(_ arguments: PickleSpan) throws -> PickleValue {
    let values = Array(heap.elements[arguments.range])
    guard values.count == 3, case .tensor = values[0], case .bool = values[1], case .dictionary = values[2]
    else {
      throw unexpected(
        "a tensor, requires_grad and hooks", values.prefix(3).map(words).joined(separator: ", "))
    }
    return values[0]
  }

  /// `("storage", type, key, location, elements)`, before torch 1.6 with None or `(key, offset, elements)` of a part of it.
  func storage(_ id: PickleValue) throws -> PickleHeap.Storage {
    guard case .tuple(let span) = id, span.count == 5 || span.count == 6 else {
      throw unexpected("the id of a storage", words(id))
    }
    let values = Array(heap.elements[span.range])
    guard case .text(let kind) = values[0], heap.texts[kind] == "storage",
      case .global(.storage(let type)) = values[1], case .text(let key) = values[2], case .text = values[3]
    else { throw unexpected("the id of a storage", values.prefix(4).map(words).joined(separator: ", ")) }
    return PickleHeap.Storage(
      type: type, key: key, elements: try size(values[4], "a number of elements"),
      view: values.count == 6 ? try view(values[5]) : nil)
  }

  private func view(_ value: PickleValue) throws -> PickleHeap.View? {
    if case .none = value { return nil }
    guard case .tuple(let span) = value, span.count == 3 else {
      throw unexpected("a part of a storage", words(value))
    }
    let values = Array(heap.elements[span.range])
    return PickleHeap.View(
      offset: try size(values[1], "an offset"), count: try size(values[2], "a number of elements"))
  }

  private func sizes(_ value: PickleValue) throws -> PickleSpan {
    guard case .tuple(let span) = value, span.count <= Self.mostDimensions else {
      throw unexpected("a tuple of at most \(Self.mostDimensions) sizes", words(value))
    }
    for value in heap.elements[span.range] { _ = try size(value, "a size") }
    return span
  }

  private func size(_ value: PickleValue, _ what: String) throws -> Int {
    guard case .integer(let number) = value, number >= 0 else {
      throw unexpected("\(what) from 0", words(value))
    }
    return number
  }
}
