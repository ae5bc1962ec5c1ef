#!/usr/bin/env bash
# Builds the fuzz targets, replays the corpus of each and fuzzes it for a while. A crash leaves its input in build/fuzz/.
# Usage: scripts/fuzz.sh [SECONDS-EACH] [NAME...]        default: 5 seconds, all
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-5}
[[ $# -gt 0 ]] && shift
scripts/setup.sh build lint
scripts/build.sh fuzz fuzzers

# `fuzzers` holds every target that inlet_fuzzer() made; without a name all of them run.
if [[ $# -eq 0 ]]; then
  mapfile -t names < <(find build/fuzz/fuzzers -maxdepth 1 -type f -executable -printf '%f\n' | sort)
else
  names=("$@")
fi
[[ ${#names[@]} -gt 0 ]] || { echo "fuzz: no fuzz targets were built" >&2; exit 1; }

export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_leaks=1}
export LSAN_OPTIONS=${LSAN_OPTIONS:-suppressions=$PWD/tests/lsan.supp:print_suppressions=0}
for name in "${names[@]}"; do
  seeds=tests/fuzz/corpus/$name
  found=build/fuzz/corpus/$name
  mkdir -p "$found"
  inputs=()
  [[ -d $seeds ]] && mapfile -t inputs < <(find "$seeds" -type f)
  echo "fuzz: $name: ${#inputs[@]} seeds, then $seconds s"
  if [[ ${#inputs[@]} -gt 0 ]]; then
    "build/fuzz/fuzzers/$name" "${inputs[@]}" >"build/fuzz/$name.log" 2>&1 || { cat "build/fuzz/$name.log" >&2; exit 1; }
  fi
  folders=("$found")
  [[ -d $seeds ]] && folders+=("$seeds")
  "build/fuzz/fuzzers/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/$name-" "${folders[@]}" >"build/fuzz/$name.log" 2>&1 ||
    { tail -n 60 "build/fuzz/$name.log" >&2; exit 1; }
  grep -E 'number_of_executed_units|new_units_added' "build/fuzz/$name.log" | sed 's/^/  /'
done
