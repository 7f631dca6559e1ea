#!/usr/bin/env bash
# Known holes in the modules that the program is made of, by govulncheck: only those whose code the program can reach.
#   scripts/vuln.sh       (this is `make vuln`); ends with 0: none, 3: there are some, 2: not checked
# The list of holes is asked at https://vuln.go.dev, or where GOVULNDB says: a mirror, or file:///folder with a copy for
# machines without an open network (https://vuln.go.dev/vulndb.zip, unpacked).
set -uo pipefail
cd "$(dirname "$0")/.."
govulncheck=golang.org/x/vuln/cmd/govulncheck@v1.1.4
database=${GOVULNDB:-https://vuln.go.dev}
mkdir -p build

unreached() {
  echo "NOT CHECKED: the database of known holes at $database cannot be reached from here."
  echo "Run make vuln where it can be, or set GOVULNDB to a mirror or a copy (scripts/vuln.sh tells how)."
  exit 2
}
if [[ $database == http* ]] && command -v curl >/dev/null; then
  curl -fsSL -o build/vuln.json --max-time 20 "$database/index/db.json" || unreached
fi

# In two steps, so that a tool that cannot be fetched is not taken for a hole, nor the other way round.
if ! GOBIN="$PWD/build" go install "$govulncheck" 2>build/vuln.log; then
  cat build/vuln.log
  echo "NOT CHECKED: govulncheck could not be fetched from the module proxy (go env GOPROXY)"
  exit 2
fi
build/govulncheck -db "$database" ./... 2>build/vuln.log
status=$?
case $status in
  0 | 3) exit "$status" ;;
esac
tail -n 5 build/vuln.log
grep -q 'fetching vulnerabilities' build/vuln.log && unreached
echo "NOT CHECKED: govulncheck failed, see above"
exit 2
