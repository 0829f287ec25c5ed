import CKernels
import Tensors

extension Activation {
  var kernel: ck_activation {
    switch self {
    case .gelu: CK_GELU
    case .geluNew: CK_GELU_TANH
    case .relu: CK_RELU
    case .silu: CK_SILU
    case .tanh: CK_TANH
    }
  }

  /// post = f(x + bias), pre = x + bias if wanted; all (rows, width) but the bias (width).
  ///
  /// `post` or `pre` may be `x`.
  package func callAsFunction(
    _ x: Floats, bias: Tensor, rows: Int, pre: MutableFloats? = nil, post: MutableFloats
  ) {
    let (width, bias, kind) = (bias.count, bias.pointer, kernel)
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      ck_bias_activate(
        kind, x + start, bias, pre.map { $0 + start }, post + start, part.count, width)
    }
  }

  /// post = f(x + bias) and slopes = f'(x + bias), all (rows, width); post may be x.
  package func taped(_ x: Floats, bias: Tensor, rows: Int, post: MutableFloats, slopes: MutableFloats) {
    let (width, bias, kind) = (bias.count, bias.pointer, kernel)
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      ck_bias_activate_taped(kind, x + start, bias, post + start, slopes + start, part.count, width)
    }
  }
}
