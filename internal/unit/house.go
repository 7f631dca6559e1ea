package unit

import (
	"sync"

	"polku/internal/db"
)

// House is what pages name things by: workers, and the services that the actor works in. It is shared: nobody changes it.
type House struct {
	Workers  map[string]string // name by id
	Services map[string]Service
	Order    []Service // by name
}

// Houses keeps what House read last, for as long as nothing in it has changed: each change raises the tenant's
// house_rev, which every reading looks up in its own transaction. Safe for many goroutines.
type Houses struct {
	mu   sync.Mutex
	kept map[int64]keptHouses // by tenant
}

type keptHouses struct {
	rev     int64
	workers map[string]string
	of      map[string]House // by the actor's worker id
}

// Read gives the House as the actor sees it. In a command it reads anew: what a command has changed may be undone.
func (h *Houses) Read(tx *db.Tx) (House, error) {
	if !tx.ReadOnly() {
		return readHouse(tx, nil)
	}
	var rev int64
	if _, err := tx.One(`select house_rev from tenant where tenant_id = $1`, []any{tx.Who.Tenant}, &rev); err != nil {
		return House{}, err
	}
	h.mu.Lock()
	k := h.kept[tx.Who.Tenant]
	house, there := k.of[tx.Who.Worker]
	h.mu.Unlock()
	if there && k.rev == rev {
		return house, nil
	}
	if k.rev != rev {
		k = keptHouses{rev: rev}
	}
	house, err := readHouse(tx, k.workers)
	if err != nil {
		return House{}, err
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	now := h.kept[tx.Who.Tenant]
	if now.rev > rev { // this transaction began before the newest change
		return house, nil
	}
	if now.rev < rev || now.of == nil {
		now = keptHouses{rev: rev, workers: house.Workers, of: map[string]House{}}
	}
	now.of[tx.Who.Worker] = house
	if h.kept == nil {
		h.kept = map[int64]keptHouses{}
	}
	h.kept[tx.Who.Tenant] = now
	return house, nil
}

func readHouse(tx *db.Tx, workers map[string]string) (House, error) {
	var err error
	if workers == nil {
		if workers, err = Names(tx); err != nil {
			return House{}, err
		}
	}
	services, err := Services(tx)
	if err != nil {
		return House{}, err
	}
	h := House{workers, make(map[string]Service, len(services)), services}
	for _, s := range services {
		h.Services[s.ID] = s
	}
	return h, nil
}

// changed says that something pages name things by, or somebody's rights, are no longer as they were.
func changed(tx *db.Tx) error {
	if err := reckonReach(tx); err != nil {
		return err
	}
	_, err := tx.Exec(`update tenant set house_rev = house_rev + 1 where tenant_id = $1`, tx.Who.Tenant)
	return err
}
