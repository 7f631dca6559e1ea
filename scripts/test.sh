#!/usr/bin/env bash
# The whole test run, step by step; every step runs even when an earlier one failed, so that one run tells all.
#   scripts/test.sh            all steps (this is `make test`)
#   scripts/test.sh STEP...    only these, in this order; the names are those of the functions below
# Settings: POLKU_TEST_POSTGRES=URL   use this PostgreSQL (a user who may create databases) instead of a throw-away one
#           POLKU_TEST_INSTALL=0      install nothing, only say what is missing
#           POLKU_SCREENSHOTS=FOLDER  browser tests put their pictures there
#           FUZZ_SECONDS=10           shared by all fuzz targets
#           PROPERTY_CHECKS=20000     tries for each property in the step property, which `make property` runs
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
export LC_ALL=C.UTF-8 TERM="${TERM:-dumb}"
export POLKU_TEST_ALL=1 # a test that lacks PostgreSQL or Chromium fails instead of doing less
mkdir -p build

browser_packages() { go list ./... | grep -E '/internal/browser(test)?(/|$)'; }
property_packages() { go list -f '{{.ImportPath}} {{join .TestImports " "}} {{join .XTestImports " "}}' ./... | awk '/ pgregory.net\/rapid/ { print $1 }'; }
other_packages() { go list ./... | grep -vE '/internal/browser(test)?(/|$)|/internal/archtest$'; }

format() {
  local bad
  bad=$(find . \( -name node_modules -o -name .git -o -path ./build \) -prune -o -name '*.go' -print0 | xargs -0 gofmt -l) || return 1
  [ -z "$bad" ] || { printf 'not formatted; run make fmt:\n%s\n' "$bad"; return 1; }
}

vet() { go vet ./...; }

staticcheck() {
  go build -C tools/lint -o "$root/build/staticcheck" honnef.co/go/tools/cmd/staticcheck && build/staticcheck ./...
}

# generated makes the generated files again: nothing may change.
generated() {
  [ -x tools/generate.sh ] || { echo "no tools/generate.sh: nothing is generated yet"; return 0; }
  if ! command -v node >/dev/null; then
    echo "NOT CHECKED: Node.js is missing, so the generated files could not be made again (Debian: nodejs npm)"
    return 0
  fi
  local before after
  before=$(tree_state)
  tools/generate.sh >build/generate.log 2>&1 || { tail -n 40 build/generate.log; return 1; }
  after=$(tree_state)
  [ "$before" = "$after" ] || {
    echo "generated files were not current; commit what make generate made:"
    diff <(echo "$before") <(echo "$after") | sed -n 's/^> [0-9a-f]* */  /p'
    return 1
  }
}
tree_state() { git ls-files -z -co --exclude-standard | xargs -0 sha1sum 2>/dev/null; }

notice() {
  [ -d cmd/polku ] && ls cmd/polku/*.go >/dev/null 2>&1 || { echo "no program yet"; return 0; }
  diff <(scripts/notice.sh) NOTICE >build/notice.diff || { echo "NOTICE is not current; run make notice:"; head -n 20 build/notice.diff; return 1; }
}

# vuln fails when the program reaches a known hole; where the database of holes cannot be asked, it says so.
vuln() {
  scripts/vuln.sh
  local status=$?
  [ $status = 2 ] || return $status
}

architecture() { go test -count=1 ./internal/archtest; }

# unit runs every test on SQLite and, where there is a database, on PostgreSQL. Properties are tried with the same seed each
# time, so that a run says something about the change; `make property` is there to look for what nobody has met yet.
unit() {
  local packages properties
  properties=$(property_packages) || return 1
  packages=$(other_packages | grep -vxF "$properties") || return 1
  # shellcheck disable=SC2086
  go test -timeout 20m $packages && go test -timeout 15m $properties -rapid.seed=1
}

# property tries the properties that need neither a database nor a file with new seeds, many times over. What fails is kept in the package's
# testdata/rapid until it passes.
property() {
  # shellcheck disable=SC2046
  go test -count=1 -timeout 60m $(property_packages | grep -E '/(civil|hetu|pathway|phone|yamlfile)$') -rapid.checks="${PROPERTY_CHECKS:-20000}"
}

# race runs all but the pure packages of the heart, which do one thing at a time (unless one of them learns more), and
# those that only measure, read files or draw: ten times slower under the detector, and nothing of theirs is shared.
# Tests that start the program anew and break it are left out too (what they look at happens in other processes), and those
# that ask for thousands of pages one after the other.
# On PostgreSQL too run those whose tests do several things at once in the database; for the others the first step did.
race() {
  local package one_database= both= properties= with_properties
  with_properties=$(property_packages) || return 1
  for package in $(other_packages); do
    if [[ $package =~ /(bench|csvio|demo|web/view)$ ]]; then continue; fi
    if [[ $package =~ /(entry|ruleset|model|pathway|simulate|models|rules)$ ]] && ! several_at_once "${package#polku/}"; then continue; fi
    if grep -qxF "$package" <<<"$with_properties"; then properties+=" $package"; continue; fi
    if [[ $package =~ /(audit|caseload|db|journal|keeper|path|schema|staffing|unit)$ ]]; then both+=" $package"; else one_database+=" $package"; fi
  done
  # shellcheck disable=SC2086
  CGO_ENABLED=1 go test -race -timeout 35m $both &&
    CGO_ENABLED=1 go test -race -timeout 35m $properties -rapid.seed=1 &&
    CGO_ENABLED=1 POLKU_TEST_POSTGRES= POLKU_TEST_ALL= go test -race -timeout 35m -skip "$nothing_at_once" $one_database
}
nothing_at_once='^(TestEveryRouteAsEveryRole|TestForeignOriginIsRefused|TestNoFieldMakesAnOutgoingCall|TestNothingAcknowledgedIsLost|TestKilledMigrationGoesOn|TestShippedCopyComesBackToTheSecond|TestDemoIsMadeOnceADay|TestACrowdIsSentAwayKindly|TestLogHasNoPersonalData)$'
several_at_once() { grep -qE '^\s*go (func|[a-zA-Z.]+\()|"sync"|"sync/atomic"' "$1"/*.go; }

browser() {
  local packages
  packages=$(browser_packages) || return 1
  # One browser at a time, with two tabs: more of them on two cores only wait for each other.
  # shellcheck disable=SC2086
  go test -count=1 -p 1 -parallel 2 -timeout 15m $packages
}

# provider signs in at an identity provider that others run in earnest, unpacked from Debian's packages.
provider() {
  local dir issuer result
  if [ "${POLKU_TEST_INSTALL:-1}" = 0 ] || ! command -v apt-get >/dev/null; then
    echo "NOT CHECKED: LemonLDAP::NG cannot be fetched here, so only the provider inside the tests was tried"
    return 0
  fi
  dir=$(mktemp -d /tmp/polku-idp.XXXXXX)
  if ! issuer=$(scripts/lemonldap.sh start "$dir"); then
    echo "NOT CHECKED: LemonLDAP::NG did not start, so only the provider inside the tests was tried"
    scripts/lemonldap.sh stop "$dir"
    return 0
  fi
  POLKU_TEST_OIDC=$issuer go test -count=1 -run TestRealProvider ./internal/oidc
  result=$?
  scripts/lemonldap.sh stop "$dir"
  return $result
}

# acme gets a certificate from the ACME server that Let's Encrypt test with.
acme() {
  if ! go build -C tools/acme -o "$root/build/" github.com/letsencrypt/pebble/v2/cmd/pebble github.com/letsencrypt/pebble/v2/cmd/pebble-challtestsrv; then
    echo "NOT CHECKED: the ACME server could not be fetched"
    return 0
  fi
  POLKU_TEST_PEBBLE="$root/build" go test -count=1 -run TestCertificateComesByACME ./internal/cli
}

# fuzz gives each fuzz target its share of FUZZ_SECONDS, one second at least.
fuzz() {
  local targets count each failed=0 file name
  targets=$(grep -rnoE '^func Fuzz[A-Za-z0-9_]*' --include='*_test.go' internal cmd 2>/dev/null | sed -E 's|/[^/]*:[0-9]+:func | |')
  [ -n "$targets" ] || { echo "no fuzz targets yet"; return 0; }
  count=$(echo "$targets" | wc -l)
  each=$((${FUZZ_SECONDS:-10} / count))
  [ "$each" -ge 1 ] || each=1
  while read -r file name; do
    echo "$file $name"
    go test -run '^$' -fuzz "^$name\$" -fuzztime "${each}s" "./$file" >build/fuzz.log 2>&1 || { tail -n 30 build/fuzz.log; failed=1; }
  done <<<"$targets"
  return $failed
}

stop_postgres() { [ -z "${postgres_dir:-}" ] || scripts/postgres.sh stop "$postgres_dir"; postgres_dir=; }

# needs_database starts the throw-away PostgreSQL, once.
needs_database() {
  [ -z "${POLKU_TEST_POSTGRES:-}" ] || return 0
  # Right under /tmp: the server's own user must reach it, and a socket's path may have 107 characters only.
  postgres_dir=$(mktemp -d /tmp/polku-pg.XXXXXX)
  POLKU_TEST_POSTGRES=$(scripts/postgres.sh start "$postgres_dir") || return 1
  export POLKU_TEST_POSTGRES
}

all="format vet staticcheck generated notice vuln architecture unit race provider acme browser fuzz"
steps="${*:-$all}"
titles() {
  case $1 in
    format) echo "format of the Go files" ;;
    vet) echo "go vet" ;;
    staticcheck) echo "staticcheck" ;;
    generated) echo "generated files are current" ;;
    notice) echo "NOTICE is current" ;;
    vuln) echo "known holes in the modules" ;;
    architecture) echo "architecture rules" ;;
    unit) echo "tests, on SQLite and PostgreSQL" ;;
    race) echo "race detector" ;;
    provider) echo "sign-in at a real identity provider" ;;
    acme) echo "a certificate by ACME" ;;
    browser) echo "browser tests in Chromium" ;;
    fuzz) echo "short fuzz runs" ;;
    property) echo "properties, at random" ;;
    *) return 1 ;;
  esac
}
for step in $steps; do titles "$step" >/dev/null || { echo "no step \"$step\"; there are: $all" >&2; exit 2; }; done

started=$SECONDS
case " $steps " in
  *" unit "* | *" race "* | *" browser "*)
    scripts/needs.sh || exit 1
    trap stop_postgres EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
    needs_database || { echo "PostgreSQL did not start; see above" >&2; exit 1; }
    ;;
esac

summary=
passed=0
failed=0
for step in $steps; do
  from=$SECONDS
  printf '\n== %s\n' "$(titles "$step")"
  if $step; then
    word=ok
    passed=$((passed + 1))
  else
    word=FAILED
    failed=$((failed + 1))
  fi
  line=$(printf '%-7s %4d s  %s' "$word" $((SECONDS - from)) "$(titles "$step")")
  echo "-- $line"
  summary+="$line"$'\n'
done

printf '\n%s\n' "== summary, $((SECONDS - started)) s in all"
printf '%s' "$summary"
echo "steps: $passed passed, $failed failed"
[ "$failed" = 0 ]
