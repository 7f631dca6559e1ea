// Package words holds the shared vocabulary of service models: what the ids in models mean in Finnish,
// Swedish and English. It stands apart from package models so that the model language can read it too.
package words

import _ "embed"

// YAML is words.yaml: kind of word -> id -> {fi, sv, en}.
//
//go:embed words.yaml
var YAML []byte
