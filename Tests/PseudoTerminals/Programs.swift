import CPseudoTerminal
import SystemCalls

/// What went wrong while a program was driven, with what it had shown.
public struct TerminalFailure: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

public struct ProgramResult: Sendable, Equatable {
  /// The exit code, or 128 + the signal that ended the program.
  public let status: Int32
  public let stdout: String
  public let stderr: String

  public init(status: Int32, stdout: String, stderr: String) {
    self.status = status
    self.stdout = stdout
    self.stderr = stderr
  }
}

/// The path of a program built beside the tests.
public func builtProgram(_ name: String) throws -> String {
  guard let file = path_of_this_code() else { throw TerminalFailure("cannot tell where the tests are") }
  defer { free(file) }
  var folder = String(cString: file)[...]
  // On macOS the tests lie some folders deep in a bundle beside the programs.
  while let slash = folder.lastIndex(of: "/") {
    folder = folder[..<slash]
    let candidate = folder + "/" + name
    if access(String(candidate), X_OK) == 0 { return String(candidate) }
  }
  throw TerminalFailure("no built program \(name) beside \(String(cString: file))")
}

/// Runs a program without a terminal until it ends, however much it reads and writes.
public func runProgram(
  executable: String, arguments: [String], stdin: String = "",
  environment: [String: String] = PseudoTerminal.plainEnvironment, directory: String? = nil
) throws -> ProgramResult {
  let pipes = try (0..<3).map { _ in try Pipe() }
  let process = withArguments([executable] + arguments, environment) { arguments, environment in
    program_start(
      executable, arguments, environment, directory,
      [pipes[0].reading, pipes[1].writing, pipes[2].writing])
  }
  guard process > 0 else { throw TerminalFailure("cannot start \(executable): \(systemError())") }
  pipes[0].closeReading()
  pipes[1].closeWriting()
  pipes[2].closeWriting()
  let (stdout, stderr) = exchange(stdin, input: pipes[0], outputs: [pipes[1], pipes[2]])
  var status: Int32 = 0
  while process_status(process, &status) == 0 { usleep(1000) }
  return ProgramResult(status: status, stdout: stdout, stderr: stderr)
}

/// Writes and reads at once, as each side is ready.
private func exchange(_ text: String, input: Pipe, outputs: [Pipe]) -> (String, String) {
  signal(SIGPIPE, SIG_IGN)
  _ = fcntl(input.writing, F_SETFL, O_NONBLOCK)
  var unwritten = Array(text.utf8)[...]
  var received: [[UInt8]] = [[], []]
  if unwritten.isEmpty { input.closeWriting() }
  while outputs.contains(where: { $0.reading >= 0 }) {
    // poll passes over negative descriptors.
    var sources = [
      pollfd(fd: input.writing, events: Int16(POLLOUT), revents: 0),
      pollfd(fd: outputs[0].reading, events: Int16(POLLIN), revents: 0),
      pollfd(fd: outputs[1].reading, events: Int16(POLLIN), revents: 0),
    ]
    guard poll(&sources, 3, -1) > 0 else { continue }
    if sources[0].revents != 0 { unwritten = feed(unwritten, to: input) }
    for (index, pipe) in outputs.enumerated() where sources[index + 1].revents != 0 {
      received[index] += drain(pipe)
    }
  }
  return (String(decoding: received[0], as: UTF8.self), String(decoding: received[1], as: UTF8.self))
}

private func feed(_ bytes: ArraySlice<UInt8>, to pipe: Pipe) -> ArraySlice<UInt8> {
  let count = bytes.withUnsafeBytes { write(pipe.writing, $0.baseAddress, $0.count) }
  let rest = bytes.dropFirst(max(0, count))
  let isBroken = count < 0 && errno != EAGAIN && errno != EINTR
  if rest.isEmpty || isBroken { pipe.closeWriting() }
  return isBroken ? [] : rest
}

private func drain(_ pipe: Pipe) -> ArraySlice<UInt8> {
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  let count = read(pipe.reading, &chunk, chunk.count)
  if count == 0 || (count < 0 && errno != EINTR) { pipe.closeReading() }
  return chunk.prefix(max(0, count))
}

private final class Pipe {
  private(set) var reading: Int32
  private(set) var writing: Int32

  init() throws {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { throw TerminalFailure("cannot open a pipe: \(systemError())") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    (reading, writing) = (ends[0], ends[1])
  }

  deinit {
    closeReading()
    closeWriting()
  }

  func closeReading() {
    if reading >= 0 { close(reading) }
    reading = -1
  }

  func closeWriting() {
    if writing >= 0 { close(writing) }
    writing = -1
  }
}

/// Calls with C's form of arguments and environment.
func withArguments<Result>(
  _ arguments: [String], _ environment: [String: String],
  _ body: ([UnsafeMutablePointer<CChar>?], [UnsafeMutablePointer<CChar>?]) -> Result
) -> Result {
  let words = arguments.map { strdup($0) } + [nil]
  let settings = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { (words + settings).forEach { free($0) } }
  return body(words, settings)
}

func systemError() -> String { String(cString: strerror(errno)) }

/// Seconds on a clock that only goes forward.
func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
