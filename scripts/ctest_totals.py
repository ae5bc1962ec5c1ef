#!/usr/bin/env python3
"""Reads CTest's JUnit report, names what was skipped and why, and prints "N passed, N failed, N skipped" as last line.

Usage: ctest_totals.py REPORT CTEST_EXIT_CODE. Leaves the three numbers beside the report, in ctest.totals.
Exit code: 0 if all passed; CTest's own, or 1, otherwise; 3 if only a test was skipped and INLET_FAIL_ON_SKIP is set.
"""
import os
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def skip_reason(case):
    """The line in which the test said why, else the last that it printed."""
    lines = [line.strip() for line in (case.findtext("system-out") or "").splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(("SKIPPED:", "Skipped"))]
    after = [lines[i + 1] for i, line in enumerate(lines[:-1]) if line.endswith(": Skipped")]
    return (after or told or lines[-1:] or ["no reason given"])[0]


def main():
    report, ctest_code = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    cases = list(ElementTree.parse(report).getroot().iter("testcase")) if report.exists() else []
    skipped = [case for case in cases if case.get("status") == "notrun" and case.find("skipped") is not None
               or case.get("status") == "disabled"]
    passed = [case for case in cases if case.get("status") == "run"]
    failed = len(cases) - len(passed) - len(skipped)
    for case in skipped:
        print(f"skipped: {case.get('name')}: {skip_reason(case)}")
    if not cases or (ctest_code != 0 and failed == 0):
        print(f"ctest ended with code {ctest_code} and {len(cases)} results", file=sys.stderr)
        failed = max(failed, 1)
    report.with_suffix(".totals").write_text(f"{len(passed)} {failed} {len(skipped)}\n")
    sys.stderr.flush()
    print(f"{len(passed)} passed, {failed} failed, {len(skipped)} skipped", flush=True)
    if failed:
        return ctest_code or 1
    return 3 if skipped and os.environ.get("INLET_FAIL_ON_SKIP") else 0


sys.exit(main())
