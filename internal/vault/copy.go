package vault

import "polku/internal/fault"

// Copy copies what to lacks from another place. It gives how many.
func Copy(from, to Place) (int, error) {
	have := map[string]bool{}
	if err := to.Each(func(h Held) error { have[h.Name] = true; return nil }); err != nil {
		return 0, err
	}
	n := 0
	err := from.Each(func(h Held) error {
		if have[h.Name] {
			return nil
		}
		n++
		return CopyOne(from, to, h.Name)
	})
	return n, err
}

// CopyOne copies one file; one that has been deleted meanwhile is passed over.
func CopyOne(from, to Place, name string) error {
	sealed, err := from.Get(name)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return to.Put(name, sealed)
}
