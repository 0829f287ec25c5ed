#!/usr/bin/env python3
"""Each module of this package that a target imports must be among its declared dependencies, and each dependency that
a target declares must be imported by it (or be a program that its tests run). Prints what is not so."""
import json
import pathlib
import re
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parent.parent
package = json.loads(subprocess.check_output(["swift", "package", "--package-path", root, "dump-package"]))
targets = {target["name"]: target for target in package["targets"]}
programs = {name for name, target in targets.items() if target["type"] == "executable"}
statement = re.compile(
    r"^\s*(?:@\w+ )*(?:public |package |internal |fileprivate |private )?import (?:(?:struct|class|enum|protocol|func|var) )?(\w+)",
    re.MULTILINE)


def dependencies(target):
    for dependency in target["dependencies"]:
        yield next(iter(dependency.values()))[0]


def imports(target):
    kind = "Tests" if target["type"] == "test" else "Sources"
    folder = root / (target.get("path") or f"{kind}/{target['name']}")
    return {name for file in folder.rglob("*.swift") for name in statement.findall(file.read_text())}


# Of the toolchain and the system; nobody declares them.
toolchain = {"Darwin", "Dispatch", "Foundation", "FoundationXML", "Glibc", "Musl", "Synchronization", "Testing"}
faults = []
for name, target in targets.items():
    if target["type"] == "system":
        continue
    declared, imported = set(dependencies(target)), imports(target) - toolchain - {name}
    faults += [f"{name} imports {module} without declaring it" for module in sorted(imported - declared)]
    faults += [f"{name} declares {module} without importing it" for module in sorted(declared - imported - programs)]
print("\n".join(faults), end="\n" if faults else "")
sys.exit(bool(faults))
