import FixtureFiles
import Foundation
import PseudoTerminals
import Testing

/// The program as it lies in an installation. That `scripts/install` lays it out so is for `scripts/check-installation`.
@Suite struct InstallationTests {
  @Test func theVersionNamesWhatResultsDependOn() throws {
    let result = try ipsh(["--version"])
    #expect((result.status, result.stderr) == (0, ""))
    let form = try Regex(
      #"ipsh \d+\.\d+\.\d+ \(commit (unknown|[0-9a-f]{7,40}(-dirty)?)\)\n"#
        + #"OpenBLAS \d+\.\d+\.\d+[^,\n]*, kernel \w+(\+avx512)?, (1 thread|\d+ threads)\n"#)
    #expect(result.stdout.wholeMatch(of: form) != nil, "\(result.stdout)")
  }

  /// It is what the records of sessions say.
  @Test func theVersionIsThatOfRecords() throws {
    try withTemporaryFolder { folder in
      let result = try ipsh(["-q", "-c", "record \"r.ipscript\"\nprint 1"], directory: folder.path)
      #expect(result.status == 0, "\(result.stderr)")
      let record = try String(contentsOf: folder.appending(path: "r.ipscript"), encoding: .utf8)
      let version = try ipsh(["--version"]).stdout
      let fields = try #require(
        record.firstMatch(of: /version=(\S+) kernels=(\S+) blas="([^"]+)" threads=(\d+)/))
      #expect(version.hasPrefix("ipsh \(fields.1) ("))
      #expect(version.contains("\n\(fields.3), kernel \(fields.2), \(fields.4) thread"))
    }
  }

  @Test func modelsAreFoundFromWhereTheProgramLies() throws {
    try withTemporaryFolder { folder in
      let program = try install(in: folder, withModels: true)
      let link = folder.appending(path: "link")
      try FileManager.default.createSymbolicLink(at: link, withDestinationURL: program)
      for path in [program.path, link.path] {
        let result = try run(path)
        #expect((result.status, result.stdout) == (0, "demo\n"), "\(result.stderr)")
      }
    }
  }

  @Test func aMissingModelIsNamedWithThePlaces() throws {
    try withTemporaryFolder { folder in
      let result = try run(install(in: folder, withModels: false).path)
      let prefix = folder.resolvingSymlinksInPath().path
      #expect(result.status == 1)
      #expect(
        result.stderr.contains(
          "the embedded model \"demo\" is not installed: looked at "
            + "\(prefix)/share/ipsh/models/demo, \(prefix)/bin/ipsh_Checkpoints."), "\(result.stderr)")
    }
  }

  @Test(arguments: [("bash", "complete -o filenames"), ("zsh", "#compdef ipsh"), ("fish", "complete -c")])
  func completionScriptsOfferScripts(shell: String, mark: String) throws {
    let result = try ipsh(["--generate-completion-script", shell])
    #expect(result.status == 0 && result.stdout.contains(mark), "\(result.stderr)")
    #expect(result.stdout.contains("ipscript"))
    #expect(result.stdout.contains("bless-all"))
  }

  private func run(_ program: String) throws -> ProgramResult {
    try runProgram(
      executable: program, arguments: ["-q", "-m", "demo", "-c", "print model().name"],
      environment: testEnvironment, directory: "/")
  }

  /// - Returns: the program, in `bin` below the folder.
  private func install(in prefix: URL, withModels: Bool) throws -> URL {
    let files = FileManager.default
    let (bin, share) = (prefix.appending(path: "bin"), prefix.appending(path: "share/ipsh"))
    for folder in [bin, share] { try files.createDirectory(at: folder, withIntermediateDirectories: true) }
    let program = bin.appending(path: "ipsh")
    try files.copyItem(atPath: builtProgram("ipsh"), toPath: program.path)
    if withModels {
      try files.createSymbolicLink(
        at: share.appending(path: "models"),
        withDestinationURL: checkout.appending(path: "Sources/Checkpoints/Resources"))
    }
    return program
  }
}
