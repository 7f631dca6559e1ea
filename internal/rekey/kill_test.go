package rekey_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"testing"

	. "polku/internal/polkutest"
	"polku/internal/seal"
)

const childDB, childKeys = "POLKU_TEST_REKEY_DB", "POLKU_TEST_REKEY_KEYS"

// TestChild changes the key of a database in a process of its own, for TestKilledMidway; by itself it does nothing.
func TestChild(t *testing.T) {
	if os.Getenv(childDB) == "" {
		return
	}
	keys, err := seal.Load(os.Getenv(childKeys))
	must(t, err)
	w := New(t, os.Getenv(childDB))
	s := &Sample{World: w, Keys: keys}
	work := work(s)
	work.Progress = func(done, _ int) {
		fmt.Println("done", done)
		if done >= 1000 {
			select {} // here it is killed
		}
	}
	_, err = work.Change(context.Background(), seal.KindFields)
	must(t, err)
}

// A process that is killed without warning leaves a database in which everybody is read, and the next one finishes.
func TestKilledMidway(t *testing.T) {
	dir, keyDir := t.TempDir(), t.TempDir()
	s := NewSample(t, New(t, dir))
	var err error
	s.Keys, err = seal.LoadOrMake(keyDir)
	must(t, err)
	ids := fill(t, s, 1700)
	child := exec.Command(os.Args[0], "-test.run=^TestChild$")
	child.Env = append(os.Environ(), childDB+"="+dir, childKeys+"="+keyDir)
	out, err := child.StdoutPipe()
	must(t, err)
	must(t, child.Start())
	for lines := bufio.NewScanner(out); lines.Scan() && lines.Text() != "done 1000"; {
	}
	must(t, child.Process.Kill())
	if child.Wait() == nil {
		t.Fatal("it ended by itself")
	}
	s.Keys, err = seal.Load(keyDir)
	must(t, err)
	if !s.Keys.Changing(seal.KindFields) {
		t.Fatal("nothing was under way")
	}
	reachable(t, s, ids)
	done, err := work(s).Change(context.Background(), seal.KindFields)
	must(t, err)
	if done.Made != 700 || s.Keys.Changing(seal.KindFields) {
		t.Errorf("%+v", done)
	}
	reachable(t, s, ids)
}

// BenchmarkChange tells how long a change takes on ten thousand clients, without the wait for other programs.
func BenchmarkChange(b *testing.B) {
	for _, kind := range []seal.Kind{seal.KindFields, seal.KindIndex} {
		b.Run(string(kind), func(b *testing.B) {
			t := &testing.T{}
			s := NewSample(b, New(b, b.TempDir()))
			fill(t, s, 10_000)
			b.ResetTimer()
			for range b.N {
				done, err := work(s).Change(context.Background(), kind)
				if err != nil || done.Made != 10_000 {
					b.Fatal(done, err)
				}
			}
		})
	}
}
