#!/usr/bin/env bash
# Continuous copies of a PostgreSQL database by PostgreSQL's own means: base backups and archived write-ahead log, from which
# any moment comes back. For more than one server, or for object storage, take pgBackRest instead: the same idea, kept by others.
#   postgres-pitr.sh archive DIR PATH NAME    for archive_command: 'postgres-pitr.sh archive /backup/pg %p %f'
#   postgres-pitr.sh base DIR                 a base backup, weekly, as a user with REPLICATION (PGHOST, PGUSER … as for psql)
#   postgres-pitr.sh restore DIR DATA [TIME]  makes the new folder DATA a server's data as of TIME (e.g. 2026-03-01 14:05:00+02;
#                                             without: the newest). Start PostgreSQL on it, then run polku verify.
#   postgres-pitr.sh prune DIR DAYS           drops base backups older than DAYS, but never the last, and the log before the oldest left
# postgresql.conf:  wal_level = replica   archive_mode = on   archive_timeout = 5   archive_command = '…'
# archive_timeout is the RPO in seconds; each file is 16 MB, so let the archive's disk compress.
set -euo pipefail

# archive copies one finished piece of the log. It is there whole or not at all, and never written over with something else.
archive() {
  local dir=$1 from=$2 to=$1/wal/$3
  mkdir -p "$dir/wal"
  if [ -e "$to" ]; then
    cmp -s "$from" "$to" # the server sends again what it does not know to be there
    return
  fi
  cp "$from" "$to.part"
  sync "$to.part"
  mv "$to.part" "$to"
  sync "$dir/wal"
}

base() {
  local dir=$1 to
  to=$dir/base/$(date -u +%Y%m%dT%H%M%SZ)
  mkdir -p "$dir/base"
  pg_basebackup --pgdata="$to.part" --checkpoint=fast --wal-method=stream --manifest-checksums=SHA256
  pg_verifybackup --quiet "$to.part"
  mv "$to.part" "$to"
  sync "$dir/base"
  echo "$to"
}

restore() {
  local dir data=$2 time=${3:-} chosen= b
  dir=$(cd "$1" && pwd)
  [ ! -e "$data" ] || { echo "$data is there already: nothing is written over" >&2; return 1; }
  for b in "$dir"/base/*Z; do
    [ -d "$b" ] || continue
    # the newest base backup that ended before the moment
    if [ -z "$time" ] || [ "$(stat -c %Y "$b/backup_manifest")" -lt "$(date -d "$time" +%s)" ]; then chosen=$b; fi
  done
  [ -n "$chosen" ] || { echo "no base backup in $dir is older than ${time:-now}" >&2; return 1; }
  pg_verifybackup --quiet "$chosen"
  cp -a "$chosen" "$data"
  chmod 700 "$data"
  {
    echo "restore_command = 'cp \"$dir/wal/%f\" \"%p\"'"
    echo "recovery_target_action = 'promote'"
    [ -z "$time" ] || echo "recovery_target_time = '$time'"
    echo "archive_mode = off # until somebody has looked at it: the old archive stays as it is"
  } >>"$data/postgresql.auto.conf"
  touch "$data/recovery.signal"
}

prune() {
  local dir=$1 days=$2 b oldest
  find "$dir/base" -mindepth 1 -maxdepth 1 -name '*Z' | sort | head -n -1 | while read -r b; do
    [ -z "$(find "$b/backup_manifest" -mtime "+$days")" ] || rm -rf "$b"
  done
  oldest=$(find "$dir/base" -mindepth 1 -maxdepth 1 -name '*Z' | sort | head -n 1)
  [ -n "$oldest" ] || return 0
  # The first piece of the log that the oldest base backup needs stands in its label.
  pg_archivecleanup "$dir/wal" "$(sed -n 's/^START WAL LOCATION: .* (file \([0-9A-F]*\))$/\1/p' "$oldest/backup_label")"
}

case "${1:-}" in
  archive) archive "${2:?folder}" "${3:?path}" "${4:?name}" ;;
  base) base "${2:?folder}" ;;
  restore) restore "${2:?folder}" "${3:?new data folder}" "${4:-}" ;;
  prune) prune "${2:?folder}" "${3:?days}" ;;
  *) sed -n '2,12p' "$0" >&2; exit 2 ;;
esac
