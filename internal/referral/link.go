package referral

import (
	"strings"
	"time"

	"polku/internal/audit"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/seal"
	"polku/internal/secret"
)

// How long links last. A standing one is for a partner who sends often; it is renewed once a year.
const (
	onceMost     = 30 * 24 * time.Hour
	standingMost = 366 * 24 * time.Hour
)

// Link by which a partner without an account sends referrals to one service.
type Link struct {
	ID, Service, Organisation, Source string
	Standing                          bool
	MadeBy                            string
	MadeAt, Until, UsedAt             int64 // microseconds; UsedAt 0: nobody has used it
	Used                              int
	Ended                             bool // by hand, by its one use, or because it grew old
}

// NewLink makes a link to a queue of the actor's and gives its secret: it is shown once and kept nowhere. Wrong fields:
// organisation, source.
func NewLink(tx *db.Tx, book *path.Book, service, organisation, source string, standing bool) (token string, err error) {
	var unitID, register, model, version string
	found, err := tx.One(`select s.unit_id, s.register_id, s.model, s.version from service s where s.tenant_id = $1 and `+sees("s")+` and s.service_id = $3`,
		[]any{tx.Who.Tenant, tx.Who.Worker, service}, &unitID, &register, &model, &version)
	if err == nil && !found {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return "", err
	}
	wrong := map[string]string{}
	if organisation = oneLine(organisation); organisation == "" || len(organisation) > 200 {
		wrong["organisation"] = "refer.no_organisation"
	}
	if m := book.Models.Get(model, version); m == nil || !sends(m.Entry.Sources, source) {
		wrong["source"] = "refer.no_source"
	}
	if err := fault.Fields(wrong); err != nil {
		return "", err
	}
	until := tx.At + onceMost.Microseconds()
	if standing {
		until = tx.At + standingMost.Microseconds()
	}
	token = secret.Code()
	if _, err := tx.Exec(`insert into referral_link (tenant_id, link_id, service_id, unit_id, register_id, token_hash, organisation, source, standing,
		made_by, made_at, until_at, used) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0)`, tx.Who.Tenant, ident.New(), service, unitID,
		register, secret.Hash(token), organisation, source, standing, tx.Who.Worker, tx.At, until); err != nil {
		return "", err
	}
	return token, audit.Command(tx, "", "referral.link")
}

// sends tells whether somebody else than the person themselves sends by a source.
func sends(sources []string, source string) bool {
	for _, s := range sources {
		if s == source {
			return s != "self"
		}
	}
	return false
}

const linkColumns = `l.link_id, l.service_id, l.organisation, l.source, l.standing, l.made_by, l.made_at, l.until_at, coalesce(l.used_at, 0), l.used,
	l.ended_at is not null`

func scanLink(row func(...any) error, l *Link) error {
	return row(&l.ID, &l.Service, &l.Organisation, &l.Source, &l.Standing, &l.MadeBy, &l.MadeAt, &l.Until, &l.UsedAt, &l.Used, &l.Ended)
}

// Links gives the links to the actor's queues, the newest first.
func Links(tx *db.Tx) ([]Link, error) {
	var all []Link
	err := tx.Each(`select `+linkColumns+` from referral_link l where l.tenant_id = $1 and `+sees("l")+` order by l.made_at desc, l.link_id limit 200`,
		[]any{tx.Who.Tenant, tx.Who.Worker}, func(row func(...any) error) error {
			var l Link
			err := scanLink(row, &l)
			l.Ended = l.Ended || l.Until <= tx.At
			all = append(all, l)
			return err
		})
	return all, err
}

// EndLink makes a link to a queue of the actor's worthless at once.
func EndLink(tx *db.Tx, id string) error {
	n, err := tx.Exec(`update referral_link set ended_at = coalesce(ended_at, $4) where tenant_id = $1 and link_id = $3 and exists (select 1 from referral_link l
		where l.tenant_id = $1 and l.link_id = $3 and `+sees("l")+`)`, tx.Who.Tenant, tx.Who.Worker, id, tx.At)
	if err == nil && n == 0 {
		err = fault.E(fault.NotFound, "error.not_found", nil)
	}
	if err != nil {
		return err
	}
	return audit.Command(tx, "", "referral.link_end")
}

// LinkOf gives the link of a secret that still works; else gone, whatever the reason.
func LinkOf(tx *db.Tx, token string) (Link, error) {
	var l Link
	found := false
	err := tx.Each(`select `+linkColumns+` from referral_link l where l.tenant_id = $1 and l.token_hash = $2 and l.ended_at is null and l.until_at > $3`,
		[]any{tx.Who.Tenant, secret.Hash(token), tx.At}, func(row func(...any) error) error {
			found = true
			return scanLink(row, &l)
		})
	if err == nil && !found {
		err = fault.E(fault.Gone, "refer.link_gone", nil)
	}
	return l, err
}

// Send is Add for a partner who came by a link: source and organisation are the link's. A link for one referral ends. Sent
// twice with the same ID it counts once.
func Send(tx *db.Tx, book *path.Book, keys *seal.Keys, token string, n New) (id, code string, err error) {
	l, err := LinkOf(tx, token)
	if err != nil {
		return "", "", err
	}
	n.Service, n.Source, n.link, n.RowKey = l.Service, l.Source, l.ID, nil
	n.Sender.Organisation = l.Organisation
	if strings.TrimSpace(n.Sender.Name) == "" {
		return "", "", fault.Fields(map[string]string{"sender": "refer.no_sender"})
	}
	id, code, err = add(tx, book, keys, n)
	if err != nil || code == "" {
		return id, code, err
	}
	_, err = tx.Exec(`update referral_link set used = used + 1, used_at = $3, ended_at = case when standing then ended_at else $3 end
		where tenant_id = $1 and link_id = $2`, tx.Who.Tenant, l.ID, tx.At)
	return id, code, err
}
