import Tensors
import Testing

@Suite struct SlicingTests {
  let tensor = Tensor(shape: [3, 4, 5], (0..<60).map(Float.init))

  static let choices: [TensorSubscript] = [
    .all, .index(0), .index(2), .index(-1), .range(1..<3), .range(0..<0), .range(0..<3),
  ]

  /// Every combination of subscripts, against the meaning of each written out.
  @Test(arguments: choices, choices)
  func selectsWhatItSays(_ first: TensorSubscript, _ second: TensorSubscript) throws {
    for third in Self.choices {
      let subscripts = [first, second, third]
      var shape: [Int] = []
      var values = [0]
      for (subscript_, size) in zip(subscripts, tensor.shape) {
        let chosen: [Int]
        switch subscript_ {
        case .all: chosen = Array(0..<size)
        case .index(let index): chosen = [index < 0 ? size + index : index]
        case .range(let range): chosen = Array(range)
        }
        if case .index = subscript_ {} else { shape.append(chosen.count) }
        values = values.flatMap { value in chosen.map { value * size + $0 } }
      }
      #expect(try tensor.sliced(subscripts) == Tensor(shape: shape, values.map(Float.init)), "\(subscripts)")
    }
  }

  @Test func missingSubscriptsTakeEverything() throws {
    #expect(try tensor.sliced([]) == tensor)
    #expect(try tensor.sliced([.index(1)]) == tensor[1])
    #expect(try tensor.sliced([.range(2..<3)]).shape == [1, 4, 5])
    #expect(try Tensor(shape: [2, 1], [8, 9]).sliced([.all, .index(0)]) == Tensor(shape: [2], [8, 9]))
    #expect(try Tensor(scalar: 4).sliced([]) == Tensor(scalar: 4))
  }

  @Test(
    arguments: [
      ([.index(3)], "index 3 is out of range 0...2 in dimension 0 of a tensor of shape (3, 4, 5)"),
      ([.all, .index(-5)], "index -5 is out of range 0...3 in dimension 1 of a tensor of shape (3, 4, 5)"),
      (
        [.all, .all, .range(2..<6)],
        "range 2..<6 exceeds 0..<5 in dimension 2 of a tensor of shape (3, 4, 5)"
      ),
      ([.range(-1..<1)], "range -1..<1 exceeds 0..<3 in dimension 0 of a tensor of shape (3, 4, 5)"),
      ([.all, .all, .all, .all], "4 subscripts for a tensor of 3 dimensions (shape (3, 4, 5))"),
    ] as [([TensorSubscript], String)])
  func whatIsOutsideIsRefused(_ subscripts: [TensorSubscript], _ message: String) throws {
    let fault = try #require(throws: TensorFault.self) { try tensor.sliced(subscripts) }
    #expect(fault.message == message)
  }

  @Test func anEmptyDimensionHasNoIndex() throws {
    let fault = try #require(throws: TensorFault.self) {
      try Tensor(shape: [0], []).sliced([.index(0)])
    }
    #expect(fault.message == "index 0 in dimension 0 of a tensor of shape (0,), which is empty there")
  }

  @Test(arguments: [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]])
  func permutingReordersDimensions(_ axes: [Int]) throws {
    let permuted = tensor.permuted(axes)
    #expect(permuted.shape == axes.map { tensor.shape[$0] })
    for i in 0..<permuted.shape[0] {
      for j in 0..<permuted.shape[1] {
        for k in 0..<permuted.shape[2] {
          var index = [0, 0, 0]
          for (axis, position) in zip(axes, [i, j, k]) { index[axis] = position }
          #expect(permuted[i][j][k] == tensor[index[0]][index[1]][index[2]])
        }
      }
    }
  }
}
