#!/usr/bin/env bash
# Makes the pictures of the README and doc/tour.md again, from the demo, in Chromium: doc/pictures/*.png.
set -euo pipefail
cd "$(dirname "$0")/.."
mkdir -p doc/pictures
POLKU_PICTURES="$PWD/doc/pictures" POLKU_TEST_ALL=1 go test -count=1 -run '^TestPictures$' ./internal/browsertest
ls -l doc/pictures
