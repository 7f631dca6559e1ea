package pathway

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"polku/internal/civil"
	"polku/internal/entry"
)

// FuzzEvaluate reads any bytes as a journal file. What the journal accepts, the engine judges without panic, twice
// the same, and soon enough.
func FuzzEvaluate(f *testing.F) {
	files, err := filepath.Glob("testdata/journals/*.jsonl")
	if err != nil || len(files) == 0 {
		f.Fatal("no seeds", err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, 30)
		f.Add(data, 400)
	}
	w := newWorld(f)
	f.Fuzz(func(t *testing.T, data []byte, days int) {
		entries, err := entry.ReadLines(bytes.NewReader(data))
		if err != nil || len(entries) == 0 || len(entries) > 500 {
			return
		}
		today := entries[0].Day + civil.Date(days%4000)
		s := Evaluate(w.models, w.rules, w.cal, entries, today)
		if again := Evaluate(w.models, w.rules, w.cal, entries, today); !Same(s, again) {
			t.Fatalf("differs:\n%s\n%s", tell(&s), tell(&again))
		}
		if !s.NextChange.IsZero() && s.NextChange <= today {
			t.Fatalf("next change %s is not after %s", s.NextChange, today)
		}
		EvaluateAll(w.models, w.rules, w.cal, entries, today)
	})
}
