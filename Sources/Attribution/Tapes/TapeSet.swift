import Encoders

/// One tape for each layer, which blocks of points of one size take turns in.
final class TapeSet {
  /// What a tape holds at the moment.
  enum Content: Equatable {
    case nothing
    case forward(block: Int)
    case forwardAndGradients(block: Int)
  }

  private let tapes: [LayerTape]
  private var contents: [Content]

  init(_ layout: PathLayout, _ model: BertModel) {
    let last = model.layers.count - 1
    tapes = model.layers.enumerated().map { LayerTape(layout, $1, isLast: $0 == last) }
    contents = Array(repeating: .nothing, count: tapes.count)
  }

  subscript(layer: Int) -> LayerTape { tapes[layer] }

  func mark(_ layer: Int, _ content: Content) { contents[layer] = content }

  func holds(_ layer: Int, block: Int, gradients: Bool) -> Bool {
    switch contents[layer] {
    case .nothing: false
    case .forward(let owner): owner == block && !gradients
    case .forwardAndGradients(let owner): owner == block
    }
  }

  /// Bytes of the tapes of one point.
  static func bytesPerPoint(_ sentences: [Sentence], _ model: BertModel) -> Int {
    let heads = model.configuration.heads
    let layout = PathLayout(sentences: sentences, points: [(0, 1)], heads: heads)
    let last = model.layers.count - 1
    let floats = model.layers.enumerated().reduce(0) {
      $0 + LayerTape.size(layout, $1.element, isLast: $1.offset == last)
    }
    return floats * MemoryLayout<Float>.stride
  }
}
