import Faults
import Files
import Language
import LineEditing
import SystemCalls

/// The lines of standard input, as they come.
struct RequestLines {
  enum Line {
    /// Without its end.
    case request([UInt8])
    case tooLong
    case end
  }

  /// Of a line, in bytes.
  static let limit = 16 << 20

  private var buffer: [UInt8] = []
  /// Bytes of the buffer that hold no line end.
  private var searched = 0
  private var hasEnded = false
  /// Whether the rest of a line that is too long is to come.
  private var isTooLong = false

  /// Waits for a line. Who asks to stop while there is none asks an idle program, which has nothing to stop.
  ///
  /// - Throws: ``Interrupted`` on SIGTERM.
  mutating func next() throws -> Line {
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        return take(upTo: end, skipping: 1)
      }
      if hasEnded { return buffer.isEmpty && !isTooLong ? .end : take(upTo: buffer.count, skipping: 0) }
      if buffer.count > Self.limit {
        isTooLong = true
        buffer = []
      }
      searched = buffer.count
      try read()
    }
  }

  private mutating func take(upTo end: Int, skipping: Int) -> Line {
    defer {
      buffer.removeFirst(end + skipping)
      (searched, isTooLong) = (0, false)
    }
    return isTooLong || end > Self.limit ? .tooLong : .request(Array(buffer[..<end]))
  }

  private mutating func read() throws {
    try waitForInput()
    var part = [UInt8](repeating: 0, count: 1 << 16)
    let count = SystemCalls.read(STDIN_FILENO, &part, part.count)
    if count > 0 {
      buffer += part[..<count]
    } else if count == 0 {
      hasEnded = true
    } else if errno != EINTR, errno != EAGAIN {
      throw InputOutputFault.unreadable(path: "stdin", reason: String(cString: strerror(errno)))
    }
  }

  private func waitForInput() throws {
    // A signal between the check and the wait ends neither, so the wait is short.
    let milliseconds: Int32 = 100
    var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
    while true {
      let wasRequested = Interrupts.isRequested
      if Interrupts.isTermination { throw Interrupted() }
      if poll(&request, 1, wasRequested ? 0 : milliseconds) > 0 { return }
      // It came before the request that it could have meant.
      if wasRequested, !Interrupts.isTermination, buffer.isEmpty { Interrupts.clear() }
    }
  }
}
