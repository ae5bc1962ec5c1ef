#!/usr/bin/env bash
# Types the README's two commands on a bare Debian 12, as a new user would: nothing but git, make, ca-certificates and
# sudo is there. The root is made by mmdebstrap in a temporary folder and removed at the end, with all its processes.
# What is committed is what is tried. FRESH_FOLDER=DIR: where the temporary folder is made (3 GB); default /var/tmp.
set -euo pipefail
cd "$(dirname "$0")/.."

readonly suite=bookworm
readonly grpc_port=50051 server_port=10081

if [[ $(id -u) -ne 0 ]]; then exec sudo --preserve-env=FRESH_FOLDER "$PWD/scripts/test-fresh.sh" "$@"; fi
# Mounts and processes of our own: whatever happens, the kernel takes both away with the first process.
if [[ ${INLET_FRESH_INSIDE-} != 1 ]]; then
  scripts/setup.sh fresh
  INLET_FRESH_INSIDE=1 exec unshare --mount --pid --fork --kill-child --propagation private "$0" "$@"
fi
mount -t proc proc /proc

folder=$(mktemp -d "${FRESH_FOLDER:-/var/tmp}/inlet-fresh-XXXXXX")
chmod 755 "$folder"
readonly folder root=$folder/root
# A folder with something mounted in it must not be removed: rm would reach through.
trap 'umount --recursive "$root/proc" "$root/dev" 2>/dev/null; rm -rf --one-file-system "$folder"' EXIT

say() { printf '\n==== %s (at %d:%02d)\n' "$1" $((SECONDS / 60)) $((SECONDS % 60)); }
fail() { echo "test-fresh: $1" >&2; exit 1; }

port_is_open() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Debian's own sources, as this machine reaches them.
debian_sources() {
  # shellcheck disable=SC2016  # the words in dollars are apt's
  apt-get indextargets --format '$(REPO_URI) $(RELEASE)' 'Created-By: Packages' 'Origin: Debian' |
    awk -v suite="$suite" '$2 ~ "^" suite "(-updates|-security)?$" { print "deb " $1 " " $2 " main" }' | sort -u
}

make_root() {
  [[ -n $(debian_sources) ]] || apt-get update -q
  debian_sources >"$folder/sources.list"
  [[ -s $folder/sources.list ]] || fail "apt knows no source for Debian's $suite on this machine"
  mkdir "$root"
  mmdebstrap --quiet --mode=root --variant=minbase --include=git,make,ca-certificates,sudo \
    "$suite" "$root" "$folder/sources.list"
  mount -t proc proc "$root/proc"
  mount --rbind /dev "$root/dev"
}

# What this machine needs to reach the package registries, a new user's machine here would need too.
copy_network_settings() {
  cp /etc/resolv.conf /etc/hosts "$root/etc/"
  apt-config dump | grep -E '^Acquire::(http|https|Retries|ForceIPv4|ForceIPv6)' >"$root/etc/apt/apt.conf.d/90network" ||
    true
  if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
    cp /usr/local/share/ca-certificates/*.crt "$root/usr/local/share/ca-certificates/"
    chroot "$root" update-ca-certificates >/dev/null
  fi
}

# Prints `export NAME='value'` for each setting of this machine that tells a client of a registry where to go.
network_environment() {
  local name value
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY SSL_CERT_FILE NODE_EXTRA_CA_CERTS PIP_CERT \
    PIP_INDEX_URL PIP_DEFAULT_TIMEOUT; do
    [[ -n ${!name-} ]] && printf 'export %s=%q\n' "$name" "${!name}"
  done
  if value=$(pip config get global.index-url 2>/dev/null); then printf 'export PIP_INDEX_URL=%q\n' "$value"; fi
  if command -v go >/dev/null; then
    for name in GOPROXY GOSUMDB GONOSUMDB GOPRIVATE; do
      value=$(go env "$name")
      [[ -n $value ]] && printf 'export %s=%q\n' "$name" "$value"
    done
  fi
  if command -v npm >/dev/null; then
    printf 'export npm_config_registry=%q\n' "$(npm config get registry)"
  fi
  return 0
}

make_user() {
  chroot "$root" useradd --create-home --shell /bin/bash newcomer
  echo 'newcomer ALL=(ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/newcomer"
  network_environment >>"$root/home/newcomer/.profile"
  git clone --quiet --no-hardlinks "file://$PWD" "$root/home/newcomer/inlet"
  chroot "$root" chown -R newcomer: /home/newcomer
}

as_newcomer() { chroot "$root" su - newcomer -c "cd inlet && $1" </dev/null; }

# The process whose program is build/bin/inletd. Our /proc shows our own processes alone.
inletd_pid() {
  local exe
  for exe in /proc/[0-9]*/exe; do
    if [[ $(readlink "$exe" 2>/dev/null) == */build/bin/inletd ]]; then
      exe=${exe#/proc/}
      echo "${exe%/exe}"
      return
    fi
  done
}

try_make_run() {
  local run code=0
  as_newcomer "make run" &
  run=$!
  until port_is_open "$grpc_port"; do
    kill -0 "$run" 2>/dev/null || fail "make run ended before it answered on port $grpc_port"
    [[ $SECONDS -lt 3600 ]] || fail "make run did not answer on port $grpc_port within an hour"
    sleep 1
  done
  say "make run answers on port $grpc_port; ending it with SIGTERM"
  kill -TERM "$(inletd_pid)"
  wait "$run" || code=$?
  [[ $code -eq 0 ]] || fail "make run ended with code $code"
}

try_make_test() {
  as_newcomer "make test" | tee "$folder/test.log" || fail "make test failed"
  tail -n 1 "$folder/test.log" | grep -Eq '^[1-9][0-9]* passed, 0 failed, 0 skipped$' ||
    fail "make test skipped a test, or did not say what it did"
}

for port in "$grpc_port" "$server_port"; do
  ! port_is_open "$port" || fail "port $port is taken on this machine; make run needs it"
done
say "a bare Debian $suite"
make_root
copy_network_settings
make_user
say "make run"
try_make_run
say "make test"
try_make_test
say "both commands work on a bare Debian $suite"
