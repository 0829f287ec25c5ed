"""A Jupyter kernel of ipsh: cells go to `ipsh --serve`, replies come back as outputs.

`ipsh jupyter install` puts this file beside its kernel.json, which names the program. It needs ipykernel.
"""

import json
import os
import signal
import subprocess
import threading
import time
import uuid

from ipykernel.kernelapp import IPKernelApp
from ipykernel.kernelbase import Kernel

MEDIA_TYPES = ["text/plain", "text/html", "image/svg+xml"]


def specification():
    """The kernel.json beside this file."""
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "kernel.json"), encoding="utf-8") as file:
        return json.load(file)["metadata"]["ipsh"]


class ProgramEnded(Exception):
    """The program has ended in the midst of a request, or before it."""


class Program:
    """`ipsh --serve` in a process of its own."""

    def __init__(self, path):
        self.process = subprocess.Popen([path, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.count = 0

    def ask(self, hear=None, **request):
        """The reply to a request; what comes before it goes to `hear`."""
        self.count += 1
        try:
            self.process.stdin.write(json.dumps({"id": self.count, **request}).encode() + b"\n")
            self.process.stdin.flush()
            while line := self.process.stdout.readline():
                message = json.loads(line)
                if "results" in message:
                    if "finished" in message:
                        self.process.wait()
                    return message
                if hear:
                    hear(message)
        except (OSError, ValueError):
            pass
        raise ProgramEnded(self.ending())

    def ending(self):
        status = self.process.wait()
        return f"by {signal.Signals(-status).name}" if status < 0 else f"with exit code {status}"

    @property
    def is_running(self):
        return self.process.poll() is None

    def interrupt(self):
        if self.is_running:
            self.process.send_signal(signal.SIGINT)

    def end(self):
        """It ends at the end of its input, unless it is in the midst of something."""
        self.process.stdin.close()
        try:
            self.process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


class forwarding_interrupts:
    """While a cell runs, SIGINT is for the program. Jupyter sends it to the kernel, by itself or with its process group."""

    def __init__(self, program):
        self.program = program
        self.is_main = threading.current_thread() is threading.main_thread()

    def __enter__(self):
        if self.is_main:
            self.before = signal.signal(signal.SIGINT, lambda *_: self.program.interrupt())

    def __exit__(self, *_):
        if self.is_main:
            signal.signal(signal.SIGINT, self.before)


class Progress:
    """A line below a cell that takes long; what comes later replaces it, and at the end nothing."""

    def __init__(self, kernel):
        self.kernel = kernel
        self.start = time.monotonic()
        self.id = None

    def show(self, text):
        is_new = self.id is None
        if is_new:
            if not text or time.monotonic() - self.start < 1:
                return
            self.id = uuid.uuid4().hex
        content = {"data": {"text/plain": text}, "metadata": {}, "transient": {"display_id": self.id}}
        kind = "display_data" if is_new else "update_display_data"
        self.kernel.send_response(self.kernel.iopub_socket, kind, content)


class IpshKernel(Kernel):
    implementation = "ipsh"
    implementation_version = specification()["version"]
    banner = f"ipsh {implementation_version}: `help` lists the commands"
    language_info = {
        "name": "ipsh",
        "version": implementation_version,
        "mimetype": "text/x-ipsh",
        "file_extension": ".ipscript",
        # Its comments, strings and words are near enough.
        "codemirror_mode": "python",
        "pygments_lexer": "python",
    }

    def __init__(self, **options):
        super().__init__(**options)
        self.program = Program(specification()["program"])
        self.progress = Progress(self)
        self.loss = None

    def ask(self, hear=None, **request):
        """Asks the program, which is started anew where it has ended."""
        self.revive()
        with forwarding_interrupts(self.program):
            return self.program.ask(hear, **request)

    def revive(self):
        """The next cell is told what is lost."""
        if not self.program.is_running:
            self.loss = self.loss or f"ipsh has ended {self.program.ending()}; what was bound is lost."
            self.program = Program(specification()["program"])

    # Cells

    def do_execute(self, code, silent, store_history=True, user_expressions=None, allow_stdin=False, **_):
        if not code.strip():
            return self.succeeded()
        self.progress = Progress(self)
        self.revive()
        if self.loss and not silent:
            self.write("stderr", self.loss)
            self.loss = None
        hear = (lambda message: None) if silent else self.hear
        try:
            reply = self.ask(
                hear, code=code, name=f"In [{self.execution_count}]", mime=MEDIA_TYPES, values=False, stream=True, width=110
            )
        except ProgramEnded as end:
            text = f"ipsh has ended {end}; the next cell starts it anew."
            return self.failed("ProgramEnded", text, [text], silent)
        error = reply["error"]
        if error is None:
            return self.succeeded()
        return self.failed(error["code"], error["message"], self.traceback(error), silent)

    def succeeded(self):
        return {"status": "ok", "execution_count": self.execution_count, "payload": [], "user_expressions": {}}

    def failed(self, name, value, traceback, silent):
        content = {"ename": name, "evalue": value, "traceback": traceback}
        if not silent:
            self.send_response(self.iopub_socket, "error", content)
        return {"status": "error", "execution_count": self.execution_count, **content}

    @staticmethod
    def traceback(error):
        """As on a terminal: `error:` and the carets in red."""
        red, plain = "\x1b[1;31m", "\x1b[0m"
        lines = error["text"].split("\n")
        lines[0] = lines[0].replace("error:", f"{red}error:{plain}", 1)
        return [f"{red}{line}{plain}" if line.strip(" ^~") == "" else line for line in lines]

    # What comes before the reply

    def hear(self, message):
        if "progress" in message:
            self.progress.show(message["progress"])
        elif "result" in message:
            self.show(message["result"]["mime"])
        elif "warning" in message:
            self.write("stderr", message["warning"]["text"])
        elif "note" in message:
            self.write("stdout", message["note"])

    def show(self, shown):
        if set(shown) == {"text/plain"}:
            self.write("stdout", shown["text/plain"])
        elif shown:
            self.send_response(self.iopub_socket, "display_data", {"data": shown, "metadata": {}})

    def write(self, name, text):
        if text:
            self.send_response(self.iopub_socket, "stream", {"name": name, "text": text + "\n"})

    # What the editor asks

    def do_complete(self, code, cursor_pos):
        nothing = {"status": "ok", "matches": [], "cursor_start": cursor_pos, "cursor_end": cursor_pos, "metadata": {}}
        try:
            reply = self.ask(complete=code, cursor=min(cursor_pos, len(code)))
        except ProgramEnded:
            return nothing
        if reply["error"]:
            return nothing
        start, end = reply["start"], reply["end"]
        described = [
            {"start": start, "end": end, "text": result["text"], "type": result["description"] or ""}
            for result in reply["results"]
        ]
        return {
            "status": "ok",
            "matches": [result["text"] for result in reply["results"]],
            "cursor_start": start,
            "cursor_end": end,
            "metadata": {"_jupyter_types_experimental": described},
        }

    def do_inspect(self, code, cursor_pos, detail_level=0, omit_sections=()):
        try:
            reply = self.ask(help=code, cursor=min(cursor_pos, len(code)))
        except ProgramEnded:
            reply = {"results": []}
        texts = [result["result"] for result in reply["results"]]
        data = {"text/plain": texts[0]} if texts else {}
        return {"status": "ok", "found": bool(texts), "data": data, "metadata": {}}

    def do_is_complete(self, code):
        try:
            reply = self.ask(is_complete=code)
        except ProgramEnded:
            return {"status": "unknown"}
        if reply["results"] == [False]:
            return {"status": "incomplete", "indent": "    "}
        return {"status": "complete"}

    def do_shutdown(self, restart):
        self.program.end()
        return {"status": "ok", "restart": restart}


if __name__ == "__main__":
    IPKernelApp.launch_instance(kernel_class=IpshKernel)
