#!/usr/bin/env bash
# Formats all C++ of the project. Usage: scripts/format.sh [--check]
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh lint
mode=(-i)
[[ ${1-} == --check ]] && mode=(--dry-run --Werror)
find ingest service cli bench tests \( -name '*.cc' -o -name '*.h' \) -print0 |
  xargs -0 --no-run-if-empty clang-format --style=file "${mode[@]}"
