package caseload

import (
	"sync"

	"github.com/go-json-experiment/json"

	"polku/internal/fault"
	"polku/internal/pathway"
)

// reasonsMost is how many texts are remembered at most: some 5 MB.
const reasonsMost = 20_000

// reasons remembers signals by the JSON text that the balance keeps: the same text is the same signal, and most lists are
// read many times before they change. Signals are shared: nobody changes them.
var reasons remembered

type remembered struct {
	mu sync.RWMutex
	of map[string]*pathway.Signal
}

// signal gives the signal of a text; nil for none.
func (r *remembered) signal(text string) (*pathway.Signal, error) {
	if text == "" {
		return nil, nil
	}
	r.mu.RLock()
	s := r.of[text]
	r.mu.RUnlock()
	if s != nil {
		return s, nil
	}
	s = new(pathway.Signal)
	if err := json.Unmarshal([]byte(text), s); err != nil {
		return nil, fault.Wrap(err, "caseload.decode")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.of == nil || len(r.of) >= reasonsMost {
		r.of = map[string]*pathway.Signal{}
	}
	r.of[text] = s
	return s, nil
}
