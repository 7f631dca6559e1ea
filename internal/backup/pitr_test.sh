#!/usr/bin/env bash
# Proves deploy/postgres-pitr.sh on a real server of its own: a base backup, rows before and after a moment, the server killed
# and its data removed, and the moment brought back.   pitr_test.sh REPOSITORY DIR   (DIR: new, right under /tmp)
set -euo pipefail
root=$1 dir=$2
bin=$("$root/scripts/postgres.sh" bin)
export PATH="$bin:$PATH:/usr/sbin:/sbin" PGHOST=$dir PGUSER=polku PGDATABASE=postgres
mkdir -p "$dir"
cp "$root/deploy/postgres-pitr.sh" "$dir/pitr.sh" # the server's user may not see the repository
chmod 755 "$dir/pitr.sh"
[ "$(id -u)" != 0 ] || { chown -R postgres "$dir"; }
chmod 700 "$dir"
as_server() { if [ "$(id -u)" = 0 ]; then (cd / && runuser -u postgres -- env PATH="$PATH" PGHOST="$PGHOST" PGUSER="$PGUSER" "$@"); else "$@"; fi; }
start() {
  as_server pg_ctl --pgdata="$1" --log="$dir/server.log" --wait --timeout=60 --silent start </dev/null >/dev/null 2>&1 || { cat "$dir/server.log" >&2; return 1; }
}
recovered() {
  for _ in $(seq 100); do
    [ "$(as_server psql -qAtc "select pg_is_in_recovery()" 2>/dev/null)" = f ] && return
    sleep 0.1
  done
  tail -n 20 "$dir/server.log" >&2
  return 1
}
trap 'as_server pg_ctl --pgdata="$dir/data" --mode=immediate --silent stop >/dev/null 2>&1 || true
      as_server pg_ctl --pgdata="$dir/back" --mode=immediate --silent stop >/dev/null 2>&1 || true' EXIT

as_server initdb --pgdata="$dir/data" --username=polku --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync >/dev/null
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$dir'
wal_level = replica
archive_mode = on
archive_timeout = 5
archive_command = '$dir/pitr.sh archive $dir/archive %p %f'
CONF
start "$dir/data"
as_server psql -qc "create table t (n int); insert into t values (1)"
as_server "$dir/pitr.sh" base "$dir/archive" >/dev/null
sleep 1.1
as_server psql -qc "insert into t values (2)"
sleep 1
moment=$(as_server psql -qAtc "select now()")
sleep 1
as_server psql -qc "insert into t values (3)"
last=$(as_server psql -qAtc "select pg_walfile_name(pg_current_wal_lsn())")
as_server psql -qc "select pg_switch_wal()" >/dev/null
for _ in $(seq 100); do # until the log with the third row is in the archive
  [ -e "$dir/archive/wal/$last" ] && break
  sleep 0.1
done
as_server pg_ctl --pgdata="$dir/data" --mode=immediate --silent stop >/dev/null 2>&1 # the machine is lost
as_server mv "$dir/data" "$dir/lost"

as_server "$dir/pitr.sh" restore "$dir/archive" "$dir/back" "$moment"
start "$dir/back"
recovered
rows=$(as_server psql -qAtc "select string_agg(n::text, ',' order by n) from t")
[ "$rows" = 1,2 ] || { echo "as of the moment there should be rows 1,2; there are $rows (log up to $last)" >&2; exit 1; }
as_server pg_ctl --pgdata="$dir/back" --mode=fast --silent stop >/dev/null 2>&1
as_server rm -rf "$dir/back"

as_server "$dir/pitr.sh" restore "$dir/archive" "$dir/back"
start "$dir/back"
recovered
rows=$(as_server psql -qAtc "select string_agg(n::text, ',' order by n) from t")
[ "$rows" = 1,2,3 ] || { echo "the newest should have rows 1,2,3; it has $rows" >&2; exit 1; }
as_server "$dir/pitr.sh" prune "$dir/archive" 0
[ "$(find "$dir/archive/base" -mindepth 1 -maxdepth 1 | wc -l)" = 1 ] || { echo "the last base backup was pruned" >&2; exit 1; }
if as_server "$dir/pitr.sh" restore "$dir/archive" "$dir/back" 2>/dev/null; then echo "a folder that is there was written over" >&2; exit 1; fi
echo ok
