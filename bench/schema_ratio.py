#!/usr/bin/env python3
"""Prints what a schema of ten columns costs, as a multiple of the same message without one.

Usage: schema_ratio.py BUILD_DIR/bin/inlet-micro-decode. Repetitions of all rows are interleaved, and both the least and
the median of their CPU times are compared, since other programs on the machine only ever add to them.
"""
import collections
import json
import statistics
import subprocess
import sys

OPTIONS = ["--benchmark_filter=Decode/object|Project", "--benchmark_repetitions=25", "--benchmark_min_time=0.02",
           "--benchmark_enable_random_interleaving=true", "--benchmark_format=json"]


def measure(program):
    """CPU times in nanoseconds by row."""
    output = subprocess.run([program, *OPTIONS], check=True, capture_output=True, text=True).stdout
    times = collections.defaultdict(list)
    for run in json.loads(output)["benchmarks"]:
        if run["run_type"] == "iteration":
            times[run["run_name"]].append(run["cpu_time"])
    return times


def main():
    """Prints a line for each row with a schema."""
    times = measure(sys.argv[1])
    for name in sorted(row for row in times if row.startswith("Project/")):
        plain = times["Decode/object_with_blanks" if "blanks" in name else "Decode/object"]
        least = min(times[name]) / min(plain)
        median = statistics.median(times[name]) / statistics.median(plain)
        print(f"{name:28} {min(times[name]):6.0f} ns  least {least:.2f}  median {median:.2f}")


if __name__ == "__main__":
    main()
