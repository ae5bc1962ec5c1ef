#!/usr/bin/env bash
# Runs a command with the tools of build/tools (scripts/setup-tools.sh) first on its paths. Without them it says so and
# exits 77, which CTest reports as skipped.
# Usage: scripts/with-tools.sh COMMAND [ARGUMENT...]
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
export INLET_TOOLS=${INLET_TOOLS:-$root/build/tools}
if [[ ! -f $INLET_TOOLS/stamp ]]; then
  echo "SKIPPED: the tools for tests are not in $INLET_TOOLS; 'make test' puts them there"
  exit 77
fi
export PATH=$INLET_TOOLS/venv/bin:$INLET_TOOLS/bin:$PATH
export NODE_PATH=$INLET_TOOLS/node/node_modules
export PYTHONDONTWRITEBYTECODE=1
exec "$@"
