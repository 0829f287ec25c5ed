import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

/// Numbers in files and options that nothing stands behind: they are checked before anything of their size is made.
@Suite struct NumbersFromOutsideTests {
  private let values: [Any] = [
    0, -1, 1_000_000_000, 4_000_000_000_000_000_000, 1.5, "12", NSNull(), [1], true,
  ]

  /// Runs a script with little memory to spare, which has to reach its end.
  private func run(_ lines: [String]) throws -> ProgramResult {
    try withTemporaryFolder { folder in
      let script = folder.appending(path: "s.ipscript")
      try Data((lines + ["print \"end\""]).joined(separator: "\n").utf8).write(to: script)
      return try runProgram(
        executable: "/bin/sh",
        arguments: [
          "-c",
          "ulimit -v 3000000; exec timeout -s KILL 300 '\(try builtProgram("ipsh"))' -q '\(script.path)'",
        ],
        environment: testEnvironment)
    }
  }

  private func caught(_ command: String) -> String { "try { \(command) } catch e { print e.code }" }

  /// Every number of a configuration in turn; the model loads or is refused, and is checked the same way.
  @Test func configurations() throws {
    let fixture = FixtureFiles.model("three-classes")
    let config = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: fixture.appending(path: "config.json")))
        as? [String: Any])
    let fields = Set(config.filter { $0.value is NSNumber }.keys).union([
      "num_labels", "num_hidden_layers", "hidden_size", "num_attention_heads", "intermediate_size",
      "vocab_size",
      "max_position_embeddings", "type_vocab_size", "layer_norm_eps", "pad_token_id",
    ])
    try withTemporaryFolder { folder in
      var lines: [String] = []
      for field in fields.sorted() {
        for (index, value) in values.enumerated() {
          let model = folder.appending(path: "\(field)-\(index)")
          try FileManager.default.createDirectory(at: model, withIntermediateDirectories: false)
          for file in try FileManager.default.contentsOfDirectory(atPath: fixture.path)
          where file != "config.json" {
            try FileManager.default.createSymbolicLink(
              at: model.appending(path: file), withDestinationURL: fixture.appending(path: file))
          }
          var changed = config
          changed[field] = value
          if field == "num_labels" { changed["id2label"] = nil }
          try JSONSerialization.data(withJSONObject: changed).write(to: model.appending(path: "config.json"))
          lines.append(caught("load \"\(model.path)\"; print len(model.labels)"))
        }
      }
      let result = try run(lines)
      let printed = result.stdout.split(separator: "\n")
      #expect(
        result.status == 0 && printed.last == "end",
        "\(result.stderr.suffix(300)) after \(printed.count) lines")
      #expect(printed.contains("wrong-shape") || printed.contains { $0.contains("shape") }, "\(Set(printed))")
    }
  }

  /// Sizes in the headers of arrays.
  @Test func headersOfArrays() throws {
    try withTemporaryFolder { folder in
      var lines: [String] = []
      let numbers = [
        "0", "-1", "3", "1000000000", "4000000000000000000", "9223372036854775807", "1.5", "\"3\"",
      ]
      for (index, size) in numbers.enumerated() {
        for (number, shape) in ["[\(size)]", "[0, \(size)]", "[\(size), \(size), 0]", "[\(size), 2]"]
          .enumerated()
        {
          let npy = folder.appending(path: "\(index)-\(number).npy")
          try numpyFile(shape: shape.dropFirst().dropLast() + ",", bytes: 12).write(to: npy)
          let tensors = folder.appending(path: "\(index)-\(number).safetensors")
          let header = "{\"a\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[0,12]}}"
          try safetensors(header, bytes: 12).write(to: tensors)
          lines += [caught("read(\"\(npy.path)\")"), caught("read(\"\(tensors.path)\")")]
        }
        for offsets in ["[0, \(size)]", "[\(size), 12]"] {
          let tensors = folder.appending(path: "\(index)-\(offsets.count).safetensors")
          let header = "{\"a\":{\"dtype\":\"F32\",\"shape\":[3],\"data_offsets\":\(offsets)}}"
          try safetensors(header, bytes: 12).write(to: tensors)
          lines.append(caught("read(\"\(tensors.path)\")"))
        }
      }
      for length in [UInt64.max, 1 << 62, 1_000_000_000] {
        let file = folder.appending(path: "\(length).safetensors")
        try (withUnsafeBytes(of: length.littleEndian) { Data($0) } + Data("{}".utf8)).write(to: file)
        lines.append(caught("read(\"\(file.path)\")"))
      }
      let result = try run(lines)
      #expect(result.status == 0 && result.stdout.hasSuffix("end\n"), "\(result.stderr.suffix(300))")
    }
  }

  private func numpyFile(shape: String, bytes: Int) -> Data {
    let header = Data("{'descr': '<f4', 'fortran_order': False, 'shape': (\(shape)), }\n".utf8)
    return Data([0x93]) + Data("NUMPY".utf8)
      + Data([1, 0, UInt8(header.count & 0xFF), UInt8(header.count >> 8)])
      + header + Data(count: bytes)
  }

  private func safetensors(_ header: String, bytes: Int) -> Data {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
      + Data(count: bytes)
  }

  /// Options, arguments and settings that count something.
  @Test func options() throws {
    let commands = [
      "range(N)", "range(0, N, step=0.001)", "list(0..<N)", "tensor(0..<N)", "sum(0..<N)", "top([1, 2], N)",
      "head([1, 2], N)", "round(1, N)", "[1, 2][N]", "\"ab\"[N]", "(0..<N)[1]", "reverse(0..<N)",
      "len(0..<N)",
      "unique(0..<N)", "zip(0..<N, 0..<N)", "softmax(0..<N)", "join(0..<N)", "concat([1], 0..<N)",
      "forward(top=N)", "forward(position=N)", "patterns(points=N, words=[1])",
      "patterns(beam=N, words=[1], points=3)",
      "influence(points=N)", "sweep(heads, on=sva_obj, rows=2, layers=N)", "measure(sva_obj, rows=2 + 0 * N)",
      "text \"a [MASK] .\" \nqoi is at=N", "history(N)",
      "set precision N", "set max_rows N", "set max_turns N", "set seed N", "set threads N",
      "set tolerance N",
      "set max_memory \"{N}\"", "seed N", "weight(\"bert.pooler.dense.bias\")[N]", "L0.pattern[N]",
      "LN.pattern",
    ]
    let numbers = ["0", "-1", "1e9", "4e18", "9007199254740992", "1.5", "\"7\""]
    var lines = ["load \"demo\"", "text \"a [MASK] .\"", "qoi is - are"]
    for command in commands {
      for number in numbers {
        // `reset` would unload the model.
        lines += [
          "let N = \(number)", caught(command), "set precision 5", "set threads 1", "set max_turns 10000000",
        ]
        lines += ["set max_memory \"2G\"", "set max_rows 60"]
      }
    }
    let result = try run(lines)
    #expect(
      result.status == 0 && result.stdout.hasSuffix("end\n"), "\(result.status) \(result.stderr.suffix(600))")
  }
}
