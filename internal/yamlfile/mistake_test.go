package yamlfile

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestNearestIsWhatWasMeant(t *testing.T) {
	known := []string{"title", "version", "follow_up", "for", "every", "holidays-fi"}
	for word, want := range map[string]string{"titel": "title", "Version": "version", "followup": "follow_up", "evry": "every", "holiday-fi": "holidays-fi",
		"fro": "for", "moon": "", "": "", strings.Repeat("x", 300): ""} {
		if got := Nearest(word, known); got != want {
			t.Errorf("%q: %q, want %q", word, got, want)
		}
	}
}

func TestDistanceIsADistance(t *testing.T) {
	word := rapid.SliceOfN(rapid.RuneFrom([]rune("abå-")), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		d := distance(a, b)
		if d != distance(b, a) || (d == 0) != (string(a) == string(b)) || d > max(len(a), len(b)) || d < len(a)-len(b) {
			t.Fatalf("%q %q: %d", string(a), string(b), d)
		}
	})
}

// A file full of mistakes is told as far as anybody would mend it, and costs no more.
func TestMistakesAreBounded(t *testing.T) {
	f, root, ok := Open("many.yaml", []byte("list: ["+strings.Repeat("wrongword, ", 40_000)+"]"))
	if !ok {
		t.Fatal(f.Mistakes)
	}
	start := time.Now()
	n, _ := root.Map("list").Need("list")
	for _, at := range n.Texts() {
		at.OneOf("rightword", "another")
	}
	if len(f.Mistakes) != MaxMistakes {
		t.Errorf("%d mistakes", len(f.Mistakes))
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %v", took)
	}
}
