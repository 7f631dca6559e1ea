package archtest

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// layers is the map of the program, from the ground up. A package may import only packages that stand before it:
// in an earlier row, or earlier in its own row. Adding a package means adding a word here; the place tells what it
// may know. Names are folders, without "internal/".
const layers = `
kernel      fault civil actor amount fold ident hetu phone secret seal i18n yamlfile
heart       entry ruleset rules models/words model models pathway simulate
base        hint sieve vault wording csvio samples db schema audit job journal
slices      unit phrase person client petition relation closeperson path consent care ticket emergency approval file directory referral plan booking leave workactivity task talk cover document group house measure employer placement money
processes   intake transfer handoff closing passage aftercare staffing importing verify review retention rekey
readers     caseload report extract breach
adapters    ics pdf logview mail sms oidc login portal backup ship metric
runners     keeper demo torture
faces       web/asset web/view paper web/story web bench cli
program     cmd/polku
tests       polkutest browser browsertest archtest
`

const everywhere = "kernel heart base slices processes readers adapters runners faces program"

// bans are imports that the order alone would allow. A row's layers and packages may not import what it names.
var bans = []ban{
	{in: "heart", not: "net/http database/sql os", why: "the heart is pure: no network, no database, no files"},
	{in: "db schema audit job journal slices processes readers", not: "i18n github.com/a-h/templ net/http html/template",
		why: "they answer with keys and figures; words and pages are made above"},
	{in: "readers", not: "intake handoff closing staffing importing", why: "a reader never writes"},
	{in: everywhere, but: "db", why: "only db imports a driver",
		not: "modernc.org/sqlite zombiezen.com/go/sqlite github.com/jackc/pgx/v5 github.com/jackc/pgx/v5/stdlib github.com/jackc/pgx/v5/pgconn github.com/jackc/pgx/v5/pgxpool"},
	{in: everywhere, but: "db schema", not: "github.com/pressly/goose/v3", why: "only schema moves the tables from version to version"},
}

// badNames tell nothing about what a package owns. The folder models/ at the top, data and no code, is allowed.
var badNames = []string{"util", "utils", "common", "helper", "helpers", "models", "services", "misc", "shared", "lib", "types"}

// ban: the layers and packages in, but for those in but, may not import what not names.
type ban struct{ in, but, not, why string }

// place is where a package stands in the map.
type place struct {
	layer string
	order int
}

func readLayers(table string) map[string]place {
	places := map[string]place{}
	for _, line := range strings.Split(table, "\n") {
		words := strings.Fields(line)
		for i, word := range words {
			if i > 0 {
				places[word] = place{layer: words[0], order: len(places)}
			}
		}
	}
	return places
}

// importsFollowTheMap: arrows one way only, and every package is on the map.
func importsFollowTheMap(tree *tree) []string {
	places := readLayers(layers)
	var faults []string
	for _, f := range tree.goFiles {
		if f.test {
			continue // a test may use anything
		}
		here, known := places[f.pkg]
		if !known {
			faults = append(faults, fmt.Sprintf("%s: package %s is not on the map: add it to layers in internal/archtest/layers_test.go", f.path, f.pkg))
			continue
		}
		for _, imported := range f.imports {
			name, own := ownPackage(imported)
			there, listed := places[name]
			if own && listed && there.order >= here.order {
				faults = append(faults, fmt.Sprintf("%s: %s (%s) may not import %s (%s): it stands later on the map", f.path, f.pkg, here.layer, name, there.layer))
			}
			for _, b := range bans {
				banned := own && slices.Contains(strings.Fields(b.not), name) || !own && slices.Contains(strings.Fields(b.not), imported)
				if banned && b.covers(f.pkg, here.layer) {
					faults = append(faults, fmt.Sprintf("%s: %s may not import %s: %s", f.path, f.pkg, imported, b.why))
				}
			}
		}
	}
	return faults
}

func (b ban) covers(pkg, layer string) bool {
	in := strings.Fields(b.in)
	return (slices.Contains(in, layer) || slices.Contains(in, pkg)) && !slices.Contains(strings.Fields(b.but), pkg)
}

// heartHasNoClock: the engine is told which day it is.
func heartHasNoClock(tree *tree) []string {
	places := readLayers(layers)
	var faults []string
	for _, f := range tree.goFiles {
		if f.test || places[f.pkg].layer != "heart" {
			continue
		}
		for _, use := range f.selectors {
			if slices.Contains([]string{"time.Now", "time.Since", "time.Until", "time.After", "time.Sleep"}, use.name) {
				faults = append(faults, fmt.Sprintf("%s:%d: %s: the heart has no clock; today is an argument", f.path, use.line, use.name))
			}
		}
	}
	return faults
}

// namesTell: a package's folder is its name, says what it owns, and no file knows two packages by one name.
func namesTell(tree *tree) []string {
	var faults []string
	for _, f := range tree.goFiles {
		if f.test {
			continue
		}
		last := path.Base(f.pkg)
		if slices.Contains(badNames, last) && !strings.HasPrefix(f.path, "models/") {
			faults = append(faults, fmt.Sprintf("%s: the name %s tells nothing about what the package owns", f.path, last))
		}
		if f.name != last && f.name != "main" {
			faults = append(faults, fmt.Sprintf("%s: package %s stands in the folder %s", f.path, f.name, f.pkg))
		}
		for _, imported := range f.imports {
			_, own := ownPackage(imported)
			standard := !own && !strings.Contains(strings.Split(imported, "/")[0], ".")
			here := func(other string) bool {
				_, own := ownPackage(other)
				return own && path.Base(other) == path.Base(imported)
			}
			if standard && (path.Base(imported) == last || slices.ContainsFunc(f.imports, here)) {
				faults = append(faults, fmt.Sprintf("%s: the name %s means the standard package %s and one of ours in one file", f.path, path.Base(imported), imported))
			}
		}
	}
	return faults
}
