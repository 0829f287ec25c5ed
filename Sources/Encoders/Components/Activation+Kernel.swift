import CKernels
import Tensors

extension Activation {
  /// post = f(x + bias), pre = x + bias if wanted; all (rows, width) but the bias (width).
  ///
  /// `post` or `pre` may be `x`.
  package func callAsFunction(
    _ x: Floats, bias: Tensor, rows: Int, pre: MutableFloats?, post: MutableFloats
  ) {
    let (width, bias) = (bias.count, bias.pointer)
    Workers.splitRows(rows, width: width) { part in
      let start = part.lowerBound * width
      let before = pre.map { $0 + start }
      switch self {
      case .gelu: ck_bias_gelu(x + start, bias, before, post + start, part.count, width)
      case .geluNew: ck_bias_gelu_tanh(x + start, bias, before, post + start, part.count, width)
      case .relu: ck_bias_relu(x + start, bias, before, post + start, part.count, width)
      }
    }
  }
}
