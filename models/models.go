// Package models holds the shipped service models: five real Finnish services, written in the service model language
// (doc/model-language.md). Reisjärvi's shared house is three models, one for each register under its roof.
package models

import (
	"embed"
	"path"
	"sync"

	"polku/internal/model"
)

// FS holds the models, *.yaml, and their JSON Schema.
//
//go:embed *.yaml schema.json
var FS embed.FS

// Load reads every shipped model. An error is the first mistake of a file; `polku model check` tells them all.
// The set is made once and shared: models never change.
func Load() (*model.Set, error) { return loadOnce() }

var loadOnce = sync.OnceValues(func() (*model.Set, error) {
	names, err := FS.ReadDir(".")
	if err != nil {
		return nil, err
	}
	var all []*model.Model
	for _, f := range names {
		if path.Ext(f.Name()) != ".yaml" {
			continue
		}
		data, err := FS.ReadFile(f.Name())
		if err != nil {
			return nil, err
		}
		m, mistakes := model.Parse(f.Name(), data)
		if len(mistakes) > 0 {
			return nil, mistakes[0]
		}
		all = append(all, m)
	}
	return model.NewSet(all...), nil
})
