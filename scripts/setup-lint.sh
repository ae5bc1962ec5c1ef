#!/usr/bin/env bash
# Puts the pinned tools of `make lint` into build/lint-tools. Does nothing, and asks no network, when they are there.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly tools=$PWD/build/lint-tools
wanted=$(cat scripts/setup-lint.sh scripts/tools/lint-requirements.txt | sha256sum | cut -d' ' -f1)
if [[ -f $tools/stamp && $(<"$tools/stamp") == "$wanted" ]]; then exit 0; fi
rm -rf "$tools"

echo "setup: Python packages (scripts/tools/lint-requirements.txt)"
/usr/bin/python3 -m venv "$tools"
"$tools/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/tools/lint-requirements.txt
echo "$wanted" >"$tools/stamp"
