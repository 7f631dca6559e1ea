#!/usr/bin/env bash
# Sees that what the tests need is on this machine: Go, git, a C compiler (the race detector), PostgreSQL, Chromium, strace.
# What is missing is installed from Debian's packages when that is allowed: as root, or with a sudo that asks no
# password, and not when POLKU_TEST_INSTALL=0. Otherwise it says what is missing and how to install it, and fails.
set -uo pipefail

go_wanted=$(sed -n 's/^go //p' "$(dirname "$0")/../go.mod")

postgres_found() { [ -n "${POLKU_TEST_POSTGRES:-}" ] || "$(dirname "$0")/postgres.sh" bin >/dev/null 2>&1; }
chromium_found() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }

# missing prints the Debian packages that would fill the gaps, one a line.
missing() {
  command -v git >/dev/null || echo git
  command -v gcc >/dev/null || command -v cc >/dev/null || printf 'gcc\nlibc6-dev\n'
  postgres_found || echo postgresql
  chromium_found || echo chromium
  [ "$(uname -s)" != Linux ] || command -v strace >/dev/null || echo strace # injects faults: polku torture
}

if ! command -v go >/dev/null; then
  echo "Go is missing. Polku needs Go $go_wanted or newer: see README.md, \"What you need\"." >&2
  exit 1
fi
go_here=$(go env GOVERSION | sed 's/^go//; s/[^0-9.].*//')
if [ "$(printf '%s\n%s\n' "$go_wanted" "$go_here" | sort -V | head -n 1)" != "$go_wanted" ]; then
  echo "Go is too old: $go_here here, $go_wanted needed: see README.md, \"What you need\"." >&2
  exit 1
fi

packages=$(missing | tr '\n' ' ')
[ -z "$packages" ] && exit 0

become=
if [ "$(id -u)" != 0 ]; then
  if sudo -n true 2>/dev/null; then become="sudo -n"; else become=no; fi
fi
if [ "$become" = no ] || [ "${POLKU_TEST_INSTALL:-1}" = 0 ] || ! command -v apt-get >/dev/null; then
  echo "The tests need programs that this machine lacks: $packages" >&2
  echo "On Debian install them with:  sudo apt-get update && sudo apt-get install -y --no-install-recommends $packages" >&2
  exit 1
fi

echo "installing $packages"
apt() { $become env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" </dev/null; }
install() {
  apt update || true # an old list may do
  # shellcheck disable=SC2086
  apt install -y --no-install-recommends $packages
}
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A first try can meet another apt at work or a half-fetched list; one more is enough.
install >"$log" 2>&1 || { sleep 5; install >"$log" 2>&1; } || { tail -n 30 "$log" >&2; }

left=$(missing | tr '\n' ' ')
if [ -n "$left" ]; then
  echo "Could not install: $left" >&2
  echo "Try by hand:  apt-get update && apt-get install -y --no-install-recommends $left" >&2
  exit 1
fi
