#!/usr/bin/env bash
# Configures a preset (CMakePresets.json) where needed, and builds it.
# Usage: scripts/build.sh PRESET [TARGET...]
set -euo pipefail
cd "$(dirname "$0")/.."

preset=$1
shift
folder=build/$preset
[[ $preset == release ]] && folder=build

# One cache for all clones of the project.
export CCACHE_BASEDIR=$PWD CCACHE_NOHASHDIR=1
if [[ ! -f $folder/build.ninja || CMakePresets.json -nt $folder/build.ninja ]]; then
  cmake --preset "$preset"
fi
cmake --build "$folder" --parallel "$(nproc)" ${1:+--target "$@"}
