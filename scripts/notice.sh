#!/usr/bin/env bash
# Prints NOTICE: the licences of everything that the program ships. The Go modules are those linked into cmd/polku,
# with the licence texts found in the module cache; other parts stand in licences/, one file each, whose first line
# is "name version, licence". Needs only Go; what it prints depends on nothing but go.mod and licences/.
set -euo pipefail
cd "$(dirname "$0")/.."
export GOOS=linux GOARCH=amd64 CGO_ENABLED=0 LC_ALL=C

# kind names the licence of a text.
kind() {
  local text
  text=$(tr -s ' \n\r\t' ' ' <"$1")
  case $text in
    *"Apache License Version 2.0"*) echo Apache-2.0 ;;
    *"Mozilla Public License"*"2.0"*) echo MPL-2.0 ;;
    *"Permission is hereby granted, free of charge"*) echo MIT ;;
    *"Permission to use, copy, modify, and"*"distribute this software for any purpose"*) echo ISC ;;
    *"Redistribution and use in source and binary forms"*"Neither the name"* | *"Redistribution and use in source and binary forms"*"names of its contributors may be used"*) echo BSD-3-Clause ;;
    *"Redistribution and use in source and binary forms"*) echo BSD-2-Clause ;;
    *"unencumbered software released into the public domain"*) echo Unlicense ;;
    *) echo "see text" ;;
  esac
}

# parts prints "name version<TAB>folder" of each module, and of Go's own library.
parts() {
  go list -deps -f '{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{"\t"}}{{.Dir}}{{end}}{{end}}' ./cmd/polku | sort -u
  # The same text as Go's own, which not every installation of Go keeps.
  printf 'Go standard library\t%s\n' "$(go list -m -f '{{.Dir}}' golang.org/x/sys)"
}

texts=$(mktemp -d)
trap 'rm -rf "$texts"' EXIT
list=$texts/list
while IFS=$'\t' read -r name dir; do
  [ -n "$name" ] || continue
  found=
  for file in "$dir"/LICENSE* "$dir"/LICENCE* "$dir"/COPYING* "$dir"/License* "$dir"/UNLICENSE* "$dir"/license*; do
    [ -f "$file" ] || continue
    found=yes
    printf '%s, %s\n' "$name" "$(kind "$file")" >>"$list"
    # A text that several parts share is printed once, below all their names.
    sum=$(tr -d '\r' <"$file" | sha256sum | cut -c1-16)
    [ -f "$texts/$sum.text" ] || tr -d '\r' <"$file" >"$texts/$sum.text"
    echo "$name" >>"$texts/$sum.names"
  done
  [ -n "$found" ] || { echo "no licence text found for $name in $dir" >&2; exit 1; }
done < <(parts)
for file in licences/*.txt; do
  [ -f "$file" ] || continue
  head -n 1 "$file" >>"$list"
  sum=$(sha256sum <"$file" | cut -c1-16)
  tail -n +2 "$file" >"$texts/$sum.text"
  head -n 1 "$file" | sed 's/,.*//' >"$texts/$sum.names"
done

cat <<'HEAD'
Polku
Licensed under the European Union Public Licence 1.2 (EUPL-1.2), see LICENSE.

Polku ships the parts below, each under its own licence. This file is made by scripts/notice.sh.

HEAD
sort -u "$list" | sed 's/^/  /'
for names in $(ls "$texts"/*.names | while read -r f; do printf '%s\t%s\n' "$(sort "$f" | head -n 1)" "$f"; done | sort | cut -f 2); do
  printf '\n%s\n' "--------------------------------------------------------------------------------"
  sort -u "$names"
  printf '%s\n\n' "--------------------------------------------------------------------------------"
  cat "${names%.names}.text"
done
