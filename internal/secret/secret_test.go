package secret_test

import (
	"bytes"
	"regexp"
	"testing"

	"polku/internal/secret"
)

// A code is four groups of four letters that cannot be taken for each other, never the same twice; read out or written in
// another way it is the same code.
func TestCode(t *testing.T) {
	form := regexp.MustCompile(`^([0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$`)
	seen := map[string]bool{}
	for range 1000 {
		c := secret.Code()
		if !form.MatchString(c) || seen[c] {
			t.Fatalf("the code %s", c)
		}
		seen[c] = true
	}
	if !bytes.Equal(secret.Hash("a0b1-c2d3-e4f5-g6h7"), secret.Hash(" AOBL C2D3 e4f5 G6H7")) || bytes.Equal(secret.Hash("a0b1"), secret.Hash("a0b2")) {
		t.Error("the hash does not tell codes apart as people do")
	}
}
