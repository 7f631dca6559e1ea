package archtest

import (
	"fmt"
	"go/ast"
	"go/token"
	"regexp"
	"strconv"
	"strings"

	"polku/internal/i18n"
)

// keyForm is what a key of the catalogue looks like: an area, then words parted by points.
var keyForm = regexp.MustCompile(`^[a-z][a-z_0-9]*(\.[a-zA-Z0-9_-]+)+$`)

// prefixForm is the beginning of a key, after which code puts a word: "class." or "services.record_".
var prefixForm = regexp.MustCompile(`^[a-z][a-z_0-9]*\.([a-zA-Z0-9_-]+\.)*([a-zA-Z0-9_-]+_)?$`)

// madeKeys are families of keys that code makes in a way that cannot be seen from here, and how.
var madeKeys = map[string]string{
	"resume.":                   "view/moves.templ: the word of the page and .title, .lead, .go",
	"reopen.":                   "view/moves.templ: the same page",
	"signal.cadence_missed_row": "wording/signal.go: the key of the signal and _row",
}

// noKeys are texts in code that look like keys of the catalogue and are none.
var noKeys = regexp.MustCompile(`^(` + strings.Join([]string{
	`client\.(age|unemployed_days|unemployed_months|language|municipality|benefit|previous_service|consents|has_phone)`, // facts of conditions in models
	`login\.(in|out|persona|in_by_[a-z]+|first_factor|wrong_(code|passkey)|provider_(denied|refused)|second_(on|off))`,  // words of the command log
	`[a-z]+\.(templ|json|yaml)`,
}, "|") + `)$`)

// namedOnlyInLogs are functions whose text names a place in a log; it may have a text for people, but need not.
var namedOnlyInLogs = map[string]bool{"fault.Wrap": true, "audit.Command": true}

// textUse is what the code says of the catalogue: keys by name and beginnings of keys, and where they stand.
type textUse struct{ keys, prefixes, logged map[string]string }

// usesOfTexts gathers the keys that the program names. Templates count by the Go code made of them.
func usesOfTexts(tree *tree) textUse {
	use := textUse{map[string]string{}, map[string]string{}, map[string]string{}}
	for _, f := range tree.goFiles {
		if f.test || f.pkg == "archtest" {
			continue
		}
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if call, is := n.(*ast.CallExpr); is && forLogs(call) {
				for _, arg := range call.Args {
					if lit, is := arg.(*ast.BasicLit); is {
						use.logged[strings.Trim(lit.Value, `"`)] = f.path
					}
				}
				return false
			}
			if lit, is := n.(*ast.BasicLit); is && lit.Kind == token.STRING {
				text, err := strconv.Unquote(lit.Value)
				where := fmt.Sprintf("%s:%d", f.path, f.line(n))
				switch {
				case err != nil || noKeys.MatchString(text):
				case prefixForm.MatchString(text):
					use.prefixes[text] = where
				case keyForm.MatchString(text):
					use.keys[text] = where
				}
			}
			return true
		})
	}
	return use
}

func forLogs(call *ast.CallExpr) bool {
	fn, _ := call.Fun.(*ast.SelectorExpr)
	if fn == nil {
		return false
	}
	of, _ := fn.X.(*ast.Ident)
	return of != nil && namedOnlyInLogs[of.Name+"."+fn.Sel.Name]
}

// textsAreThere: every key that code names has its text, and every text of the catalogue is used. A word that looks
// like a key counts as one when the catalogue has its area (what stands before the first point).
func textsAreThere(tree *tree) []string { return compareTexts(usesOfTexts(tree), i18n.Keys()) }

func compareTexts(use textUse, catalogue []string) []string {
	var faults []string
	there, areas := map[string]bool{}, map[string]bool{}
	for _, key := range catalogue {
		there[key] = true
		area, _, _ := strings.Cut(key, ".")
		areas[area] = true
	}
	areaOf := func(text string) string { area, _, _ := strings.Cut(text, "."); return area }
	for key, where := range use.keys {
		if areas[areaOf(key)] && !there[key] {
			faults = append(faults, fmt.Sprintf("%s: the key %s has no text in internal/i18n/texts", where, key))
		}
	}
	for prefix, where := range use.prefixes {
		if areas[areaOf(prefix)] && !begins(catalogue, prefix) {
			faults = append(faults, fmt.Sprintf("%s: no key in internal/i18n/texts begins with %s", where, prefix))
		}
	}
	for prefix := range madeKeys {
		use.prefixes[prefix] = "madeKeys"
	}
	for _, key := range catalogue {
		if use.keys[key] == "" && use.logged[key] == "" && !beginsWithOne(key, use.prefixes) {
			faults = append(faults, fmt.Sprintf("the text %s is used nowhere: take it out of internal/i18n/texts", key))
		}
	}
	return faults
}

func begins(keys []string, prefix string) bool {
	for _, key := range keys {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}

func beginsWithOne(key string, prefixes map[string]string) bool {
	for prefix := range prefixes {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	return false
}
