"""Drives the kernel `ipsh` as a front end does."""

import os
import signal
import subprocess
import time

from jupyter_client.manager import start_new_kernel

PATIENCE = 60

manager, client = start_new_kernel(kernel_name="ipsh")


def answer(message_id):
    """The reply to a request."""
    while True:
        message = client.get_shell_msg(timeout=PATIENCE)
        if message["parent_header"].get("msg_id") == message_id:
            return message["content"]


def run(code, when_running=None):
    """The outputs of a cell and its reply. `when_running` is called when its first output has come."""
    message_id = client.execute(code)
    outputs = []
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        kind, content = message["msg_type"], message["content"]
        if message["parent_header"].get("msg_id") != message_id or kind == "execute_input":
            continue
        if kind == "status":
            if content["execution_state"] == "idle":
                return outputs, answer(message_id)
            continue
        outputs.append((kind, content))
        if when_running:
            when_running, call = None, when_running
            call()


def text(outputs, name="stdout"):
    return "".join(content["text"] for kind, content in outputs if kind == "stream" and content["name"] == name)


def processes():
    """The coprocesses of this kernel."""
    group = os.getpgid(manager.provisioner.pid)
    found = subprocess.run(["ps", "-eo", "pid=,pgid=,args="], capture_output=True, text=True, check=True).stdout
    rows = [line.split(maxsplit=2) for line in found.splitlines()]
    return [int(pid) for pid, pgid, arguments in rows if int(pgid) == group and arguments.endswith("--serve")]


def passed(what):
    print("passed:", what)


outputs, reply = run("let x = 2\nprint x\nprint \"é🙂\"")
assert reply["status"] == "ok" and text(outputs) == "2\né🙂\n", (outputs, reply)
outputs, _ = run("print x + 1")
assert text(outputs) == "3\n", outputs
passed("a cell is a script, and what it binds stays")

outputs, reply = run("print 1\nprint [][x]\nprint 3")
kind, error = outputs[-1]
assert reply["status"] == "error" and kind == "error" and text(outputs) == "1\n", outputs
plain = "\n".join(error["traceback"]).replace("\x1b[1;31m", "").replace("\x1b[0m", "")
assert plain == "In [3]:2:10: error: index 2 into an empty list\n  print [][x]\n           ^", plain
assert error["ename"] == "index-range" and error["evalue"] == "index 2 into an empty list", error
passed("an error has its cell, its line and the caret")

run("def f(i) {\n    return [][i]\n}")
outputs, _ = run("f(1)")
assert any("In [4]:2:" in line for line in outputs[-1][1]["traceback"]), outputs
passed("an error in a function names the cell that defined it")

outputs, _ = run("warn \"careful\"")
assert "careful" in text(outputs, "stderr"), outputs
outputs, _ = run("table([{a: 1, b: \"<x>\"}])\nheatmap tensor([[1, 2], [3, 4]])")
kinds = [set(content["data"]) for kind, content in outputs if kind == "display_data"]
assert kinds == [{"text/plain", "text/html"}, {"text/plain", "image/svg+xml"}], outputs
assert "&lt;x&gt;" in outputs[0][1]["data"]["text/html"], outputs
passed("tables are HTML, drawings SVG")

started = []


def interrupt():
    started.append(time.monotonic())
    manager.interrupt_kernel()


outputs, reply = run("print 1\nwhile true { }", interrupt)
taken = time.monotonic() - started[0]
assert reply["status"] == "error" and outputs[-1][1]["ename"] == "interrupted" and taken < 1, (outputs, taken)
outputs, _ = run("print x")
assert text(outputs) == "2\n", outputs
outputs, reply = run("print 1\nwhile true { }", lambda: os.kill(manager.provisioner.pid, signal.SIGINT))
assert outputs[-1][1]["ename"] == "interrupted", outputs
outputs, _ = run("print x")
assert text(outputs) == "2\n", outputs
passed(f"interrupting stops the command ({taken:.3f} s) and keeps the session")

manager.interrupt_kernel()
# Nobody runs a cell in the same moment; the program has to have heard it while it was idle.
time.sleep(1)
outputs, reply = run("print x")
assert reply["status"] == "ok" and text(outputs) == "2\n", outputs
passed("interrupting an idle kernel is nothing")

code = "let größe = 1\nprint \"é🙂\"; forw"
found = answer(client.complete(code))
assert found["matches"] == ["forward"] and code[found["cursor_start"] : found["cursor_end"]] == "forw", found
found = answer(client.complete(code + "xyz", len(code)))
assert found["matches"] == ["forward"] and found["cursor_end"] == len(code), found
assert answer(client.complete("zzzz"))["matches"] == []
passed("completion comes from the program and counts characters")

found = answer(client.inspect("print \"é🙂\"; forward top=5", 20))
assert found["found"] and found["data"]["text/plain"].startswith("forward "), found
assert not answer(client.inspect("zzzz", 2))["found"]
assert answer(client.is_complete("for i in 0..<3 {"))["status"] == "incomplete"
assert answer(client.is_complete("print 1"))["status"] == "complete"
passed("help and whether a cell is complete come from the program")

outputs, _ = run("for i in 0..<2000 { print i }")
assert text(outputs) == "".join(f"{i}\n" for i in range(2000))
outputs, _ = run("let l = list(0..<100000)\nprint \"{l}\"")
assert text(outputs) == f"[{', '.join(map(str, range(100000)))}]\n", text(outputs)[:200]
passed("long output comes whole")

(program,) = processes()
os.kill(program, signal.SIGKILL)
end = time.monotonic() + PATIENCE
while processes() and time.monotonic() < end:
    time.sleep(0.01)
outputs, reply = run("print 1")
assert reply["status"] == "ok" and text(outputs) == "1\n" and "SIGKILL" in text(outputs, "stderr"), outputs
outputs, reply = run("print 1\nwhile true { }", lambda: os.kill(processes()[0], signal.SIGKILL))
assert reply["status"] == "error" and "SIGKILL" in outputs[-1][1]["evalue"], outputs
outputs, _ = run("print 2")
assert text(outputs) == "2\n", outputs
outputs, reply = run("quit")
assert reply["status"] == "ok", reply
outputs, _ = run("print 3")
assert text(outputs) == "3\n" and "exit code 0" in text(outputs, "stderr"), outputs
passed("the end of the program is told, and it starts anew")

manager.restart_kernel()
client.wait_for_ready(timeout=PATIENCE)
outputs, reply = run("print x")
assert reply["status"] == "error" and outputs[-1][1]["ename"] == "unknown-name", outputs
passed("restarting begins anew")

programs = processes()
manager.shutdown_kernel()
end = time.monotonic() + PATIENCE
while any(os.path.exists(f"/proc/{program}") for program in programs) and time.monotonic() < end:
    time.sleep(0.05)
assert programs and not any(os.path.exists(f"/proc/{program}") for program in programs), programs
passed("the program ends with its kernel")
