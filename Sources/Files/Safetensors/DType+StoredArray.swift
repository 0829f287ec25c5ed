extension DType {
  /// nil for texts, which no tensor holds.
  init?(_ element: StoredArray.Element) {
    switch element {
    case .float16: self = .f16
    case .float32: self = .f32
    case .float64: self = .f64
    case .signed(1): self = .i8
    case .signed(2): self = .i16
    case .signed(4): self = .i32
    case .signed: self = .i64
    case .unsigned(1): self = .u8
    case .unsigned(2): self = .u16
    case .unsigned(4): self = .u32
    case .unsigned: self = .u64
    case .bool: self = .bool
    case .text: return nil
    }
  }

  /// What an array of such elements has; nil for the narrow floats that only tensors are made of.
  package var element: StoredArray.Element? {
    switch self {
    case .f64: .float64
    case .f32: .float32
    case .f16: .float16
    case .i8, .i16, .i32, .i64: .signed(bytes: size)
    case .u8, .u16, .u32, .u64: .unsigned(bytes: size)
    case .bool: .bool
    case .bf16, .f8e4m3, .f8e5m2: nil
    }
  }
}
