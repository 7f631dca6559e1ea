// Package i18n owns the texts that people read. They stand in texts/<area>.yaml, one key a line group with
// Finnish, Swedish and English side by side:
//
//	today.title: {fi: Tänään, sv: I dag, en: Today}
//	today.count: {fi: {one: "{n} asiakas", other: "{n} asiakasta"}, sv: …, en: …}
//
// Placeholders are {name}. A test fails when a key lacks a language, or when code names a key that is not there.
package i18n

import (
	"embed"
	"fmt"
	"sort"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Lang is a language of the user interface.
type Lang string

// The languages, Finnish first. Selko is easy Finnish for participants: it falls back to Finnish.
const (
	FI Lang = "fi"
	SV Lang = "sv"
	EN Lang = "en"
)

// Langs in the order they are offered.
var Langs = []Lang{FI, SV, EN}

// ParseLang gives the language of a tag such as "sv-FI"; Finnish when it is none of ours.
func ParseLang(tag string) Lang {
	for _, l := range Langs {
		if strings.HasPrefix(strings.ToLower(tag), string(l)) {
			return l
		}
	}
	return FI
}

//go:embed texts/*.yaml
var files embed.FS

// text is one key in one language: One is empty when the text has no plural forms.
type text struct{ one, other string }

func (t *text) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		t.other = n.Value
		return nil
	}
	var forms struct{ One, Other string }
	if err := n.Decode(&forms); err != nil {
		return err
	}
	t.one, t.other = forms.One, forms.Other
	return nil
}

var catalogue = mustLoad()

func mustLoad() map[string]map[Lang]text {
	all := map[string]map[Lang]text{}
	names, err := files.ReadDir("texts")
	if err != nil {
		panic(err)
	}
	for _, f := range names {
		data, err := files.ReadFile("texts/" + f.Name())
		if err != nil {
			panic(err)
		}
		var keys map[string]map[Lang]text
		if err := yaml.Unmarshal(data, &keys); err != nil {
			panic(fmt.Sprintf("texts/%s: %v", f.Name(), err))
		}
		for k, langs := range keys {
			if all[k] != nil {
				panic(fmt.Sprintf("texts/%s: key %s stands in another file too", f.Name(), k))
			}
			all[k] = langs
		}
	}
	return all
}

// Keys gives every key in order, for tests.
func Keys() []string {
	keys := make([]string, 0, len(catalogue))
	for k := range catalogue {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}

// Has tells whether the catalogue has a key.
func Has(key string) bool { return catalogue[key] != nil }

func (l Lang) find(key string) (text, bool) {
	langs, ok := catalogue[key]
	if !ok {
		return text{}, false
	}
	t, ok := langs[l]
	if !ok {
		t = langs[FI]
	}
	return t, true
}

// T gives the text of a key. args are names and values in turn: T("today.count", "n", 3). A key that is not
// there comes back as the key itself, so that a page never breaks for a missing text.
func (l Lang) T(key string, args ...any) string {
	t, ok := l.find(key)
	if !ok {
		return key
	}
	return fill(t.other, args)
}

// N gives the text of a key in the singular or plural form of n; {n} is filled with n.
func (l Lang) N(key string, n int, args ...any) string {
	t, ok := l.find(key)
	if !ok {
		return key
	}
	form := t.other
	if n == 1 && t.one != "" {
		form = t.one
	}
	return fill(form, append([]any{"n", n}, args...))
}

// Map is T with arguments in a map, as faults and signals carry them.
func (l Lang) Map(key string, args map[string]any) string {
	flat := make([]any, 0, 2*len(args))
	for k, v := range args {
		flat = append(flat, k, v)
	}
	return l.T(key, flat...)
}

// In gives the text of a key in the language of a tag such as "sv": for packages that must not know the catalogue.
func In(tag, key string) string { return ParseLang(tag).T(key) }

// fill puts values in the place of {names}; a name without a value stays as it is. One walk over the text: a page has
// hundreds of them.
func fill(s string, args []any) string {
	if len(args) < 2 || !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 32)
	for {
		before, rest, found := strings.Cut(s, "{")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, known := valueOf(args, name)
		if !closed || !known {
			b.WriteByte('{')
			s = rest
			continue
		}
		b.WriteString(value)
		s = after
	}
}

func valueOf(args []any, name string) (value string, known bool) {
	for i := 0; i+1 < len(args); i += 2 {
		if args[i].(string) == name {
			return show(args[i+1]), true
		}
	}
	return "", false
}

func show(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int:
		return strconv.Itoa(v)
	}
	return fmt.Sprint(v)
}
