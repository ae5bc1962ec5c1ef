#!/usr/bin/env bash
# Sets up, builds and runs the tests of a preset. The last line is "N passed, N failed, N skipped".
# Usage: scripts/test.sh PRESET [CTEST-ARGUMENT...]       INLET_FAIL_ON_SKIP=1: a skipped test is a failure.
set -euo pipefail
cd "$(dirname "$0")/.."

preset=$1
shift
folder=build/$preset
[[ $preset == release ]] && folder=build

scripts/setup.sh build test
scripts/setup-tools.sh
scripts/build.sh "$preset"

export INLET_TOOLS=$PWD/build/tools
# libwebsockets.so keeps no frame pointers: without slow unwinding a suppression by its name would not match.
export ASAN_OPTIONS=${ASAN_OPTIONS:-fast_unwind_on_malloc=0:detect_stack_use_after_return=1}
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/tests/lsan.supp:print_suppressions=0}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

report=$PWD/$folder/ctest.xml
rm -f "$report"
status=0
ctest --test-dir "$folder" --parallel "$(nproc)" --output-on-failure --no-tests=error --output-junit "$report" "$@" ||
  status=$?
/usr/bin/python3 scripts/ctest_totals.py "$report" "$status"
