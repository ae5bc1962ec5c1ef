#!/usr/bin/env python3
"""Runs clang-tidy over the project's C++ files, as many at once as there are cores, and remembers what passed.

Usage: lint_cpp.py COMPILE_COMMANDS... [-- FILE...]: the first database that has a file decides its flags. A file that
passed is not looked at again until it, one of our headers that it includes, its flags or .clang-tidy changes
(build/lint/).
"""
import concurrent.futures
import functools
import hashlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSED = ROOT / "build" / "lint"
CLANG_TIDY = str(ROOT / "build" / "lint-tools" / "bin" / "clang-tidy")  # scripts/setup-lint.sh
FOLDERS = ("ingest", "service", "cli", "bench", "tests")
OWN_INCLUDE = re.compile(r'^\s*#\s*include\s*"((?:%s)/[^"]+|inlet/[^"]+)"' % "|".join(FOLDERS), re.MULTILINE)
# Warnings of g++ that clang does not know are no matter of lint.
EXTRA = ["--extra-arg=-Wno-unknown-warning-option", "--extra-arg=-Wno-unused-command-line-argument"]


@functools.lru_cache(maxsize=None)
def included_files(path):
    """The file and all of our own that it includes, however deep. What is generated counts through its .proto file."""
    found, todo = set(), [path]
    while todo:
        file = todo.pop()
        if file in found or not file.is_file():
            continue
        found.add(file)
        for header in OWN_INCLUDE.findall(file.read_text(errors="replace")):
            proto = re.sub(r"(\.grpc)?\.pb\.h$", ".proto", header)
            todo.append(ROOT / ("proto/" + proto if header.startswith("inlet/") else header))
    return sorted(found)


def flags_of(entry):
    words = entry.get("arguments") or shlex.split(entry["command"])
    return [word for word in words if word.startswith(("-I", "-D", "-std", "-isystem"))]


def key_of(path, entry, version):
    digest = hashlib.sha256(version + (ROOT / ".clang-tidy").read_bytes() + json.dumps(flags_of(entry)).encode())
    for file in included_files(path):
        digest.update(str(file.relative_to(ROOT)).encode() + file.read_bytes())
    return digest.hexdigest()


# A header that g++ has precompiled means nothing to clang, and would hide that a test does not name what it uses; the
# headers of the sanitizers are not there.
def for_clang_tidy(command):
    return re.sub(r" -include \S+/cmake_pch\.hxx| -Winvalid-pch| -fpch-preprocess| -fsanitize=\S+", "", command)


def entries(databases):
    chosen = {}
    for database in databases:
        for entry in json.loads(pathlib.Path(database).read_text()):
            path = pathlib.Path(entry["directory"], entry["file"]).resolve()
            ours = path.is_relative_to(ROOT) and path.relative_to(ROOT).parts[0] in FOLDERS
            if ours and path.is_file() and path not in chosen:
                chosen[path] = entry | {"command": for_clang_tidy(entry["command"])}
    return chosen


def lint(path):
    started = time.monotonic()
    run = subprocess.run([CLANG_TIDY, "--quiet", "-p", str(PASSED), *EXTRA, str(path)], cwd=ROOT,
                         capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    # Without a warning, clang-tidy still counts on standard error those that it has not shown.
    return run.returncode, run.stdout + (run.stderr if run.returncode and not run.stdout else ""), time.monotonic() - started


def main():
    arguments = sys.argv[1:]
    split = arguments.index("--") if "--" in arguments else len(arguments)
    only = {pathlib.Path(file).resolve() for file in arguments[split + 1:]}
    version = subprocess.run([CLANG_TIDY, "--version"], capture_output=True, check=True).stdout
    PASSED.mkdir(parents=True, exist_ok=True)
    todo, known = [], 0
    chosen = entries(arguments[:split])
    (PASSED / "compile_commands.json").write_text(json.dumps(list(chosen.values())))
    for path, entry in sorted(chosen.items()):
        if only and path not in only:
            continue
        stamp = PASSED / key_of(path, entry, version)
        if stamp.exists():
            known += 1
        else:
            todo.append((path, stamp))
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        running = {pool.submit(lint, path): (path, stamp) for path, stamp in todo}
        for number, done in enumerate(concurrent.futures.as_completed(running), 1):
            path, stamp = running[done]
            code, output, seconds = done.result()
            print(f"[{number}/{len(todo)}] {path.relative_to(ROOT)} ({seconds:.0f} s)", flush=True)
            if code:
                failed += 1
                print(output, flush=True)
            else:
                stamp.touch()
    print(f"clang-tidy: {len(todo) + known} files, {known} known to be fine, {failed} with warnings")
    return 1 if failed or not (todo or known) else 0


sys.exit(main())
