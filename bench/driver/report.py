"""Medians of runs, the table on the terminal, and docs/bench.md."""

import datetime
import os
import pathlib
import platform
import statistics
import subprocess

NAMES = {"naive": "plain", "inlet": "Inlet"}
TEXTS = ("row", "beside", "what", "notes")


def median_of(runs, key):
    values = [run[key] for run in runs if run.get(key) is not None]
    return statistics.median(values) if values else None


def combine(runs):
    """One dict of medians out of several runs of the same row and service; `spread` is that of the first number."""
    if not runs:
        return None
    result = {}
    for key, value in runs[0].items():
        if isinstance(value, (int, float)):
            result[key] = median_of(runs, key)
        elif isinstance(value, dict):
            result[key] = {inner: statistics.median(run[key][inner] for run in runs) for inner in value}
    result["notes"] = sorted({note for run in runs for note in run["notes"]})
    result["runs"] = len(runs)
    rates = [run["records_per_second"] for run in runs if "records_per_second" in run]
    if len(rates) > 1:
        result["spread_percent"] = 100 * (max(rates) - min(rates)) / statistics.median(rates)
    return result


def number(value, digits=0):
    return "-" if value is None else f"{value:,.{digits}f}"


def get(result, *keys):
    for key in keys:
        result = None if result is None else result.get(key)
    return result


def ratio(ours, theirs):
    return "-" if not ours or not theirs else f"{ours / theirs:.2f}" if ours < 10 * theirs else f"{ours / theirs:.0f}"


def notes(pair):
    words = []
    for kind, name in NAMES.items():
        found = get(pair, kind, "notes") or []
        words += [f"{name}: {', '.join(found)}"] if found else []
    return "; ".join(words)


def throughput_line(row, pair):
    cells = [row.name]
    for key, digits in (("records_per_second", 0), ("micros_per_record", 2)):
        ours, theirs = get(pair, "inlet", key), get(pair, "naive", key)
        cells += [number(theirs, digits), number(ours, digits), ratio(ours, theirs)]
    cells.append(number(get(pair, "inlet", "records_a_response"), 0))
    cells += [number(get(pair, "naive", "lost_percent"), 1), number(get(pair, "inlet", "lost_percent"), 1)]
    cells.append(number(get(pair, "inlet", "spread_percent"), 0))
    return cells + [row.what, notes(pair)]


def roles_line(row, pair):
    cells = [row.name, row.beside or "-"]
    for key, digits in (("records_per_second", 0), ("micros_per_record", 2)):
        ours, plain = get(pair, "inlet", key), get(pair, "beside", key)
        cells += [number(plain, digits), number(ours, digits), ratio(ours, plain)]
    cells += [number(get(pair, "inlet", key), digits) for key, digits in (("records_a_response", 0), ("lost_percent", 1))]
    return cells + [number(get(pair, "inlet", "spread_percent"), 0), row.what, notes(pair)]


def latency_line(row, pair):
    cells = [row.name]
    for which in ("p50", "p99", "p99.9", "max"):
        cells += [number(get(pair, kind, "latency_ms", which), 3) for kind in NAMES]
    late = [get(pair, kind, "lateness_us", "p99") for kind in NAMES]
    cells += [number(max((value for value in late if value is not None), default=None), 0)]
    cells += [number(get(pair, kind, "micros_per_record"), 1) for kind in NAMES]
    return cells + [notes(pair)]


def memory_line(row, pair):
    theirs, ours = get(pair, "naive", "bytes"), get(pair, "inlet", "bytes")
    return [row.name, row.what, number(theirs), number(ours), ratio(ours, theirs), notes(pair)]


def streams_line(row, pair):
    cells = [row.name]
    for key, digits in (("create_per_second", 0), ("slowest_page_ms", 1), ("delete_per_second", 0), ("bytes", 0)):
        cells += [number(get(pair, kind, key), digits) for kind in NAMES]
    return cells + [number(get(pair, "inlet", "idle_cpu_percent"), 2), notes(pair)]


# section: (title, explanation, heads, line)
SECTIONS = {
    "throughput": (
        "Throughput",
        "Records a second that each subscriber got, and service CPU (user and system) for each record that a "
        "subscriber got, however many subscribers there were. A ratio is Inlet's figure by the plain service's. `batch`: "
        "Inlet's records a response. "
        "`lost`: records that readers were too slow for (Inlet never stops a sender for a reader; the plain service does). "
        "`spread`: Inlet's fastest run to its slowest, in percent of the median.",
        ["row", "plain rec/s", "Inlet rec/s", "ratio", "plain µs", "Inlet µs", "ratio", "batch", "plain lost %"]
        + ["Inlet lost %", "spread %", "what", "notes"],
        throughput_line,
    ),
    "roles": (
        "TLS and the client role",
        "Inlet alone, each row beside one that is plain and in the server role; both ran in turn, and a ratio is this "
        "row's figure by that one's. With a stream for each connection, the figures are those of all streams.",
        ["row", "beside", "its rec/s", "rec/s", "ratio", "its µs", "µs", "ratio", "batch", "lost %", "spread %", "what"]
        + ["notes"],
        roles_line,
    ),
    "latency": (
        "Latency",
        "Milliseconds from the moment at which a message is due (open loop, ten connections) to the subscriber's "
        "callback. It includes the generator's own lateness: `late p99`, in microseconds, to the end of its write.",
        ["row", "plain p50", "Inlet p50", "plain p99", "Inlet p99", "plain p99.9", "Inlet p99.9", "plain max"]
        + ["Inlet max", "late p99 µs", "plain µs", "Inlet µs", "notes"],
        latency_line,
    ),
    "memory": (
        "Memory of a connection",
        "Growth of resident memory by the number of connections, two seconds after the last was opened.",
        ["row", "what", "plain bytes", "Inlet bytes", "ratio", "notes"],
        memory_line,
    ),
    "streams": (
        "Streams",
        "Calls one after the other from one client; the slowest list page of 1,000; resident bytes of an idle stream; and "
        "the CPU of Inlet while all of them are idle.",
        ["row", "plain create/s", "Inlet create/s", "plain page ms", "Inlet page ms", "plain delete/s", "Inlet delete/s"]
        + ["plain bytes", "Inlet bytes", "idle CPU %", "notes"],
        streams_line,
    ),
}


def sections(rows, results):
    """(title, explanation, heads, lines) of each section that has rows."""
    for section, (title, text, heads, line) in SECTIONS.items():
        chosen = [row for row in rows if row.section == section and row.name in results]
        if chosen:
            pairs = [dict(results[row.name], beside=get(results, row.beside, "inlet")) for row in chosen]
            yield title, text, heads, [line(row, pair) for row, pair in zip(chosen, pairs)]


def aligned(heads, lines):
    widths = [max(len(cells[i]) for cells in [heads] + lines) for i in range(len(heads))]
    text = [i for i, head in enumerate(heads) if head in TEXTS]

    def join(cells):
        padded = [cell.ljust(widths[i]) if i in text else cell.rjust(widths[i]) for i, cell in enumerate(cells)]
        return "  ".join(padded).rstrip()

    return "\n".join(join(cells) for cells in [heads] + lines)


def markdown(heads, lines):
    rule = ["---" if head in TEXTS else "--:" for head in heads]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in [heads, rule] + lines)


def command(*words):
    try:
        return subprocess.run(words, capture_output=True, text=True, timeout=10).stdout.strip()
    except OSError:
        return ""


def machine():
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "?")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    system = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    return f"{os.cpu_count()} cores of {model}, {memory:.0f} GiB, {system}, Linux {platform.release()}"


def versions(source):
    commit = command("git", "-C", str(source), "describe", "--always", "--dirty")
    # Not by pkg-config: it takes half a minute to follow all that grpc++ requires.
    packages = ("libgrpc++-dev", "libprotobuf-dev", "libwebsockets-dev", "libsimdjson-dev")
    found = [f"{name} {command('dpkg-query', '-W', '-f', '${Version}', name) or '?'}" for name in packages]
    return f"Inlet {commit or '?'}, {command('c++', '--version').splitlines()[0]}, " + ", ".join(found)


HOW_TO_READ = """\
Everything runs on one machine, over loopback: the service, a load generator and a reader, each a process of its own. So the
service never has the machine to itself, absolute figures differ between machines and days, and **ratios count**: the
plain service (`bench/naive/`) runs in turn with Inlet, and both figures are medians. It is what one would write on an
afternoon: libwebsockets' own loop, nlohmann/json, a queue of strings under a mutex, one record a message, synchronous gRPC.

A message is a JSON object of 215 bytes. With 1 and 10 connections they are flooded in large writes; with 1,000, each
connection sends one message a write, in turn. `generator-bound`, `reader-bound`, `service-bound`: that program's busiest
thread was running, or waiting for a core, more than 95 % of the time; on two cores several can be at once. A
`generator-bound` figure says what the service did, not what it could do: look at its CPU per record.
"""


def write_markdown(path, rows, results, source, seconds):
    date = datetime.date.today().isoformat()
    parts = ["# Benchmarks", "", f"`make bench` wrote this page on {date}, in {seconds / 60:.0f} minutes.", ""]
    parts += [f"* Machine: {machine()}", f"* Versions: {versions(source)}", "", HOW_TO_READ]
    for title, text, heads, lines in sections(rows, results):
        parts += [f"## {title}", "", text, "", markdown(heads, lines), ""]
    pathlib.Path(path).write_text("\n".join(parts))


def print_tables(rows, results):
    for title, _, heads, lines in sections(rows, results):
        print(f"\n{title}\n{aligned(heads, lines)}")
