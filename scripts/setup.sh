#!/usr/bin/env bash
# Installs the Debian packages of the named groups (scripts/packages.txt). Asks nobody when all are there.
# Usage: scripts/setup.sh GROUP...
set -euo pipefail
cd "$(dirname "$0")/.."

installed() {
  [[ $(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing_packages() {
  local group package command wanted
  while read -r group package command; do
    for wanted in "$@"; do
      [[ $group == "$wanted" ]] || continue
      if [[ -n $command ]] && command -v "$command" >/dev/null; then continue; fi
      installed "$package" || echo "$package"
    done
  done < <(grep -v '^#' scripts/packages.txt)
}

as_root() {
  if [[ $(id -u) -eq 0 ]]; then
    env "$@"
  elif command -v sudo >/dev/null; then
    sudo env "$@"
  else
    echo "setup: packages are missing and neither root nor sudo is at hand; as root run: apt-get install ${missing[*]}" >&2
    exit 1
  fi
}

if ! command -v dpkg-query >/dev/null; then
  echo "setup: this is no Debian. Install what scripts/packages.txt lists by hand, or use a Debian 12 machine." >&2
  exit 1
fi

mapfile -t missing < <(missing_packages "$@" | sort -u)
[[ ${#missing[@]} -eq 0 ]] && exit 0

echo "setup: installing ${#missing[@]} Debian packages: ${missing[*]}"
# A list of packages that is too old names files that are gone: always fetch it anew.
as_root DEBIAN_FRONTEND=noninteractive apt-get update -q
as_root DEBIAN_FRONTEND=noninteractive apt-get install -q -y -o Dpkg::Use-Pty=0 --no-install-recommends "${missing[@]}" </dev/null
