#!/usr/bin/env bash
# Builds the optimized programs and the benchmarks, and runs the command that prints the table. Arguments go to it.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh build bench
scripts/build.sh release inletd inlet-load inlet-read inlet-naive
exec python3 bench/run.py "$@"
