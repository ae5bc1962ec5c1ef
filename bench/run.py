#!/usr/bin/env python3
"""Measures Inlet beside the plain service, prints one table, and writes it to docs/bench.md.

  bench/run.py                                   all rows, about ten minutes
  bench/run.py --quick                           a smoke run of less than a minute; says nothing about speed
  bench/run.py --row json-1x1 --seconds 5        one row
  bench/run.py --row json-1x1 --only inlet --repeats 1 --during 'perf record -g -p {pid} -o /tmp/p.data -- sleep 2'
"""

import argparse
import contextlib
import json
import os
import pathlib
import sys
import time

from driver import report, rig, roles, rows

SOURCE = pathlib.Path(__file__).resolve().parent.parent


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bin-dir", default=SOURCE / "build/bin", help="where inlet-load, -read, -naive and inletd are")
    parser.add_argument("--inletd", help="another inletd")
    parser.add_argument("--row", action="append", metavar="NAME", help="only this row; may be given again")
    parser.add_argument("--only", choices=("inlet", "naive"), help="only this service")
    parser.add_argument("--seconds", type=float, help="of sending in a run (default 2)")
    parser.add_argument("--repeats", type=int, help="runs of each row and service (default 3)")
    parser.add_argument("--quick", action="store_true", help="few small rows, once")
    parser.add_argument("--during", metavar="COMMAND", help="run it while messages are sent; {pid} is the service's")
    parser.add_argument("--output", help="where to write the page (default docs/bench.md, if all rows are run)")
    parser.add_argument("--json", help="also write every run's numbers to this file")
    parser.add_argument("--list", action="store_true", help="name the rows and end")
    return parser.parse_args()


def choose_rows(arguments):
    chosen = rows.quick_rows() + roles.quick_rows() if arguments.quick else rows.all_rows() + roles.rows()
    if not arguments.row:
        return chosen
    unknown = set(arguments.row) - {row.name for row in chosen}
    if unknown:
        sys.exit(f"no such row: {', '.join(sorted(unknown))}; --list names them")
    wanted = set(arguments.row) | {row.beside for row in chosen if row.name in arguments.row}
    return [row for row in chosen if row.name in wanted]


def groups(chosen):
    """Each row with those that are read beside it."""
    return [[row] + [other for other in chosen if other.beside == row.name] for row in chosen if not row.beside]


def make_plan(arguments):
    seconds = arguments.seconds or (0.3 if arguments.quick else 2.0)
    repeats = arguments.repeats or (1 if arguments.quick else 3)
    return rows.Plan(seconds, repeats, 0.2 if arguments.quick else rows.SETTLE, arguments.during)


def run_once(kind, row, programs, plan):
    with row.start(kind, programs) as service:
        row.prepare(service)
        result = row.measure(service, plan)
        service.check_alive()
        return result


def run_group(group, kinds, programs, plan, failures):
    """All runs of these rows, rows and services in turn, so that all see the same minutes of the machine."""
    runs = {row.name: {kind: [] for kind in kinds if kind in row.kinds} for row in group}
    for turn in range(plan.repeats):
        for row, kind in [(row, kind) for row in group for kind in runs[row.name]]:
            done = runs[row.name][kind]
            if turn > 0 and (not done or kind in row.once):
                continue
            try:
                done.append(run_once(kind, row, programs, plan))
            except (rig.BenchError, OSError) as error:
                failures.append(f"{row.name}, {kind}: {error}")
                print(f"FAILED {failures[-1]}", file=sys.stderr, flush=True)
    return runs


def main():
    arguments = parse_arguments()
    chosen = choose_rows(arguments)
    if arguments.list:
        for row in chosen:
            print(f"{row.name:20} {row.what}")
        return 0
    kinds = [arguments.only] if arguments.only else ["naive", "inlet"]
    programs = rig.Programs(arguments.bin_dir, arguments.inletd)
    if missing := programs.missing(kinds):
        sys.exit(f"not built: {', '.join(map(str, missing))}")
    rig.raise_file_limit()
    plan, began, failures, all_runs, results = make_plan(arguments), time.monotonic(), [], {}, {}
    for group in groups(chosen):
        names = ", ".join(row.name for row in group)
        print(f"[{time.monotonic() - began:4.0f} s] {len(all_runs)}/{len(chosen)} {names}", file=sys.stderr, flush=True)
        all_runs.update(run_group(group, kinds, programs, plan, failures))
    for name, runs in all_runs.items():
        results[name] = {kind: report.combine(done) for kind, done in runs.items()}
    seconds = time.monotonic() - began
    report.print_tables(chosen, results)
    whole = not (arguments.row or arguments.only or arguments.quick)
    output = arguments.output or (SOURCE / "docs/bench.md" if whole and not failures else None)
    if output:
        report.write_markdown(output, chosen, results, SOURCE, seconds)
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps(all_runs, indent=1))
    for failure in failures:
        print(f"FAILED {failure}", file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        sys.exit(main())
    os._exit(130)
