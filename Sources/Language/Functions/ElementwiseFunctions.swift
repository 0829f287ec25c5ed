import RealModule
import Results

extension Function {
  /// Applied to a number, or to each element of a list or tensor.
  static let elementwise: [Function] = [
    ofEach("abs", "absolute value", "print abs(-2) abs([-1, 1])") { abs($0) },
    ofEach("sqrt", "square root; NaN below 0", "print sqrt(2)") { $0.squareRoot() },
    ofEach("exp", "e to the power of x", "print exp(1)") { Double.exp($0) },
    ofEach("log", "natural logarithm; -inf at 0, NaN below", "print log(exp(2))") { Double.log($0) },
    ofEach("floor", "the next whole number downwards", "print floor(-0.5)") { $0.rounded(.down) },
    ofEach("ceil", "the next whole number upwards", "print ceil(0.5)") { $0.rounded(.up) },
    Function(
      "round", "round to whole numbers or to digits behind the point",
      [
        .required("x", .any, "a number, list or tensor"),
        .optional("digits", .integer(minimum: 0, maximum: 15), "digits behind the point (0)"),
      ], discussion: "Halves go to the even neighbour, as in NumPy.",
      example: "print round(2.5) round(3.14159, 2)"
    ) { arguments, interpreter in
      let scale = Double.pow(10, arguments.integer("digits") ?? 0)
      return try Numbers(arguments.required("x"), interpreter).map { x in
        // Scaled out of range there are no digits behind the point to round.
        let scaled = x * scale
        return scaled.isFinite ? scaled.rounded(.toNearestOrEven) / scale : x
      }
    },
  ]

  private static func ofEach(
    _ name: String, _ summary: String, _ example: String, _ transform: @escaping @Sendable (Double) -> Double
  ) -> Function {
    Function(name, summary, [.required("x", .any, "a number, list or tensor")], example: example) {
      arguments, interpreter in
      try Numbers(arguments.required("x"), interpreter).map(transform)
    }
  }
}
