#!/bin/sh
# Makes again what is generated and committed: templates, style, script. Needs Go, Node and npm; the outputs
# need none of them. CI runs it and fails when the result differs from what is committed.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
asset="$root/internal/web/asset"

cd "$here"
[ -d node_modules/govuk-frontend ] || npm ci --silent
go tool templ generate -path "$root/internal/web/view" -log-level error
# templ formats each text anew by fmt.Sprint, an eighth of a long page's time: see internal/web/view/as_text.go.
sed -i 's/templ\.JoinStringErrs(/asText(/' "$root"/internal/web/view/*_templ.go
node_modules/.bin/sass --load-path=node_modules --style=compressed --no-source-map --no-charset \
    "$asset/style/polku.scss" "$asset/dist/polku.css"
for script in main:polku own:own; do
    node_modules/.bin/esbuild "$asset/script/${script%:*}.js" --bundle --minify --target=es2022 --format=iife \
        --charset=utf8 --legal-comments=none --log-level=warning --outfile="$asset/dist/${script#*:}.js"
done
gofmt -l "$root/internal/web/view" | while read -r f; do gofmt -w "$f"; done
