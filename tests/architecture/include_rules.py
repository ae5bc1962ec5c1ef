#!/usr/bin/env python3
"""Holds every source to the table of who may include what (include_table.py).

Usage: include_rules.py ROOT checks the tree; include_rules.py --self-test proves that bad includes are found.
"""
import pathlib
import re
import sys
import tempfile

import include_table as table

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')


def matches(path, pattern):
    """`*` stands for anything but a slash, `**` for anything."""
    translated = re.escape(pattern).replace(r"\*\*", ".*").replace(r"\*", "[^/]*")
    return re.fullmatch(translated, path) is not None


def library_of(header):
    for library, beginnings in table.LIBRARIES.items():
        if any(header == b or (b.endswith("/") and header.startswith(b)) for b in beginnings):
            return library
    return None


def is_system(header):
    standard_cpp = re.fullmatch(r"[a-z_]+", header) is not None
    return standard_cpp or any(header == s or (s.endswith("/") and header.startswith(s)) for s in table.SYSTEM)


def rule_for(path):
    """(own files, libraries) that the file may include, or None: no room fits."""
    for pattern, own, libraries in table.ROOMS:
        if matches(path, pattern):
            return own, libraries
    if path.startswith("tests/"):
        room = rule_for(path.removeprefix("tests/"))
        if room:
            tested = str(pathlib.PurePosixPath(path.removeprefix("tests/")).parent)
            return room[0] + table.TEST_FILES + [f"{tested}/*.h"], room[1] + table.TEST_LIBRARIES
    return None


def why_not(path, header, is_own):
    """Why the file at `path` may not include `header`, or None: it may. The file is in a room."""
    own, libraries = rule_for(path)
    if is_own:
        same_folder = str(pathlib.PurePosixPath(header).parent) == str(pathlib.PurePosixPath(path).parent)
        if same_folder or any(matches(header, pattern) for pattern in own):
            return None
        return f"of our own files this room may include {', '.join(own) or 'only its own'}"
    library = library_of(header)
    if library in libraries or (library is None and is_system(header)):
        return None
    if library is None:
        return "its library is not in the table"
    return f"{library} is not for this room, which may include {', '.join(libraries)}"


def check_file(root, path):
    if rule_for(path) is None:
        return [f"{path}: the file is in no room of the table"]
    problems = []
    for number, line in enumerate((root / path).read_text().splitlines(), 1):
        found = INCLUDE.match(line)
        if not found:
            continue
        header = found.group(2)
        is_own = header.split("/")[0] in table.FOLDERS
        if not is_own and found.group(1) == '"' and "/" not in header and library_of(header) is None:
            problems.append(f'{path}:{number}: "{header}" must be written from the root of the project')
            continue
        reason = why_not(path, header, is_own)
        if reason:
            problems.append(f"{path}:{number}: may not include {header}: {reason}")
    return problems


def sources(root):
    for folder in table.FOLDERS:
        for file in sorted((root / folder).rglob("*")):
            if file.suffix in (".cc", ".h"):
                yield file.relative_to(root).as_posix()


def check_tree(root):
    """(number of files, problems)"""
    paths = list(sources(root))
    return len(paths), [problem for path in paths for problem in check_file(root, path)]


# (file, include, is it allowed)
PLANTED = [
    ("ingest/stream.cc", "<vector>", True),
    ("ingest/stream.cc", "<sys/socket.h>", True),
    ("ingest/stream.cc", '"ingest/loop.h"', True),
    ("ingest/stream.cc", '"ingest/ws/session.h"', False),
    ("ingest/stream.cc", '"service/app.h"', False),
    ("ingest/stream.cc", "<grpcpp/grpcpp.h>", False),
    ("ingest/stream.cc", "<yaml-cpp/yaml.h>", False),
    ("ingest/stream.cc", '"inlet/v1/inlet.pb.h"', False),
    ("ingest/stream.cc", "<libwebsockets.h>", False),
    ("ingest/stream.cc", "<boost/asio.hpp>", False),
    ("ingest/stream.cc", '"loop.h"', False),
    ("ingest/ws/session.cc", "<libwebsockets.h>", True),
    ("ingest/ws/session.cc", '"ingest/loop.h"', True),
    ("ingest/ws/session.cc", '"service/stream_registry.h"', False),
    ("service/sql/parser.cc", '"service/config/app_config.h"', False),
    ("service/sql/parser.cc", '"inlet/v1/inlet.pb.h"', False),
    ("service/config/load.cc", "<yaml-cpp/yaml.h>", True),
    ("service/config/load.cc", "<spdlog/spdlog.h>", False),
    ("service/logging/logging.cc", "<spdlog/spdlog.h>", True),
    ("service/rpc/stream_service.cc", '"inlet/v1/inlet.grpc.pb.h"', True),
    ("service/rpc/stream_service.cc", '"ingest/ws/server.h"', False),
    ("service/stream_registry.cc", '"service/rpc/grpc_server.h"', False),
    ("service/stream_registry.cc", '"inlet/v1/inlet.grpc.pb.h"', False),
    ("service/app.cc", '"ingest/ws/server.h"', True),
    ("service/app.cc", "<grpcpp/grpcpp.h>", False),
    ("cli/main.cc", '"service/stream_registry.h"', False),
    ("tests/ingest/stream_test.cc", '"gtest/gtest.h"', True),
    ("tests/ingest/stream_test.cc", '"tests/fakes/manual_loop.h"', True),
    ("tests/ingest/stream_test.cc", '"service/app.h"', False),
    ("tests/service/sql/parser_test.cc", '"service/sql/parser.h"', True),
    ("tests/service/sql/parser_test.cc", "<grpcpp/grpcpp.h>", False),
    ("cli/odd/file.cc", "<vector>", False),
]


def verdict_on(path, include):
    """True: check_tree finds nothing wrong with a tree of one file with this one include."""
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        (root / path).parent.mkdir(parents=True)
        (root / path).write_text(f"// Planted.\n#include {include}\n")
        count, problems = check_tree(root)
        return count == 1 and not problems


def self_test():
    wrong = [f"{path} including {include}: expected {'allowed' if allowed else 'refused'}"
             for path, include, allowed in PLANTED if verdict_on(path, include) != allowed]
    return len(PLANTED), wrong


def main():
    count, problems = self_test() if sys.argv[1] == "--self-test" else check_tree(pathlib.Path(sys.argv[1]))
    print("\n".join(problems))
    print(f"{count} checked, {len(problems)} wrong")
    if problems and sys.argv[1] != "--self-test":
        print("Who may include what: tests/architecture/include_table.py. Giving a room more is a decision for docs/adr/.")
    return 1 if problems or count == 0 else 0


sys.exit(main())
