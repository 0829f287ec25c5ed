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

// What `ipsh --version` calls the commit. The scripts set it (scripts/release.sh): a manifest is evaluated anew when its
// environment changes, but not when git's state does, so `Context.gitInformation` would name an old commit.
let commit = Context.environment["IPSH_COMMIT"] ?? "unknown"

let real = Target.Dependency.product(name: "RealModule", package: "swift-numerics")
let orderedCollections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")

let package = Package(
  name: "ipsh",
  products: [.executable(name: "ipsh", targets: ["ipsh"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.1.0"),
    .package(url: "https://github.com/apple/swift-numerics", from: "1.0.0"),
  ],
  targets: [
    // C
    .systemLibrary(
      name: "COpenBLAS", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CPCRE2", pkgConfig: "libpcre2-32", providers: [.apt(["libpcre2-dev"]), .brew(["pcre2"])]),
    .target(name: "CKernels", cSettings: kernelFlags),
    .target(name: "CMappedFiles"),
    .target(name: "CMemoryUse"),
    .target(name: "CStackBounds"),
    .target(name: "CRevision", cSettings: [.define("IPSH_COMMIT", to: "\"\(commit)\"")]),
    .target(name: "CLineEdit", linkerSettings: [.linkedLibrary("edit")]),

    // Engine
    .target(name: "SystemCalls"),
    .target(name: "ExactText", dependencies: ["SystemCalls", orderedCollections]),
    .target(name: "Faults", dependencies: ["CMemoryUse", "ExactText", "SystemCalls"]),
    .target(name: "JSONReading", dependencies: ["ExactText", "Faults"]),
    .target(name: "Tensors", dependencies: ["Faults", "SystemCalls", "COpenBLAS", "CKernels", real]),
    .target(
      name: "Files",
      dependencies: [
        "ExactText", "Faults", "JSONReading", "SystemCalls", "Tensors", "CKernels", "CMappedFiles", "CZlib",
      ]),
    .target(
      name: "Checkpoints",
      dependencies: ["ExactText", "Faults", "Files", "JSONReading", "Tensors"],
      resources: [.copy("Resources/demo"), .copy("Resources/demo-gpt2")]),
    .target(name: "Tokenization", dependencies: ["ExactText", "Faults", "JSONReading", "CPCRE2"]),
    .target(
      name: "Transformers", dependencies: ["ExactText", "Faults", "SystemCalls", "Tensors", "CKernels", real]),

    .target(
      name: "Measurement",
      dependencies: [
        "ExactText", "Faults", "Files", "JSONReading", "Tensors", "Transformers", "Attribution", real,
      ],
      exclude: ["Experiments/RESULTS.md", "Resources/SOURCES.md"],
      resources: [
        .embedInCode("Resources/sva_obj.tsv"), .embedInCode("Resources/sva_subj.tsv"),
        .embedInCode("Resources/sva_comp.tsv"), .embedInCode("Resources/sva_prep.tsv"),
        .embedInCode("Resources/reflexive_number.tsv"), .embedInCode("Resources/reflexive_gender.tsv"),
        .embedInCode("Resources/sst2.tsv"), .embedInCode("Resources/ioi.tsv"),
        .embedInCode("Resources/greater_than.tsv"),
      ]),

    .target(name: "Attribution", dependencies: ["Faults", "Tensors", "Transformers", "CKernels", real]),

    // Language and results
    .target(name: "Scripting", dependencies: ["ExactText"]),
    .target(name: "Results", dependencies: ["ExactText", "Faults", "Tensors"]),
    .target(
      name: "Rendering",
      dependencies: [
        "ExactText", "Faults", "Files", "JSONReading", "Results", "SystemCalls", "Tensors", real,
      ],
      resources: [
        .embedInCode("Pages/page.css"), .embedInCode("Pages/patterns.js"),
        .embedInCode("Pages/attention.css"),
        .embedInCode("Pages/attention.js"), .embedInCode("Pages/weights.js"), .embedInCode("Pages/map.js"),
      ]),

    // The shell
    .target(
      name: "Language",
      dependencies: [
        "CStackBounds", "ExactText", "Faults", "Files", "JSONReading", "Rendering", "Results", "Scripting",
        "SystemCalls", "Tensors", real,
      ]),
    .target(
      name: "Workbench",
      dependencies: [
        "Attribution", "Checkpoints", "Transformers", "ExactText", "Faults", "Files", "JSONReading",
        "Language",
        "Measurement", "Rendering", "Results", "Scripting", "SystemCalls", "Tensors", "Tokenization", real,
      ],
      exclude: ["Documentation"]),
    .target(name: "LineEditing", dependencies: ["ExactText", "Faults", "Files", "SystemCalls", "CLineEdit"]),
    .executableTarget(
      name: "ipsh",
      dependencies: [
        "CRevision", "ExactText", "Faults", "Files", "JSONReading", "Language", "LineEditing", "Results",
        "Scripting", "SystemCalls", "Tensors", "Workbench",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      exclude: ["ipsh.1"], resources: [.embedInCode("Resources/kernel.py")]),
    .executableTarget(
      name: "ipsh-bench",
      dependencies: [
        "Attribution", "Checkpoints", "Measurement", "SystemCalls", "Tensors", "Tokenization", "Transformers",
      ]),

    // Tests
    .testTarget(name: "ExactTextTests", dependencies: ["ExactText"]),
    .testTarget(name: "JSONReadingTests", dependencies: ["JSONReading"]),
    .testTarget(name: "TensorsTests", dependencies: ["Tensors", "CKernels"]),
    .testTarget(
      name: "FilesTests",
      dependencies: [
        "Faults", "Files", "FixtureFiles", "ScratchFolders", "SystemCalls", "Tensors",
      ]),
    .testTarget(
      name: "CheckpointsTests",
      dependencies: ["Checkpoints", "Faults", "Files", "FixtureFiles", "ScratchFolders", "Tensors"]),
    .testTarget(
      name: "TokenizationTests", dependencies: ["ExactText", "FixtureFiles", "JSONReading", "Tokenization"]),
    .testTarget(
      name: "TransformersTests",
      dependencies: [
        "CAllocator", "Transformers", "Checkpoints", "ExactText", "FamilyFixtures", "Faults", "FixtureFiles",
        "Tensors",
      ]),
    .target(name: "CAllocator", path: "Tests/CAllocator"),
    .testTarget(
      name: "AttributionTests",
      dependencies: [
        "Attribution", "Transformers", "Checkpoints", "FamilyFixtures", "Faults", "FixtureFiles", "Tensors",
      ]),
    .testTarget(name: "ScriptingTests", dependencies: ["Scripting", "Fuzzing"]),
    .testTarget(
      name: "RenderingTests",
      dependencies: ["Rendering", "Faults", "Files", "Fuzzing", "Results", "ScratchFolders", "Tensors"]),
    .testTarget(
      name: "MeasurementTests",
      dependencies: [
        "Measurement", "Attribution", "Checkpoints", "Transformers", "FamilyFixtures", "Faults",
        "FixtureFiles",
        "Tensors",
      ]),
    .testTarget(name: "LanguageTests", dependencies: ["Language", "Results", "Scripting", "Tensors"]),
    .testTarget(
      name: "WorkbenchTests",
      dependencies: [
        "Workbench", "Language", "Transformers", "Faults", "FixtureFiles", "Fuzzing", "Measurement",
        "Rendering",
        "Results", "Scripting",
        "Tensors",
      ]),
    .testTarget(
      name: "LineEditingTests",
      dependencies: [
        "LineEditing", "Faults", "Files", "PseudoTerminals", "Fuzzing", "SystemCalls", "line-editing-probe",
      ]),
    .testTarget(
      name: "EndToEndTests",
      dependencies: ["ipsh", "FixtureFiles", "Language", "PseudoTerminals", "SystemCalls", "Workbench"]),

    // Random inputs for readers, in short runs as tests and in long ones by a program
    .target(
      name: "Fuzzing",
      dependencies: [
        "Checkpoints", "Faults", "JSONReading", "LineEditing", "Measurement", "Rendering", "Results",
        "ScratchFolders", "Scripting", "Language", "Tensors", "Tokenization", "Workbench",
      ],
      path: "Tests/Fuzzing"),
    .testTarget(name: "FuzzingTests", dependencies: ["Fuzzing"]),
    .executableTarget(name: "fuzz", dependencies: ["Fuzzing"], path: "Tests/FuzzingProgram"),

    // Where fixtures are
    .target(name: "FixtureFiles", path: "Tests/FixtureFiles"),
    .target(
      name: "FamilyFixtures",
      dependencies: ["Checkpoints", "ExactText", "FixtureFiles", "Tensors", "Transformers"],
      path: "Tests/FamilyFixtures"),

    // What the tests that run programs share
    .target(name: "CPseudoTerminal", path: "Tests/CPseudoTerminal"),
    .target(
      name: "PseudoTerminals", dependencies: ["CPseudoTerminal", "SystemCalls"],
      path: "Tests/PseudoTerminals"),
    .executableTarget(
      name: "line-editing-probe", dependencies: ["LineEditing", "SystemCalls"],
      path: "Tests/LineEditingProbe"),

    // What the tests of files share
    .target(name: "ScratchFolders", dependencies: ["Faults", "Files"], path: "Tests/ScratchFolders"),
  ],
  swiftLanguageModes: [.v6]
)
