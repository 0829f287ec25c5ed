import Transformers
import Tensors

/// One tape for each layer, which blocks of points of one size take turns in.
final class TapeSet {
  /// What a tape holds at the moment.
  enum Content: Equatable {
    case nothing
    case forward(block: Int)
    case forwardAndGradients(block: Int)
  }

  private let tapes: [BlockTape]
  private var contents: [Content]
  private let storage: Storage
  private let memory: TapeMemory

  init(_ layout: PathLayout, _ model: Transformer, _ memory: TapeMemory) {
    let sizes = Self.sizes(layout, model)
    let storage = memory.take(sizes.reduce(0, +))
    var start = storage.base
    tapes = zip(model.blocks, sizes).enumerated().map { index, layer in
      defer { start += layer.1 }
      return BlockTape(layout, layer.0, isLast: index == sizes.count - 1, at: start)
    }
    contents = Array(repeating: .nothing, count: tapes.count)
    (self.storage, self.memory) = (storage, memory)
  }

  deinit { memory.giveBack(storage) }

  /// Floats of each layer's tape.
  private static func sizes(_ layout: PathLayout, _ model: Transformer) -> [Int] {
    let last = model.blocks.count - 1
    return model.blocks.enumerated().map { BlockTape.size(layout, $1, isLast: $0 == last) }
  }

  subscript(layer: Int) -> BlockTape { tapes[layer] }

  func mark(_ layer: Int, _ content: Content) { contents[layer] = content }

  func holds(_ layer: Int, block: Int, gradients: Bool) -> Bool {
    switch contents[layer] {
    case .nothing: false
    case .forward(let owner): owner == block && !gradients
    case .forwardAndGradients(let owner): owner == block
    }
  }

  /// Bytes of the tapes of one point.
  static func bytesPerPoint(_ sentences: [Sentence], _ model: Transformer) -> Int {
    let layout = PathLayout(
      sentences: sentences, points: [(0, 1)], heads: model.configuration.heads)
    return sizes(layout, model).reduce(0, +) * MemoryLayout<Float>.stride
  }
}
