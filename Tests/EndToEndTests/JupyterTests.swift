import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

/// `ipsh jupyter install`, and the notebook that stays in the repository. That Jupyter runs it is for `scripts/check-python`.
@Suite struct JupyterTests {
  private struct Specification: Decodable {
    struct Metadata: Decodable {
      struct Program: Decodable {
        let program: String
        let version: String
      }
      let ipsh: Program
    }
    let argv: [String]
    let display_name: String
    let interrupt_mode: String
    let metadata: Metadata
  }

  private func run(_ arguments: [String], _ environment: [String: String] = [:], in folder: URL) throws
    -> ProgramResult
  {
    try runProgram(
      executable: builtProgram("ipsh"), arguments: ["jupyter"] + arguments,
      environment: testEnvironment.merging(["HOME": folder.path]) { $1 }.merging(environment) { $1 },
      directory: folder.path)
  }

  @Test func aKernelNamesThisProgram() throws {
    try withTemporaryFolder { folder in
      let result = try run(["install", "--prefix", "here"], in: folder)
      let kernel = folder.resolvingSymlinksInPath().appending(path: "here/share/jupyter/kernels/ipsh")
      #expect(result.status == 0 && result.stderr == "", "\(result.stderr)")
      #expect(result.stdout == "installed \(kernel.path)\n")
      let data = try Data(contentsOf: kernel.appending(path: "kernel.json"))
      let specification = try JSONDecoder().decode(Specification.self, from: data)
      #expect(specification.argv == ["python3", "{resource_dir}/kernel.py", "-f", "{connection_file}"])
      #expect(specification.display_name == "ipsh" && specification.interrupt_mode == "signal")
      let program = specification.metadata.ipsh
      let version = try ipsh(["--version"]).stdout
      #expect(version.hasPrefix("ipsh \(program.version) ("))
      let named = try runProgram(
        executable: program.program, arguments: ["--version"], environment: testEnvironment)
      #expect(named.stdout == version)
      let source = try String(contentsOf: kernel.appending(path: "kernel.py"), encoding: .utf8)
      #expect(
        source
          == (try String(
            contentsOf: checkout.appending(path: "Sources/ipsh/Resources/kernel.py"), encoding: .utf8)))
    }
  }

  @Test(
    arguments: [
      ([], [:], ".local/share/jupyter"), (["--user"], ["XDG_DATA_HOME": "{}/x"], "x/jupyter"),
      ([], ["JUPYTER_DATA_DIR": "{}/j"], "j"), (["--sys-prefix"], ["VIRTUAL_ENV": "{}/v"], "v/share/jupyter"),
      (["--sys-prefix"], ["CONDA_PREFIX": "{}/c"], "c/share/jupyter"),
    ] as [([String], [String: String], String)])
  func itIsPutWhereJupyterLooksAndTakenAway(options: [String], environment: [String: String], place: String)
    throws
  {
    try withTemporaryFolder { folder in
      let environment = environment.mapValues { $0.replacing("{}", with: folder.path) }
      let kernel = folder.appending(path: "\(place)/kernels/ipsh")
      for _ in 0..<2 { #expect(try run(["install"] + options, environment, in: folder).status == 0) }
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: kernel.path).sorted() == [
          "kernel.json", "kernel.py",
        ])
      #expect(try run(["uninstall"] + options, environment, in: folder).status == 0)
      #expect(!FileManager.default.fileExists(atPath: kernel.path))
      let again = try run(["uninstall"] + options, environment, in: folder)
      #expect(
        again.status == 1 && again.stderr == "error: there is no kernel at \(kernel.path)\n",
        "\(again.stderr)")
    }
  }

  @Test func filesOfOthersStay() throws {
    try withTemporaryFolder { folder in
      let kernel = folder.appending(path: "share/jupyter/kernels/ipsh")
      try FileManager.default.createDirectory(at: kernel, withIntermediateDirectories: true)
      try Data().write(to: kernel.appending(path: "mine.txt"))
      for verb in ["install", "uninstall"] {
        let result = try run([verb, "--prefix", folder.path], in: folder)
        #expect(result.status == 1 && result.stderr.contains("holds other files"), "\(result.stderr)")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: kernel.path) == ["mine.txt"])
    }
  }

  @Test func mistakesAreUsageErrors() throws {
    try withTemporaryFolder { folder in
      #expect(try run(["instal"], in: folder).status == 2)
      #expect(try run(["install", "--user", "--sys-prefix"], in: folder).status == 2)
      let nowhere = try run(["install", "--sys-prefix"], in: folder)
      #expect(
        nowhere.status == 1 && nowhere.stderr.contains("note: activate it, or name it: --prefix FOLDER"))
      let help = try run(["install", "--help"], in: folder)
      #expect(help.status == 0 && help.stdout.contains("--sys-prefix") && help.stdout.contains("ipykernel"))
      #expect(try run([], in: folder).stdout.contains("uninstall"))
      try Data().write(to: folder.appending(path: "file"))
      let unwritable = try run(["install", "--prefix", "file"], in: folder)
      #expect(unwritable.status == 1 && unwritable.stderr.hasPrefix("error: "), "\(unwritable.stderr)")
    }
  }

  /// Outputs would differ with every machine, and hide what a cell prints now.
  @Test func theNotebookHasNoOutputs() throws {
    struct Notebook: Decodable {
      struct Cell: Decodable {
        let cell_type: String
        let execution_count: Int?
        let outputs: [[String: String]]?
        let source: [String]
      }
      struct Metadata: Decodable {
        struct Kernel: Decodable { let name: String }
        let kernelspec: Kernel
      }
      let cells: [Cell]
      let metadata: Metadata
    }
    let path = checkout.appending(path: "scripts/examples/tour.ipynb")
    let notebook = try JSONDecoder().decode(Notebook.self, from: Data(contentsOf: path))
    let code = notebook.cells.filter { $0.cell_type == "code" }
    #expect(notebook.metadata.kernelspec.name == "ipsh" && code.count > 5)
    #expect(code.allSatisfy { $0.execution_count == nil && $0.outputs?.isEmpty == true })
    // Its cells are a script, which runs.
    let result = try ipsh(["-q", "-c", code.map { $0.source.joined() }.joined(separator: "\n")])
    #expect(result.status == 0, "\(result.stderr)")
  }
}
