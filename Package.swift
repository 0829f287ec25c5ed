// swift-tools-version: 6.0
import PackageDescription

// Element-wise kernels are useless without optimisation, so they are optimised in debug builds too.
// Reassociation and contraction are allowed; NaN and infinity keep their meaning (no -ffinite-math-only).
let kernelFlags: [CSetting] = [
  .unsafeFlags([
    "-O3", "-fno-math-errno", "-fno-trapping-math", "-fno-signed-zeros", "-fassociative-math",
    "-freciprocal-math", "-ffp-contract=fast",
  ])
]

let package = Package(
  name: "ipsh",
  products: [.executable(name: "ipsh", targets: ["ipsh"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
  ],
  targets: [
    // C
    .systemLibrary(
      name: "COpenBLAS", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .target(name: "CKernels", cSettings: kernelFlags),
    .target(name: "CMappedFiles"),
    .target(name: "CStackBounds"),
    .target(name: "CLineEdit", linkerSettings: [.linkedLibrary("edit")]),

    // Engine
    .target(name: "Faults"),
    .target(name: "JSONReading", dependencies: ["Faults"]),
    .target(name: "Tensors", dependencies: ["Faults", "COpenBLAS", "CKernels"]),
    .target(
      name: "Checkpoints",
      dependencies: ["Faults", "JSONReading", "Tensors", "CKernels", "CMappedFiles"],
      resources: [.copy("Resources/demo")]),
    .target(name: "Tokenization", dependencies: ["Faults", "JSONReading"]),
    .target(name: "Encoders", dependencies: ["Faults", "Tensors", "CKernels", "COpenBLAS"]),

    .target(
      name: "Measurement",
      dependencies: ["Faults", "JSONReading", "Tensors", "Encoders", "Attribution"],
      exclude: ["Resources/SOURCES.md"],
      resources: [
        .embedInCode("Resources/sva_obj.tsv"), .embedInCode("Resources/sva_subj.tsv"),
        .embedInCode("Resources/sva_comp.tsv"), .embedInCode("Resources/sva_prep.tsv"),
        .embedInCode("Resources/reflexive_number.tsv"), .embedInCode("Resources/reflexive_gender.tsv"),
        .embedInCode("Resources/sst2.tsv"),
      ]),

    .target(
      name: "Attribution",
      dependencies: ["Faults", "Tensors", "Encoders", "CKernels", "COpenBLAS"]),

    // Language and results
    .target(name: "Scripting"),
    .target(
      name: "Results",
      dependencies: ["Tensors", .product(name: "OrderedCollections", package: "swift-collections")]),
    .target(name: "Rendering", dependencies: ["Faults", "Results", "Tensors"]),

    // Shell
    .target(
      name: "Shell",
      dependencies: [
        "Faults", "Tensors", "Checkpoints", "Tokenization", "Encoders", "Attribution", "Measurement",
        "JSONReading", "Scripting", "Results", "Rendering", "CStackBounds",
      ]),
    .target(name: "LineEditing", dependencies: ["Faults", "CLineEdit"]),
    .executableTarget(
      name: "ipsh",
      dependencies: [
        "Shell", "LineEditing",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "ipsh-bench",
      dependencies: ["Attribution", "Checkpoints", "Encoders", "Measurement", "Tensors"]),

    // Tests
    .testTarget(name: "JSONReadingTests", dependencies: ["JSONReading"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors"]),
    .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints"]),
    .testTarget(name: "TokenizationTests", dependencies: ["Tokenization", "JSONReading"]),
    .testTarget(name: "EncodersTests", dependencies: ["Encoders", "Checkpoints", "CAllocator"]),
    .target(name: "CAllocator", path: "Tests/CAllocator"),
    .testTarget(name: "AttributionTests", dependencies: ["Attribution", "Encoders", "Checkpoints"]),
    .testTarget(name: "ScriptingTests", dependencies: ["Scripting", "Fuzzing"]),
    .testTarget(name: "RenderingTests", dependencies: ["Rendering", "Fuzzing"]),
    .testTarget(
      name: "MeasurementTests", dependencies: ["Measurement", "Attribution", "Encoders", "Checkpoints"]),
    .testTarget(name: "ShellTests", dependencies: ["Shell", "Fuzzing"]),
    .testTarget(
      name: "LineEditingTests",
      dependencies: ["LineEditing", "PseudoTerminals", "Fuzzing", "line-editing-probe"]),
    .testTarget(name: "EndToEndTests", dependencies: ["ipsh", "PseudoTerminals"]),

    // Random inputs for readers, in short runs as tests and in long ones by a program
    .target(
      name: "Fuzzing",
      dependencies: [
        "Checkpoints", "Faults", "JSONReading", "LineEditing", "Measurement", "Rendering", "Results",
        "Scripting",
        "Shell", "Tensors", "Tokenization",
      ],
      path: "Tests/Fuzzing"),
    .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing"]),
    .executableTarget(name: "fuzz", dependencies: ["Fuzzing"], path: "Tests/FuzzingProgram"),

    // What the tests that run programs share
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .target(
      name: "PseudoTerminals", dependencies: ["CPseudoTerminal"], path: "Tests/PseudoTerminals"),
    .executableTarget(
      name: "line-editing-probe", dependencies: ["LineEditing"], path: "Tests/LineEditingProbe"),
  ],
  swiftLanguageModes: [.v6]
)
