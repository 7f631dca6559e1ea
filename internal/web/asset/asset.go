// Package asset owns the style, the script and the icon of the web face. The sources stand in style/ and
// script/, the compiled files in dist/; tools/generate.sh makes the latter from the former. A file's address
// carries a hash of its content, so that browsers may keep it for a year.
package asset

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"net/http"
	"strings"
	"time"
)

//go:embed dist
var files embed.FS

// Addresses of the files below the base path.
var (
	Style  = address("polku.css")
	Script = address("polku.js")
	Icon   = address("polku.svg")

	OwnIcon   = address("own.svg") // of participants' pages: it tells nobody which service they use
	OwnScript = address("own.js")  // of the two of their pages where passkeys are
)

// Prefix is the path under which Handler serves.
const Prefix = "/asset/"

var types = map[string]string{
	"polku.css": "text/css; charset=utf-8",
	"polku.js":  "text/javascript; charset=utf-8",
	"polku.svg": "image/svg+xml",
	"own.svg":   "image/svg+xml",
	"own.js":    "text/javascript; charset=utf-8",
}

func address(name string) string {
	sum := sha256.Sum256(read(name))
	return Prefix + name + "?v=" + base64.RawURLEncoding.EncodeToString(sum[:9])
}

func read(name string) []byte {
	data, err := files.ReadFile("dist/" + name)
	if err != nil {
		panic(err) // the files are embedded: a missing one is a build mistake
	}
	return data
}

// Handler serves the files below Prefix. An address with another hash than today's is served but not kept,
// so that a page of the version before still looks right while a new one is rolled out.
func Handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(r.URL.Path, Prefix)
		kind, ok := types[name]
		if !ok {
			http.NotFound(w, r)
			return
		}
		h := w.Header()
		h.Set("Content-Type", kind)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-cache")
		if Prefix+name+"?"+r.URL.RawQuery == address(name) {
			h.Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		http.ServeContent(w, r, name, time.Time{}, strings.NewReader(string(read(name))))
	})
}
