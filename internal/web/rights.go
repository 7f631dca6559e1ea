package web

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"polku/internal/approval"
	"polku/internal/audit"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/extract"
	"polku/internal/fault"
	"polku/internal/file"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/paper"
	"polku/internal/petition"
	"polku/internal/retention"
	"polku/internal/unit"
	"polku/internal/web/view"
)

func (q *request) rightsPage() error { return q.rightsForm("", nil) }

// restrictable is how many of the newest entries a restriction may be chosen from.
const restrictable = 40

// rightsForm shows what the client may have done with their data. which names the form that a mistake is in.
func (q *request) rightsForm(which string, cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		p := view.Rights{Shell: sh, Who: q.identity(sh, o), Which: which, Errors: q.errorsOf(cause), Why: q.PostFormValue("why"), To: q.PostFormValue("to")}
		asked, err := q.asked(tx, o.client.ID)
		if err != nil {
			return p, err
		}
		if asked != nil {
			p.Asked = view.Asking{ID: asked.ID, What: asked.What}
			p.Which = cmp.Or(p.Which, map[petition.Kind]string{petition.Restrict: "restrict", petition.Object: "restrict", petition.Erase: "erase", petition.Rectify: "view"}[asked.Kind])
			p.Why = cmp.Or(p.Why, asked.What)
		}
		for _, g := range retention.Grounds {
			p.Grounds = append(p.Grounds, view.Option{Value: string(g), Text: q.lang.T("single.ground." + string(g)), On: q.PostFormValue("ground") == string(g)})
		}
		if p.MayErase, err = approval.May(tx); err != nil {
			return p, err
		}
		lang := cmp.Or(o.client.Lang, string(q.lang))
		for _, l := range i18n.Langs {
			p.Langs = append(p.Langs, view.Option{Value: string(l), Text: q.language(string(l)), On: i18n.ParseLang(lang) == l})
		}
		registers, err := unit.Registers(tx)
		if err != nil {
			return p, err
		}
		for _, r := range registers {
			if r.ID == o.path.Register {
				p.Register = r.Name
				if f, known := retention.RuleOf(q.s.Book.Rules, r.Kind, tx.Today); known {
					p.Kept = q.unitText(f.Value, f.Unit) + " (" + f.Said.SourceIn(q.lang, f.Source) + ")"
				}
			}
		}
		if err := q.restrictions(tx, o, &p); err != nil {
			return p, err
		}
		return p, q.holds(tx, o, &p)
	}, cause)
}

func (q *request) restrictions(tx *db.Tx, o onePath, p *view.Rights) error {
	p.Entries = []view.Option{{Value: "", Text: q.lang.T("rights.everything")}}
	entries, err := q.s.Book.Journal.Timeline(tx, o.client.ID, nil, journal.Top, restrictable)
	if err != nil {
		return err
	}
	words := map[string]string{"": q.lang.T("rights.everything")}
	for i := range entries {
		e := &entries[i]
		words[e.ID] = q.lang.Day(e.Day) + " " + view.Say(q.lang, e, o.names).Title
		option := view.Option{Value: e.ID, Text: words[e.ID], On: q.PostFormValue("entry") == e.ID}
		p.Entries = append(p.Entries, option)
		if retention.Erasable(e.Kind) {
			p.Erasable = append(p.Erasable, option)
		}
	}
	all, err := client.Restrictions(tx, o.client.ID)
	for _, r := range all {
		line := view.RestrictionLine{ID: r.ID, What: cmp.Or(words[r.Entry], q.lang.T("rights.one_entry")), Why: r.Why, By: o.names("worker", r.MadeBy), LiftedWhy: r.LiftedWhy}
		line.Made, _ = wall(q, r.MadeAt)
		if r.LiftedAt != 0 {
			line.Lifted, _ = wall(q, r.LiftedAt)
		}
		p.Restrictions = append(p.Restrictions, line)
	}
	return err
}

func (q *request) holds(tx *db.Tx, o onePath, p *view.Rights) error {
	all, err := retention.Holds(tx, o.client.ID)
	for _, h := range all {
		line := view.HoldLine{ID: h.ID, Why: h.Why, By: o.names("worker", h.MadeBy), Register: h.Client == "", From: h.From, To: h.To, EndedWhy: h.EndedWhy,
			InForce: h.EndedAt == 0 && h.From <= tx.Today && (h.To.IsZero() || tx.Today <= h.To)}
		p.Holds = append(p.Holds, line)
	}
	return err
}

// onRights runs a command of the page and goes back to it.
func (q *request) onRights(which, said string, fn func(tx *db.Tx, o onePath) error) error {
	o, err := q.onCase(fn)
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return q.rightsForm(which, err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: said})
	return q.redirect(q.toAsked("/c/" + o.id + "/rights"))
}

func (q *request) restrict() error {
	return q.onRights("restrict", "flash.restricted", func(tx *db.Tx, o onePath) error {
		if _, err := client.Restrict(tx, o.client.ID, q.PostFormValue("entry"), q.PostFormValue("why")); err != nil {
			return err
		}
		return q.answered(tx, o.client.ID, "petition.done_restrict")
	})
}

// eraseOne asks for a second person's word to destroy one entry; the client's request is answered when it is done.
func (q *request) eraseOne() error {
	v := q.PostFormValue
	return q.onRights("erase", "flash.asked", func(tx *db.Tx, o onePath) error {
		if _, err := q.asked(tx, o.client.ID); err != nil {
			return err
		}
		_, err := retention.AskSingle(tx, retention.NewSingle{Client: o.client.ID, Entry: v("entry"), Ground: retention.Ground(v("ground")), Why: v("why"),
			Petition: v("petition"), Answer: q.lang.T("petition.done_erase")})
		return err
	})
}

func (q *request) restrictLift() error {
	return q.onRights("lift", "flash.restriction_lifted", func(tx *db.Tx, o onePath) error {
		return client.Lift(tx, o.client.ID, q.PostFormValue("restriction"), q.PostFormValue("lifted_why"))
	})
}

func (q *request) hold() error {
	return q.onRights("hold", "flash.held", func(tx *db.Tx, o onePath) error {
		_, err := retention.AddHold(tx, retention.Hold{Register: o.path.Register, Client: o.client.ID, Why: q.PostFormValue("why"), To: q.day("to")})
		return err
	})
}

func (q *request) holdEnd() error {
	return q.onRights("hold_end", "flash.hold_ended", func(tx *db.Tx, o onePath) error {
		return retention.EndHold(tx, q.PostFormValue("hold"), o.client.ID, q.PostFormValue("ended_why"))
	})
}

// ownView attaches the client's own view to their journal: what stays beside an entry that was not corrected as they asked.
func (q *request) ownView() error {
	return q.onRights("view", "flash.own_view", func(tx *db.Tx, o onePath) error {
		text := strings.TrimSpace(q.PostFormValue("own_view"))
		if text == "" {
			return fault.Fields(map[string]string{"own_view": "rights.no_view"})
		}
		_, err := q.s.Book.Append(tx, o.path.ID, entry.Entry{ID: ident.New(), Day: tx.Today, Minute: tx.Minute(), Kind: entry.KindNote,
			Body: &entry.Note{Text: text, OwnView: true, Refused: strings.TrimSpace(q.PostFormValue("refused_why"))}})
		if err != nil {
			return err
		}
		return q.answered(tx, o.client.ID, "petition.done_view")
	})
}

// copyOut gives everything that is kept of the client as a file for the client: first the disclosure is written down, then
// the file leaves.
func (q *request) copyOut() error {
	var x extract.Extract
	var papers []file.Paper
	n := paper.Names{Models: q.s.Book.Models, Zone: q.s.DB.Zone, At: q.at}
	_, err := q.onCase(func(tx *db.Tx, o onePath) error {
		var err error
		if x, err = extract.Read(tx, q.s.Keys, o.client.ID); err != nil {
			return err
		}
		if err = x.Withhold(); err != nil {
			return err
		}
		if papers, err = file.ForClient(tx, q.s.Book, o.client.ID); err != nil {
			return err
		}
		if n.Workers, err = unit.Names(tx); err != nil {
			return err
		}
		if n.Services, err = unit.ServiceNames(tx); err != nil {
			return err
		}
		registers, err := unit.Registers(tx)
		if err != nil {
			return err
		}
		for _, r := range registers {
			if r.ID == x.Register() {
				n.Register, n.Controller = r.Name, r.Controller
			}
		}
		if err := q.answered(tx, o.client.ID, "petition.done_copy"); err != nil {
			return err
		}
		return audit.Disclose(tx, audit.Disclosure{Client: o.client.ID, Register: x.Register(), What: extract.What, Purpose: extract.Purpose, Basis: audit.ToClient})
	})
	if err != nil {
		return err
	}
	if x.Tables["use_log"], err = extract.UseLog(q.Context(), q.s.Audit, q.who.Tenant, x.Client); err != nil {
		return err
	}
	var out bytes.Buffer
	kind, name := "application/pdf", "tiedot.pdf"
	if q.PostFormValue("format") == "json" {
		kind, name = "application/json", "tiedot.json"
		e := json.NewEncoder(&out)
		e.SetIndent("", "  ")
		err = e.Encode(x)
	} else {
		err = paper.Extract(&out, i18n.ParseLang(q.PostFormValue("lang")), x, n)
	}
	if err != nil {
		return fault.Wrap(err, "paper.read")
	}
	if q.s.Files != nil && len(papers) > 0 {
		return q.withFiles(name, out.Bytes(), papers)
	}
	q.file(kind, name, out.Bytes())
	return nil
}

// withFiles sends the copy with the client's files as one archive, a file at a time.
func (q *request) withFiles(name string, data []byte, papers []file.Paper) error {
	h := q.w.Header()
	h.Set("Content-Type", "application/zip")
	h.Set("Content-Disposition", `attachment; filename="tiedot.zip"`)
	h.Set("Cache-Control", "no-store")
	z := zip.NewWriter(q.w)
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(data)
	}
	for n := 0; err == nil && n < len(papers); n++ {
		err = q.zipPaper(z, n+1, papers[n])
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil { // what has left cannot be called back: an archive without its end is seen to be broken
		q.s.Log.Error("a copy broke off", "error", err.Error(), "request", q.who.Request)
	}
	return nil
}

// zipPaper adds one file under a name of ours; one that cannot be read is named by an empty one, not passed over in silence.
func (q *request) zipPaper(z *zip.Writer, n int, p file.Paper) error {
	data, err := q.s.Files.Read(q.who.Tenant, p.File)
	name := fmt.Sprintf("tiedostot/%03d %s.%s", n, p.Day, p.File.Kind.Ending())
	if err != nil {
		q.s.Log.Error("a file is not in a copy", "error", err.Error(), "request", q.who.Request)
		name += "." + q.lang.T("file.not_in_copy")
	}
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// file sends a file to be kept. Its name tells nothing about anybody.
func (q *request) file(kind, name string, data []byte) {
	h := q.w.Header()
	h.Set("Content-Type", kind)
	h.Set("Content-Disposition", `attachment; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(http.StatusOK)
	q.w.Write(data) // a reader who has gone is no fault of ours
}
