#!/usr/bin/env bash
# A throw-away PostgreSQL for the tests: one folder, one unix socket, no port, nothing kept.
#   scripts/postgres.sh start DIR    starts one in the new folder DIR and prints its URL
#   scripts/postgres.sh stop DIR     stops it and removes DIR
#   scripts/postgres.sh bin          prints the folder of initdb and pg_ctl
# Data is not synced to disk: never use it for anything but tests.
set -euo pipefail
export PATH="$PATH:/usr/sbin:/sbin" # runuser

# bin_dir finds the newest server on this machine: Debian keeps it outside PATH.
bin_dir() {
  local newest
  newest=$(ls -d /usr/lib/postgresql/*/bin/initdb 2>/dev/null | sort -V | tail -n 1)
  [ -n "$newest" ] || newest=$(command -v initdb) || { echo "no PostgreSQL server found (Debian package postgresql)" >&2; return 1; }
  dirname "$newest"
}

# as_server runs a command as the user that may own a cluster: PostgreSQL refuses root.
as_server() {
  if [ "$(id -u)" = 0 ]; then
    (cd / && runuser -u postgres -- "$@")
  else
    "$@"
  fi
}

start() {
  local dir=$1 bin
  bin=$(bin_dir)
  mkdir -p "$dir"
  [ "$(id -u)" != 0 ] || chown postgres "$dir"
  chmod 700 "$dir"
  as_server "$bin/initdb" --pgdata="$dir/data" --username=polku --auth=trust \
    --encoding=UTF8 --locale=C.UTF-8 --no-sync >"$dir.log" 2>&1 || { cat "$dir.log" >&2; return 1; }
  as_server "$bin/pg_ctl" --pgdata="$dir/data" --log="$dir/server.log" --wait --timeout=60 --silent \
    --options="-c listen_addresses='' -c unix_socket_directories='$dir' -c fsync=off -c synchronous_commit=off \
      -c full_page_writes=off -c max_connections=200 -c timezone=UTC" \
    start >>"$dir.log" 2>&1 </dev/null || { cat "$dir.log" "$dir/server.log" >&2; return 1; }
  rm -f "$dir.log"
  echo "postgres://polku@/postgres?host=$dir"
}

stop() {
  local dir=$1
  as_server "$(bin_dir)/pg_ctl" --pgdata="$dir/data" --mode=immediate --silent stop >/dev/null 2>&1 || true
  rm -rf "$dir" "$dir.log"
}

case "${1:-}" in
  start) start "${2:?folder}" ;;
  stop) stop "${2:?folder}" ;;
  bin) bin_dir ;;
  *) sed -n '2,6p' "$0" >&2; exit 2 ;;
esac
