// Package rules holds the shipped rule packs: the dated figures of laws and agreements, each with its source.
package rules

import (
	"embed"
	"path"
	"sort"
	"strings"
	"sync"

	"polku/internal/ruleset"
)

// FS holds the rule packs, *.yaml, and their JSON Schema.
//
//go:embed *.yaml schema.json
var FS embed.FS

// Load reads every shipped pack. An error is the first mistake of a file; `polku rules check` tells them all.
func Load() (*ruleset.Set, error) { return loadOnce() }

var loadOnce = sync.OnceValues(func() (*ruleset.Set, error) {
	names, err := FS.ReadDir(".")
	if err != nil {
		return nil, err
	}
	set := &ruleset.Set{}
	for _, f := range names {
		if path.Ext(f.Name()) != ".yaml" {
			continue
		}
		data, err := FS.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		p, mistakes := ruleset.Parse(f.Name(), data)
		if len(mistakes) > 0 {
			return nil, mistakes[0]
		}
		set.Packs = append(set.Packs, p)
	}
	return set, nil
})

// IDs of the shipped packs: their file names, in order.
func IDs() []string {
	var ids []string
	names, err := FS.ReadDir(".")
	if err != nil {
		return nil // an embedded folder can always be read
	}
	for _, f := range names {
		if id, yaml := strings.CutSuffix(f.Name(), ".yaml"); yaml {
			ids = append(ids, id)
		}
	}
	sort.Strings(ids)
	return ids
}
