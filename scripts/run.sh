#!/usr/bin/env bash
# Sets up, builds and runs the service with the defaults that are compiled in. Arguments go to inletd.
set -euo pipefail
cd "$(dirname "$0")/.."

scripts/setup.sh build
scripts/build.sh release inletd inletctl
exec build/bin/inletd "$@"
