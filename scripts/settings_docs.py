#!/usr/bin/env python3
"""Writes the tables of keys in docs/configuration.md from where each key is explained: the contract and the shipped files.

Usage: settings_docs.py [--check]. Needs the Python environment of the tests (scripts/with-tools.sh). With --check nothing
is written: exit code 1, and what differs, if the page does not say what its sources say.
"""
import difflib
import pathlib
import re
import sys
import tempfile

from google.protobuf import descriptor_pb2
from grpc_tools import protoc

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/configuration.md"
CONTRACT = "inlet/v1/inlet.proto"
WELL_KNOWN = pathlib.Path(protoc.__file__).parent / "_proto"

FIELD = descriptor_pb2.FieldDescriptorProto
MESSAGES_OF_FILE = 4  # FileDescriptorProto.message_type
FIELDS_OF_MESSAGE = 2  # DescriptorProto.field
KINDS = {FIELD.TYPE_STRING: "text", FIELD.TYPE_BOOL: "true or false", FIELD.TYPE_UINT32: "number"}


def read_contract():
    """The file's descriptor, with comments."""
    with tempfile.NamedTemporaryFile() as output:
        code = protoc.main(["", f"-I{ROOT / 'proto'}", f"-I{WELL_KNOWN}", "--include_source_info",
                            f"--descriptor_set_out={output.name}", CONTRACT])
        if code != 0:
            sys.exit(f"protoc cannot read {CONTRACT}")
        files = descriptor_pb2.FileDescriptorSet.FromString(pathlib.Path(output.name).read_bytes()).file
    return next(file for file in files if file.name == CONTRACT)


def sentence(comment):
    """A comment of several lines as one cell of a table."""
    return re.sub(r"([*|\[\]])", r"\\\1", " ".join(comment.split()).replace("<", "&lt;"))


def kind(field):
    if field.type == FIELD.TYPE_MESSAGE and field.type_name.endswith(".Duration"):
        return "duration"
    if field.type == FIELD.TYPE_MESSAGE:
        return "texts by name"
    return "texts" if field.label == FIELD.LABEL_REPEATED else KINDS[field.type]


def table_of_settings(file, name):
    """A table for each group of fields; a comment that stands alone in the message begins a group."""
    index, message = next((i, one) for i, one in enumerate(file.message_type) if one.name == name)
    comments = {tuple(place.path): place for place in file.source_code_info.location}
    lines = []
    names = {field.name: field.json_name for field in message.field if "_" in field.name}
    in_file = re.compile(rf"\b({'|'.join(names)})\b")
    # To protoc, the group of the first field is a comment behind the message's brace.
    groups = [comments[(MESSAGES_OF_FILE, index)].trailing_comments]
    for number, field in enumerate(message.field):
        place = comments[(MESSAGES_OF_FILE, index, FIELDS_OF_MESSAGE, number)]
        for group in [*groups, *place.leading_detached_comments]:
            lines += ["", " ".join(group.split()), "", "| key | value | |", "| --- | --- | --- |"]
        groups = []
        if not place.leading_comments.strip():
            sys.exit(f"{CONTRACT}: {name}.{field.name} has no comment")
        told = in_file.sub(lambda name: f"`{names[name.group()]}`", sentence(place.leading_comments))
        lines.append(f"| `{field.json_name}` | {kind(field)} | {told} |")
    return "\n".join(lines).strip()


def uncommented(lines):
    """Each line, and whether it is of the example of httpServerTls, which is commented out and told as if it were not."""
    inside = False
    for line in lines:
        begins = re.match(r" *# httpServerTls:$", line) is not None
        inside = begins or (inside and re.match(r" *#   ", line) is not None)
        yield (line.replace("# ", "", 1) if inside else line), inside


def rows_of_file(path, wanted):
    """Key, default and comment of each key of a shipped file below the sections that `wanted` takes."""
    comment, sections, of_section = [], [], ""
    for line, example in uncommented((ROOT / path).read_text(encoding="utf-8").splitlines()):
        told = re.match(r" *# ?(.*)$", line)
        setting = re.match(r"( *)(\w+):(?: (.*))?$", line)
        if told:
            comment.append(told.group(1))
        elif setting:
            depth = len(setting.group(1)) // 2
            sections = [*sections[:depth], setting.group(2)]
            told_of_it = sentence("\n".join(comment))
            comment = []
            if setting.group(3) is None:
                of_section = told_of_it
            elif wanted(sections[0]):
                default = "" if example else setting.group(3).strip('"')
                yield ".".join(sections), default, told_of_it or of_section
        elif not line.strip():
            comment = []


def table_of_file(path, wanted=lambda section: True):
    lines = ["| key | default | |", "| --- | --- | --- |"]
    for key, default, comment in rows_of_file(path, wanted):
        lines.append(f"| `{key}` | {f'`{default}`' if default else 'empty'} | {comment} |")
    return "\n".join(lines)


def filled(page):
    """The page with what is between its marks written anew."""
    contract = read_contract()
    parts = {
        "etc/inlet.yaml": table_of_file("etc/inlet.yaml"),
        "etc/sources/websocket.yaml": table_of_file("etc/sources/websocket.yaml", lambda section: section == "source"),
        "SourceSettings": table_of_settings(contract, "SourceSettings"),
    }
    for source, table in parts.items():
        begin, end = f"<!-- made by `make docs` from {source} -->", f"<!-- end of {source} -->"
        if page.count(begin) != 1 or page.count(end) != 1:
            sys.exit(f"{PAGE.name} must have the marks {begin} and {end} once each")
        before, rest = page.split(begin)
        page = f"{before}{begin}\n\n{table}\n\n{end}{rest.split(end)[1]}"
    return page


def main():
    page = PAGE.read_text(encoding="utf-8")
    wanted = filled(page)
    if "--check" not in sys.argv:
        PAGE.write_text(wanted, encoding="utf-8")
        return 0
    differences = list(difflib.unified_diff(page.splitlines(), wanted.splitlines(), "the page", "its sources", lineterm=""))
    print("\n".join(differences) or f"{PAGE.name}: says what its sources say")
    return 1 if differences else 0


sys.exit(main())
