package web

import (
	"cmp"
	"slices"
	"strings"

	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/phone"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) newClientPage() error { return q.newClientForm(nil, nil) }

// newClientForm shows the form; with duplicates it asks whether this is one of them.
func (q *request) newClientForm(cause error, duplicates []client.Hit) error {
	sh := q.shell(view.NavMore)
	v := q.FormValue
	p := view.NewClient{ID: v("id"), Last: v("last"), First: v("first"), Hetu: v("hetu"), Phone: v("phone"), Email: v("email"), Ban: v("ban") != "",
		Step: view.StepForm{What: v("step_what"), By: v("step_by"), Time: v("step_time"), Place: v("step_place"),
			Suggestions: []string{q.lang.T("suggest.first"), q.lang.T("suggest.call")}}}
	if !ident.Valid(p.ID) {
		p.ID = ident.New()
	}
	err := q.view(func(tx *db.Tx) error {
		services, err := unit.Services(tx)
		if err != nil {
			return err
		}
		var register string
		for _, s := range services {
			if !s.Ended.IsZero() && s.Ended < tx.Today {
				continue
			}
			chosen := v("service") == s.ID || v("service") == "" && len(p.Services) == 0
			if chosen {
				register = s.Register
				p.Sources = q.sources(s, v("source"))
			}
			p.Services = append(p.Services, view.Option{Value: s.ID, Text: s.Name, On: chosen})
		}
		if p.Of, err = q.responsibles(tx, services, register, v("responsible")); err != nil {
			return err
		}
		if p.Duplicates, err = q.hits(tx, duplicates); err != nil {
			return err
		}
		return q.counted(tx, &sh)
	})
	if err != nil {
		return err
	}
	p.Languages = q.languages(cmp.Or(v("language"), "fi"))
	p.Shell, p.Errors = sh, q.errorsOf(cause)
	p.Step.Errors = p.Errors
	status := statusFor(cause)
	if len(duplicates) > 0 {
		status = statusOf[fault.Conflict]
	}
	return q.renderStatus(status, p)
}

// languages are the contact languages that are offered, and the chosen one when it is another.
func (q *request) languages(chosen string) []view.Option {
	codes := []string{"fi", "sv", "en", "se", "ru", "uk", "ar", "so", "fa", "ckb", "vi", "et"}
	if !slices.Contains(codes, chosen) {
		codes = append(codes, chosen)
	}
	var options []view.Option
	for _, code := range codes {
		options = append(options, view.Option{Value: code, Text: q.language(code), On: code == chosen})
	}
	return options
}

func (q *request) sources(s unit.Service, chosen string) []view.Option {
	m := q.s.Book.Models.Get(s.Model, s.Version)
	if m == nil {
		return nil
	}
	var options []view.Option
	for _, id := range m.Entry.Sources {
		options = append(options, view.Option{Value: id, Text: m.Word(id, string(q.lang)), On: id == chosen})
	}
	return options
}

// responsibles gives who may take the client; the person themselves first.
func (q *request) responsibles(tx *db.Tx, services []unit.Service, register, chosen string) ([]view.Option, error) {
	if chosen == "" {
		chosen = q.me.Worker.ID
	}
	workers, err := unit.Colleagues(tx, register)
	var options []view.Option
	for _, w := range workers {
		options = append(options, view.Option{Value: w.ID, Text: w.Name, On: w.ID == chosen})
	}
	return options, err
}

// newClient makes the client and starts the path. People who may be the same are shown first, once.
func (q *request) newClient() error {
	v := q.PostFormValue
	wrong := map[string]string{}
	n := client.New{ID: v("id"), LastName: v("last"), FirstName: v("first"), Phone: v("phone"), Email: v("email"), Lang: v("language"), SafetyBan: v("ban") != ""}
	if !ident.Valid(n.ID) {
		n.ID = ident.New()
	}
	if strings.TrimSpace(n.LastName) == "" {
		wrong["last"] = "client.no_name"
	}
	if typed := v("hetu"); strings.TrimSpace(typed) != "" {
		code, err := hetu.Parse(typed)
		if f, is := err.(*fault.Error); is {
			wrong["hetu"] = f.Key
		}
		n.Code = code
	}
	if e164, ok := phone.Parse(n.Phone); ok {
		n.Phone = string(e164)
	}
	step := q.readStep(wrong)
	var duplicates []client.Hit
	err := q.update(func(tx *db.Tx) error {
		service, err := unit.GetService(tx, v("service"))
		if err != nil {
			return err
		}
		if err := step.Check(tx); err != nil {
			for k, key := range err.(*fault.Error).Fields {
				wrong[k] = key
			}
		}
		if err := fault.Fields(wrong); err != nil {
			return err
		}
		if v("anyway") == "" {
			if duplicates, err = client.Alike(tx, service.Register, n); err != nil || len(duplicates) > 0 {
				return err
			}
		}
		n.Register = service.Register
		id, err := client.Create(tx, q.s.Keys, n)
		if err != nil {
			return err
		}
		_, _, err = q.s.Book.Start(tx, path.Start{ID: ident.Of(id, "path"), Client: id, Service: service.ID, Day: tx.Today, Source: v("source"),
			Responsible: v("responsible"), Step: step})
		return err
	})
	switch {
	case len(duplicates) > 0 && err == nil:
		return q.newClientForm(nil, duplicates)
	case fault.Is(err, fault.Invalid), fault.Is(err, fault.Conflict):
		return q.newClientForm(renamed(renamed(err, "worker", "responsible"), "name", "last"), nil)
	case err != nil:
		return err
	}
	q.say(flash{Key: "flash.client_made", Saved: "new-client"})
	return q.redirect("/c/" + n.ID)
}
