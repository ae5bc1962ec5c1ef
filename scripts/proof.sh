#!/usr/bin/env bash
# Runs the tests that try at random, at full length: a million documents, a minute of changes at once, 30 kills.
set -euo pipefail
cd "$(dirname "$0")/.."

export INLET_PROJECTION_DOCUMENTS=1000000 INLET_MODEL_SECONDS=60 INLET_KILL_ROUNDS=30
exec scripts/test.sh release -R 'ProjectionAgreement|LifecycleModel|e2e_kill'
