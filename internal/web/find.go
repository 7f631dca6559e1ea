package web

import (
	"strconv"
	"strings"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/emergency"
	"polku/internal/pathway"
	"polku/internal/web/view"
)

func (q *request) findPage() error {
	sh := q.shell(view.NavFind)
	if err := q.view(func(tx *db.Tx) error { return q.counted(tx, &sh) }); err != nil {
		return err
	}
	return q.render(view.Find{Shell: sh, Then: thenWord(q.FormValue("then"))})
}

func thenWord(s string) string {
	if s == "record" {
		return s
	}
	return ""
}

// find answers a search by POST: what was looked for stands in no address, log or history.
func (q *request) find() error {
	sh := q.shell(view.NavFind)
	p := view.Find{Q: strings.TrimSpace(q.PostFormValue("q")), Then: thenWord(q.PostFormValue("then"))}
	one, part := "", q.Header.Get("Polku-Part") == "results"
	err := q.show(func(tx *db.Tx) error {
		if !part {
			if err := q.counted(tx, &sh); err != nil {
				return err
			}
		}
		if p.Q == "" {
			return nil
		}
		p.Asked = true
		found, err := client.Find(tx, q.s.Keys, p.Q)
		if err != nil {
			return err
		}
		p.More = len(found) == client.FindMost
		if p.Hits, err = q.hits(tx, found); err == nil && len(found) == 0 && !part {
			p.Behind, err = emergency.Behind(tx, q.s.Keys, p.Q)
		}
		return err
	}, func() page {
		p.Shell = sh
		switch {
		case part:
			return view.Found(p)
		case len(p.Hits) == 1:
			one = "/c/" + p.Hits[0].Client // one hit is who was meant
			return nil
		}
		return p
	})
	if err != nil || one == "" {
		return err
	}
	if p.Then == "record" {
		one += "/record"
	}
	return q.redirect(one)
}

// hits adds to what was found who works with each, in which service, and the state when it is not open.
func (q *request) hits(tx *db.Tx, found []client.Hit) ([]view.Hit, error) {
	if len(found) == 0 {
		return nil, nil
	}
	h, err := q.house(tx)
	if err != nil {
		return nil, err
	}
	ids := make([]string, len(found))
	for i, f := range found {
		ids[i] = f.ID
	}
	type where struct{ service, worker, status string }
	at := map[string]where{}
	err = eachOf(tx, `select s.client_id, s.service_id, coalesce(s.responsible, ''), s.status from standing s
		where s.tenant_id = $1 and s.client_id in (`, ids, `)`,
		func(row func(...any) error) error {
			var id string
			var w where
			err := row(&id, &w.service, &w.worker, &w.status)
			if before, there := at[id]; !there || before.status == string(pathway.Closed) {
				at[id] = w // a path that is open tells more than one that has ended
			}
			return err
		})
	var hits []view.Hit
	for _, f := range found {
		w := at[f.ID]
		v := view.Hit{Client: f.ID, Name: strings.TrimSpace(f.FirstName + " " + f.LastName), Service: h.Services[w.service].Name,
			Worker: h.Workers[w.worker], Ban: f.SafetyBan}
		if !f.Born.IsZero() {
			v.Year = f.Born.Year()
		}
		if w.status != "" && w.status != "open" {
			v.State = q.lang.T("status." + w.status)
		}
		hits = append(hits, v)
	}
	return hits, err
}

// eachOf runs one query over a short list of ids, padded to a fixed number so that its text stays one.
func eachOf(tx *db.Tx, before string, ids []string, after string, scan func(row func(...any) error) error) error {
	args := make([]any, 1+client.FindMost)
	args[0] = tx.Who.Tenant
	for i := range client.FindMost {
		id := ""
		if i < len(ids) {
			id = ids[i]
		}
		args[i+1] = id
	}
	return tx.Each(before+places+after, args, scan)
}

// places are the parameters of eachOf's ids.
var places = func() string {
	var b strings.Builder
	for i := range client.FindMost {
		b.WriteString(", $" + strconv.Itoa(i+2))
	}
	return b.String()[2:]
}()
