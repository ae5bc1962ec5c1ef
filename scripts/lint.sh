#!/usr/bin/env bash
# All that can be said of the sources without running them: shellcheck, the rules of the house, clang-tidy.
# Usage: scripts/lint.sh [FILE.cc...]        default: every file
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh build lint
scripts/setup-lint.sh
status=0
mapfile -t shell_scripts < <(find scripts .ci tests cli bench -type f \( -name '*.sh' -o -path .ci/run \))
shellcheck "${shell_scripts[@]}" || status=1
/usr/bin/python3 -B scripts/lint_text.py || status=1
/usr/bin/python3 -B tests/architecture/include_rules.py . || status=1

# clang-tidy wants the generated headers, and the flags of the files that only the fuzz preset builds.
scripts/build.sh release inlet_grpc >/dev/null
cmake --preset fuzz >/dev/null
/usr/bin/python3 -B scripts/lint_cpp.py build/compile_commands.json build/fuzz/compile_commands.json -- "$@" || status=1
exit "$status"
