import Results
import Tensors
import Testing

@testable import Rendering

private func tensor(_ shape: [Int], _ values: [Float]? = nil) -> Value {
  .tensor(Tensor(shape: shape, values ?? (0..<shape.reduce(1, *)).map { Float($0) }))
}

@Test func tensorsOfEveryRank() {
  #expect(table(tensor([], [0.5])) == "tensor ()\n0.5")
  #expect(table(tensor([3], [1, .nan, -.infinity])) == "tensor (3)\n[   1  nan -inf]")
  #expect(table(tensor([2, 2], [0.5, -1, 10, 0.25])) == "tensor (2, 2)\n[[ 0.50 -1.00]\n [10.00  0.25]]")
  #expect(
    table(tensor([2, 2, 1])) == """
      tensor (2, 2, 1)
      [[[0]
        [1]]

       [[2]
        [3]]]
      """)
  #expect(
    table(tensor([2, 1, 2, 2])) == """
      tensor (2, 1, 2, 2)
      [[[[0 1]
         [2 3]]]

       [[[4 5]
         [6 7]]]]
      """)
}

@Test(arguments: [[0], [0, 3], [2, 0, 3]])
func emptyTensorsShowTheirShape(shape: [Int]) {
  #expect(table(tensor(shape)) == "tensor \(shapeText(shape))\n[]")
}

@Test func longAxesAreCutInTheMiddle() {
  #expect(
    table(tensor([100, 20])) == """
      tensor (100, 20)
      [[   0    1    2 …   17   18   19]
       [  20   21   22 …   37   38   39]
       [  40   41   42 …   57   58   59]
       …
       [1940 1941 1942 … 1957 1958 1959]
       [1960 1961 1962 … 1977 1978 1979]
       [1980 1981 1982 … 1997 1998 1999]]
      """)
}

@Test func rowsWrapAtTheWidth() {
  #expect(
    table(tensor([20]), width: 20) == """
      tensor (20)
      [ 0  1  2  3  4  5
        6  7  8  9 10 11
       12 13 14 15 16 17
       18 19]
      """)
  #expect(
    table(tensor([2, 3]), width: 7) == """
      tensor (2, 3)
      [[0 1
        2]
       [3 4
        5]]
      """)
  #expect(table(tensor([3]), width: 1) == "tensor (3)\n[0\n 1\n 2]")
  #expect(table(tensor([1000]), width: .max).contains("…") == false)
}

@Test func fieldsShowTensorsByShapeOrContents() {
  let value: Value = ["name": "L3.q", "scalar": tensor([], [2]), "data": tensor([2, 2])]
  #expect(
    table(value) == """
      name    L3.q
      scalar  2
      data
        tensor (2, 2)
        [[0 1]
         [2 3]]
      """)
  #expect(table(["nan": tensor([], [.nan]), "inf": tensor([], [-.infinity])]) == "nan  nan\ninf  -inf")
  #expect(table([["a": tensor([], [.nan])], ["a": tensor([], [0.5])]]) == "    a\nnan\n  0.5")
  #expect(table([["a": tensor([2]), "b": tensor([7])]]) == "a       b\n[0, 1]  tensor (7)")
}
