package phrase_test

import (
	"strings"
	"testing"

	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/phrase"
	. "polku/internal/polkutest"
)

// save saves a phrase as a worker.
func save(s *Sample, worker string, p phrase.Phrase) (id string, err error) {
	err = s.Update(worker, func(tx *db.Tx) error {
		id, err = phrase.Save(tx, p)
		return err
	})
	return id, err
}

// sees gives the names of the phrases that a worker may use in a service, those that they may change with a star.
func sees(t *testing.T, s *Sample, worker, service string) string {
	t.Helper()
	var names []string
	err := s.View(worker, func(tx *db.Tx) error {
		all, err := phrase.For(tx, service)
		for _, p := range all {
			if p.MayEdit {
				p.Name += "*"
			}
			names = append(names, p.Name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(names, " ")
}

// Own phrases are one's own; shared ones are for all who work in the service, and its coordinator changes them.
func TestWhoMayDoWhat(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		s := NewSample(t, w)
		own, err := save(s, Mia, phrase.Phrase{Name: "Oma", Text: "Soitin kuulumiset."})
		if err != nil {
			t.Fatal(err)
		}
		shared, err := save(s, Joni, phrase.Phrase{Service: Service, Name: "Yhteinen", Text: "Sovittiin uusi aika.", Kind: "meeting"})
		if err != nil {
			t.Fatal(err)
		}
		for worker, want := range map[string]string{Mia: "Oma* Yhteinen", Joni: "Yhteinen*", Essi: "", Boss: ""} {
			if got := sees(t, s, worker, Service); got != want {
				t.Errorf("%s sees %q, want %q", worker, got, want)
			}
		}
		if got := sees(t, s, Mia, "another-service"); got != "Oma*" {
			t.Errorf("in another service Mia has %q", got)
		}
		refused := map[string]struct {
			worker string
			p      phrase.Phrase
			want   fault.Kind
		}{
			"a worker adds a shared one":        {Mia, phrase.Phrase{Service: Service, Name: "X", Text: "x"}, fault.Denied},
			"a worker changes a shared one":     {Mia, phrase.Phrase{ID: shared, Name: "X", Text: "x", Version: 1}, fault.Denied},
			"another changes somebody's own":    {Joni, phrase.Phrase{ID: own, Name: "X", Text: "x", Version: 1}, fault.NotFound},
			"over the wall":                     {Essi, phrase.Phrase{ID: shared, Name: "X", Text: "x", Version: 1}, fault.NotFound},
			"a change of what somebody changed": {Joni, phrase.Phrase{ID: shared, Name: "X", Text: "x", Version: 7}, fault.Conflict},
		}
		for name, c := range refused {
			if _, err := save(s, c.worker, c.p); !fault.Is(err, c.want) {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		for worker, want := range map[string]fault.Kind{Mia: fault.Denied, Essi: fault.NotFound} {
			if err := s.Update(worker, func(tx *db.Tx) error { return phrase.Delete(tx, shared) }); !fault.Is(err, want) {
				t.Errorf("%s deletes a shared one: %v, want %v", worker, err, want)
			}
		}
		if err := s.Update(Joni, func(tx *db.Tx) error { return phrase.Delete(tx, shared) }); err != nil {
			t.Error(err)
		}
		if err := s.Update(Mia, func(tx *db.Tx) error { return phrase.DeleteOwn(tx, Mia) }); err != nil {
			t.Error(err)
		}
		if got := sees(t, s, Mia, ""); got != "" {
			t.Errorf("after all were deleted: %q", got)
		}
	})
}

// What is wrong with a phrase is said field by field; an identity code never gets in.
func TestWhatAPhraseMayBe(t *testing.T) {
	s := NewSample(t, New(t, t.TempDir()))
	code := "020281-933"
	for _, last := range "0123456789ABCDEFHJKLMNPRSTUVWXY" {
		if _, err := hetu.Parse(code + string(last)); err == nil {
			code += string(last)
			break
		}
	}
	for _, c := range []struct {
		p     phrase.Phrase
		field string
		key   string
	}{
		{phrase.Phrase{Name: " ", Text: "x"}, "name", "phrase.no_name"},
		{phrase.Phrase{Name: strings.Repeat("ä", phrase.NameMost+1), Text: "x"}, "name", "phrase.long_name"},
		{phrase.Phrase{Name: "A", Text: "\n"}, "text", "phrase.no_text"},
		{phrase.Phrase{Name: "A", Text: strings.Repeat("ä", phrase.TextMost+1)}, "text", "phrase.long_text"},
		{phrase.Phrase{Name: "A", Text: "Soitin (" + strings.ToLower(code) + ")."}, "text", "phrase.has_code"},
		{phrase.Phrase{Name: "A", Text: "x", Kind: "dance"}, "kind", "phrase.no_kind"},
	} {
		_, err := save(s, Mia, c.p)
		f, _ := err.(*fault.Error)
		if f == nil || f.Fields[c.field] != c.key {
			t.Errorf("%+v: %v, want %s", c.p, err, c.key)
		}
	}
	if _, err := save(s, Mia, phrase.Phrase{Name: strings.Repeat("ä", phrase.NameMost), Text: "Puhelin 040 123 4567, vko 10–12."}); err != nil {
		t.Error(err)
	}
}

func TestJoin(t *testing.T) {
	for text, want := range map[string]string{"": "B.", "A.": "A. B.", "A. ": "A. B.", "A.\n": "A.\nB."} {
		if got := phrase.Join(text, "B."); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}
