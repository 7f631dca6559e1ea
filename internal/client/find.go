package client

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"polku/internal/civil"
	"polku/internal/db"
	"polku/internal/fold"
	"polku/internal/hetu"
	"polku/internal/phone"
	"polku/internal/seal"
	"polku/internal/unit"
)

// keysOf gives the beginnings that a client is found by: each word of the name, the phone number, the
// client number.
func keysOf(first, last, tel, number string) []string {
	keys := fold.Parts(first + " " + last)
	if n, ok := phone.Parse(tel); ok {
		keys = append(keys, "+"+strings.TrimPrefix(string(n), "+"))
	}
	if number != "" {
		keys = append(keys, "#"+fold.Text(number))
	}
	sort.Strings(keys)
	out := keys[:0]
	for i, k := range keys {
		if i == 0 || k != keys[i-1] {
			out = append(out, k)
		}
	}
	return out
}

func addKeys(tx *db.Tx, id, register string, keys []string) error {
	for _, k := range keys {
		if _, err := tx.Exec(`insert into client_key (tenant_id, key, client_id, register_id) values ($1, $2, $3, $4) on conflict do nothing`,
			tx.Who.Tenant, k, id, register); err != nil {
			return err
		}
	}
	return nil
}

func replaceKeys(tx *db.Tx, id, register string, keys []string) error {
	if _, err := tx.Exec(`delete from client_key where tenant_id = $1 and client_id = $2`, tx.Who.Tenant, id); err != nil {
		return err
	}
	return addKeys(tx, id, register, keys)
}

// Hit is one client found.
type Hit struct {
	ID, LastName, FirstName string
	Born                    civil.Date
	Register                string
	Phone                   string // empty under a safety ban
	Provisional             bool
	SafetyBan               bool
}

// FindMost is how many hits Find gives at most.
const FindMost = 20

// Find looks for clients within the actor's registers by the beginning of any parts of the name, by phone
// number, client number or identity code (whole, by blind index). Fewer than two letters find nobody. What
// is found is noted as seen.
func Find(tx *db.Tx, keys *seal.Keys, text string) ([]Hit, error) {
	text = strings.TrimSpace(text)
	if code, err := hetu.Parse(text); err == nil {
		return find(tx, `from client c join person p on p.tenant_id = c.tenant_id and p.person_id = c.person_id
			where c.tenant_id = $1 and `+unit.Sees("c")+` and p.code_index in ($3, $4) and c.joined_to is null order by c.client_id`,
			keys.Index(string(code)), keys.OtherIndex(string(code)))
	}
	if n, ok := phone.Parse(text); ok {
		return findByKeys(tx, "+"+strings.TrimPrefix(string(n), "+"), "", "")
	}
	words := fold.Parts(text)
	sort.SliceStable(words, func(i, j int) bool { return len(words[i]) > len(words[j]) })
	if len(words) == 0 || len([]rune(words[0])) < 2 {
		if number := fold.Text(text); number != "" {
			return findByKeys(tx, "#"+number, "", "")
		}
		return nil, nil
	}
	words = append(words, "", "")
	hits, err := findByKeys(tx, words[0], words[1], words[2])
	if err != nil || len(hits) > 0 || words[1] != "" {
		return hits, err
	}
	return findByKeys(tx, "#"+words[0], "", "")
}

// findByKeys finds clients with a key that begins with each of up to three beginnings, the longest first. Where there
// are more than FindMost, those are given whose key comes first in the alphabet (a whole word before longer ones): the
// index has them in that order, so the search ends when it has enough, however many thousands begin so.
func findByKeys(tx *db.Tx, first, second, third string) ([]Hit, error) {
	return find(tx, `from client_key k join client c on c.tenant_id = k.tenant_id and c.client_id = k.client_id
		where k.tenant_id = $1 and `+unit.Sees("k")+` and k.key >= $3 and k.key < $4 and c.joined_to is null
		and ($5 = '' or exists (select 1 from client_key k2 where k2.tenant_id = $1 and k2.client_id = c.client_id and k2.key >= $5 and k2.key < $6))
		and ($7 = '' or exists (select 1 from client_key k3 where k3.tenant_id = $1 and k3.client_id = c.client_id and k3.key >= $7 and k3.key < $8))
		order by k.key, k.client_id`,
		first, after(first), second, after(second), third, after(third))
}

// after gives the first text that no longer begins with prefix, in byte order.
func after(prefix string) string { return prefix + "\U0010FFFF" }

// find gives the first clients of a query, by name. from ends with an order; a client may stand in it more than once,
// so a few rows more than FindMost are read, and many more only when those were not enough.
func find(tx *db.Tx, from string, args ...any) ([]Hit, error) {
	args = append([]any{tx.Who.Tenant, tx.Who.Worker}, args...)
	hits, rows, err := findFirst(tx, from, FindMost+4, args)
	if err == nil && rows == FindMost+4 && len(hits) < FindMost {
		hits, _, err = findFirst(tx, from, 4*FindMost, args)
	}
	for _, h := range hits {
		tx.Saw(h.ID)
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(strings.Compare(a.LastName, b.LastName), strings.Compare(a.FirstName, b.FirstName), strings.Compare(a.ID, b.ID))
	})
	return hits, err
}

// findFirst reads so many rows of a query and tells how many there were.
func findFirst(tx *db.Tx, from string, most int, args []any) (hits []Hit, rows int, err error) {
	err = tx.Each(`select c.client_id, c.last_name, c.first_name, c.born, c.register_id,
		case when c.safety_ban then '' else c.phone end, c.provisional, c.safety_ban `+from+` limit `+strconv.Itoa(most), args, func(row func(...any) error) error {
		var h Hit
		err := row(&h.ID, &h.LastName, &h.FirstName, &h.Born, &h.Register, &h.Phone, &h.Provisional, &h.SafetyBan)
		rows++
		if len(hits) < FindMost && !slices.ContainsFunc(hits, func(k Hit) bool { return k.ID == h.ID }) {
			hits = append(hits, h)
		}
		return err
	})
	return hits, rows, err
}

// Alike gives clients of a register who may be the person about to be made: the same phone number, or the
// same name with the same birthday (or without one). The actor must see the register.
func Alike(tx *db.Tx, register string, n New) ([]Hit, error) {
	born := n.Born
	if n.Code != "" {
		born = n.Code.Birthday()
	}
	var alike []Hit
	take := func(hits []Hit, same func(Hit) bool) {
		for _, h := range hits {
			if h.Register == register && same(h) && !slices.ContainsFunc(alike, func(a Hit) bool { return a.ID == h.ID }) {
				alike = append(alike, h)
			}
		}
	}
	if tel, ok := phone.Parse(n.Phone); ok {
		hits, err := findByKeys(tx, "+"+strings.TrimPrefix(string(tel), "+"), "", "")
		if err != nil {
			return nil, err
		}
		take(hits, func(Hit) bool { return true })
	}
	words := append(fold.Parts(n.LastName), fold.Parts(n.FirstName)...)
	if len(words) < 2 {
		return alike, nil
	}
	hits, err := findByKeys(tx, words[0], words[len(words)-1], "")
	take(hits, func(h Hit) bool { return born.IsZero() || h.Born.IsZero() || h.Born == born })
	return alike, err
}
