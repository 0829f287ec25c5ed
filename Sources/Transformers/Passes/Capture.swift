import Tensors

/// Memory for the sites that a forward pass should yield.
///
/// A layer computes a captured site straight into its memory, so capturing costs no copy where the site is
/// something the layer computes anyway.
final class Capture {
  private var storages: [Site: Storage] = [:]
  private let shapes: [Site: [Int]]

  init(_ sites: Set<Site>, _ configuration: TransformerConfiguration, _ batch: TokenBatch) {
    let pairs = sites.map { ($0, $0.shape(in: configuration, rows: batch.rows, length: batch.length)) }
    shapes = Dictionary(uniqueKeysWithValues: pairs)
  }

  func contains(_ site: Site) -> Bool { shapes[site] != nil }

  /// Where to write a site; nil when it is not captured.
  func pointer(_ kind: Site.Kind, layer: Int? = nil) -> MutableFloats? {
    let site = Site(kind, layer: layer)
    guard let shape = shapes[site] else { return nil }
    if let storage = storages[site] { return storage.base }
    let storage = Storage(uninitializedCount: shape.reduce(1, *))
    storages[site] = storage
    return storage.base
  }

  /// Copies `values` if the site is captured.
  func copy(_ values: Floats, to kind: Site.Kind, layer: Int? = nil) {
    guard let target = pointer(kind, layer: layer), let count = shapes[Site(kind, layer: layer)] else {
      return
    }
    guard UnsafePointer(target) != values else { return }
    target.update(from: values, count: count.reduce(1, *))
  }

  /// Copies rows of `width` that are `stride` apart, if the site is captured.
  func copyRows(
    _ values: Floats, stride: Int, rows: Int, width: Int, to kind: Site.Kind, layer: Int
  ) {
    guard let target = pointer(kind, layer: layer) else { return }
    for row in 0..<rows { (target + row * width).update(from: values + row * stride, count: width) }
  }

  /// What was written.
  func tensors() -> [Site: Tensor] {
    var tensors: [Site: Tensor] = [:]
    for (site, storage) in storages {
      if let shape = shapes[site] { tensors[site] = Tensor(shape: shape, storage: storage) }
    }
    return tensors
  }
}
