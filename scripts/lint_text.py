#!/usr/bin/env python3
"""Checks what every file of the project owes its reader: a first line that says its purpose, and a bounded length."""
import os
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
MAX_LINES = 350
SKIPPED_FOLDERS = {".git", "build", "node_modules", "__pycache__", ".venv", "corpus"}
COMMENT_STARTS = {
    ".cc": r"// \S.{8,}", ".h": r"// \S.{8,}", ".proto": r"// \S.{8,}", ".mjs": r"// \S.{8,}", ".js": r"// \S.{8,}",
    ".cjs": r"// \S.{8,}", ".go": r"// \S.{8,}", ".java": r"// \S.{8,}",
    ".py": r'(# |""")\S.{8,}', ".sh": r"# \S.{8,}", ".bash": r"# \S.{8,}",
    ".cmake": r"# \S.{8,}", ".yaml": r"# \S.{8,}", ".yml": r"# \S.{8,}",
}
BY_NAME = {"CMakeLists.txt": r"# \S.{8,}", "Makefile": r"# \S.{8,}", "run": r"# \S.{8,}"}
# The contract is one file, so that a reader of it needs no other.
LONG_FILES = {"proto/inlet/v1/inlet.proto"}


def files():
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        for name in names:
            yield pathlib.Path(folder, name)


def problems_of(path):
    wanted = COMMENT_STARTS.get(path.suffix) or BY_NAME.get(path.name)
    if wanted is None:
        return
    name = path.relative_to(ROOT).as_posix()
    lines = path.read_text(encoding="utf-8").splitlines()
    first = next((line for line in lines if not line.startswith("#!")), "")
    if not re.match(wanted, first):
        yield f"{name}:1: the first line must be a comment that says what the file is for"
    if len(lines) > MAX_LINES and name not in LONG_FILES:
        yield f"{name}: {len(lines)} lines; above {MAX_LINES} a file has more than one purpose"


def main():
    problems = [problem for path in sorted(files()) for problem in problems_of(path)]
    print("\n".join(problems + [f"texts: {len(problems)} problems"]))
    return 1 if problems else 0


sys.exit(main())
