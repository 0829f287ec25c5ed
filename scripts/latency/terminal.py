"""The program on a pseudo-terminal, and as a process that a signal interrupts; times are in seconds."""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time

INTERRUPT = b"\x03"
_CONTROLS = re.compile(rb"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|[\r\x07]")
# Beside it stands ^C where the keys came when the command had just ended.
_PROMPT = re.compile(rb"(?:^|\n)(?:\^C)*[a-z0-9-]+(?:\[\d+\])?(?:\[out\])?> (?:\^C)*$")
# How long nothing follows what looks like a prompt.
_QUIET = 0.03


class Died(Exception):
    """The program ended, or gave no prompt in time."""


class Shell:
    """One interactive shell. `now` is when the last prompt came."""

    def __init__(self, program, folder, arguments=(), environment=None):
        self._tail = b""
        self._pid, self._terminal = pty.fork()
        if self._pid == 0:
            os.chdir(folder)
            os.execve(program, [program, "--no-init", "-q", *arguments], environment)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.prompt_time(60)

    def _read(self, seconds):
        """When something came; None for nothing."""
        if not select.select([self._terminal], [], [], max(0, seconds))[0]:
            return None
        try:
            part = os.read(self._terminal, 1 << 16)
        except OSError:
            part = b""
        if not part:
            raise Died(self.tail)
        # A prompt is found in the end of what came.
        self._tail = (self._tail + part)[-4096:]
        return time.monotonic()

    @property
    def tail(self):
        """The end of what was shown since the last keys, without control sequences."""
        return _CONTROLS.sub(b"", self._tail).decode("utf-8", "replace")

    def send(self, keys):
        self._tail = b""
        os.write(self._terminal, keys)

    def latency(self, keys=INTERRUPT, limit=60):
        """How long after the keys the next prompt comes; None where it had come before."""
        while self._read(0) is not None:
            pass
        if self._is_at_prompt():
            return None
        start = time.monotonic()
        os.write(self._terminal, keys)
        end = self.prompt_time(limit)
        if end is None:
            raise Died(f"no prompt in {limit} s")
        return end - start

    def _is_at_prompt(self):
        return _PROMPT.search(_CONTROLS.sub(b"", self._tail)) is not None

    def prompt_time(self, limit):
        """When the next prompt came; None when none came in `limit` seconds."""
        end = time.monotonic() + limit
        came = None
        while True:
            if came is not None and self._is_at_prompt():
                later = self._read(_QUIET)
                if later is None:
                    return came
                came = later
                continue
            now = time.monotonic()
            if now >= end:
                return None
            came = self._read(end - now) or came

    def type(self, line):
        """Types a line and returns when Enter was pressed."""
        self.send(line.encode())
        while self._read(_QUIET) is not None:
            pass
        self.send(b"\r")
        return time.monotonic()

    def run(self, line, limit=120):
        self.type(line)
        if self.prompt_time(limit) is None:
            raise Died(f"no prompt after {line!r}: {self.tail}")
        return self.tail

    def close(self):
        try:
            os.kill(self._pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self._pid, 0)
        os.close(self._terminal)


def seconds_to_end(program, folder, arguments, environment, interrupt_after=None, limit=120):
    """How long a process runs, or how long it goes on after SIGINT; None when it had ended before."""
    process = subprocess.Popen([program, "--no-init", *arguments], cwd=folder, env=environment, stdin=subprocess.DEVNULL,
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    start = time.monotonic()
    try:
        if interrupt_after is not None:
            try:
                process.wait(interrupt_after)
                return None
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGINT)
                start = time.monotonic()
        process.wait(limit)
        return time.monotonic() - start
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
