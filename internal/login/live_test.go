package login

import (
	"testing"
	"time"

	"polku/internal/db"
	"polku/internal/polkutest"
	"polku/internal/unit"
)

// listening opens a page of Mia's in a process of its own (a service beside the others) and gives its stream.
func listening(t *testing.T, w *polkutest.World, sample *polkutest.Sample) (*Service, Who, *Stream) {
	t.Helper()
	s := New(w.DB, polkutest.Tenant)
	_, who := enter(t, s, good)
	st, err := s.Live.Join(t.Context(), OpenPage{Session: who.Session, Worker: who.Worker.ID, Rights: who.Rights})
	must(t, err)
	t.Cleanup(func() { s.Live.Leave(st) })
	return s, who, st
}

func hears(t *testing.T, st *Stream, want News) {
	t.Helper()
	start := time.Now()
	select {
	case got := <-st.C:
		if got != want {
			t.Errorf("hears %q, want %q", got, want)
		}
		t.Logf("%s after %v", got, time.Since(start).Round(time.Millisecond))
	case <-time.After(time.Second):
		t.Errorf("hears nothing within a second, want %q", want)
	}
}

// What another process does to a session or to rights is heard within a second by every page that it concerns, and by
// no other.
func TestOpenPagesHear(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		_, sample := miaSignsIn(t, w)
		for _, c := range []struct { // in this order: a change of Mia's rights concerns all her sessions
			name string
			do   func(tx *db.Tx, who Who) error
			want News
		}{
			{"the session is ended", func(tx *db.Tx, who Who) error { return EndSession(tx, polkutest.Mia, who.Session) }, NewsOver},
			{"a role is added", func(tx *db.Tx, who Who) error {
				return unit.Join(tx, unit.Member{Worker: polkutest.Mia, Register: polkutest.Walled, Unit: polkutest.House, Role: unit.RoleWorker})
			}, NewsChanged},
		} {
			t.Run(c.name, func(t *testing.T) {
				_, other, calm := listening(t, w, sample)
				_, who, st := listening(t, w, sample)
				must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return c.do(tx, who) }))
				hears(t, st, c.want)
				if c.name == "the session is ended" {
					select {
					case n := <-calm.C:
						t.Errorf("a page of another session hears %q", n)
					default:
					}
					if other.Session == who.Session {
						t.Error("two sessions are one")
					}
				}
			})
		}
		_, _, st := listening(t, w, sample)
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error {
			return unit.Leave(tx, unit.Member{Worker: polkutest.Mia, Register: polkutest.Walled, Unit: polkutest.House})
		}))
		hears(t, st, NewsChanged)
		_, _, st = listening(t, w, sample)
		must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return unit.Deactivate(tx, polkutest.Mia) }))
		hears(t, st, NewsOver)
	})
}

// 2 300 open pages are watched by one look at a time, all hear, and none is left behind.
func TestManyOpenPages(t *testing.T) {
	w := polkutest.New(t, t.TempDir())
	_, sample := miaSignsIn(t, w)
	s, who, first := listening(t, w, sample)
	const pages = 2300
	streams := []*Stream{first}
	for len(streams) < pages {
		st, err := s.Live.Join(t.Context(), OpenPage{Session: who.Session, Worker: who.Worker.ID, Rights: who.Rights})
		must(t, err)
		streams = append(streams, st)
	}
	if n := s.Live.Open(); n != pages {
		t.Fatalf("%d pages are open", n)
	}
	must(t, sample.Update(polkutest.Boss, func(tx *db.Tx) error { return EndOthers(tx, polkutest.Mia) }))
	deadline := time.After(time.Second)
	for i, st := range streams {
		select {
		case n := <-st.C:
			if n != NewsOver {
				t.Fatalf("page %d hears %q", i, n)
			}
		case <-deadline:
			t.Fatalf("page %d hears nothing within a second", i)
		}
	}
	if n := s.Live.Open(); n != 0 {
		t.Errorf("%d pages are still watched", n)
	}
}

// What the page is made with and what the look compares are the same: else pages would load again and again.
func TestRightsAreTheSameEverywhere(t *testing.T) {
	polkutest.OnBoth(t, func(t *testing.T, w *polkutest.World) {
		s, _ := miaSignsIn(t, w)
		_, who := enter(t, s, good)
		now, err := s.openRights(ctx)
		must(t, err)
		if who.Rights == "" || now.of[who.Session] != who.Rights {
			t.Errorf("%q and %q", who.Rights, now.of[who.Session])
		}
	})
}
