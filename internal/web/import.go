package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"time"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/importing"
	"polku/internal/unit"
	"polku/internal/web/view"
)

// importPatience is how long a request waits for an import to end before it shows how far it has come.
var importPatience = 2 * time.Second

func (q *request) importer() *importing.Importer {
	return &importing.Importer{Book: q.s.Book, Keys: q.s.Keys}
}

func (q *request) importsPage() error { return q.importsForm(q.FormValue("kind"), nil) }

// importsForm shows the start of an import and the earlier ones.
func (q *request) importsForm(kind string, cause error) error {
	p := view.Imports{Kind: kind, Limit: q.lang.T("importing.limit", "mb", fileMost>>20), Errors: q.errorsOf(cause)}
	sh := q.shell(view.NavMore)
	err := q.view(func(tx *db.Tx) error {
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		all, err := importing.List(tx, 30)
		for _, i := range all {
			p.Lines = append(p.Lines, view.ImportLine{ID: i.ID, File: i.File, Kind: q.lang.T("import." + i.Kind), Who: q.whoImported(h, i.Worker), When: q.momentOf(i.At),
				State: q.lang.T("importing.status." + i.Status), Rows: i.Added + i.Joined, Running: i.Status == importing.Running, Undone: i.Status == importing.Undone})
		}
		return errors.Join(err, q.counted(tx, &sh))
	})
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.renderStatus(statusFor(cause), p)
}

func (q *request) whoImported(h unit.House, worker string) string {
	if name := h.Workers[worker]; name != "" {
		return name
	}
	return "Polku"
}

func (q *request) momentOf(micros int64) string {
	at := time.UnixMicro(micros).In(q.s.DB.Zone)
	return q.lang.Day(dayOf(at)) + " " + q.lang.Clock(at.Hour()*60+at.Minute())
}

// importUpload reads an uploaded list and holds it until it is imported.
func (q *request) importUpload() error {
	kind, name, data, err := q.upload()
	if err == nil && kind != importing.Clients && kind != importing.Attendance {
		err = fault.Fields(map[string]string{"kind": "error.needed"})
	}
	if err == nil && len(data) == 0 {
		err = fault.Fields(map[string]string{"file": "importing.no_file"})
	}
	if err != nil {
		return q.importsForm(kind, err)
	}
	b, err := csvio.ReadBytes(name, data)
	if err == nil {
		err = readable(b, kind)
	}
	if err != nil {
		return q.importsForm(kind, atFile(err))
	}
	h, err := uploads.keep(q.who.Tenant, q.who.Worker, kind, b, data, q.at)
	if err != nil {
		return q.importsForm(kind, err)
	}
	return q.redirect("/import/" + h.id)
}

// readable tells at once when a file has nothing of the kind in it.
func readable(b *csvio.Book, kind string) error {
	if kind == importing.Clients {
		_, err := csvio.ReadClients(b, csvio.Options{})
		return err
	}
	_, err := csvio.ReadAttendance(b, csvio.Options{})
	var f *fault.Error
	if errors.As(err, &f) && f.Key != "import.attendance.none" && f.Key != "import.attendance.counts" {
		return nil // what is missing, such as the month, is asked about in the preview
	}
	return err
}

// atFile puts a refusal of a file beside the field of the form.
func atFile(err error) error {
	var f *fault.Error
	if errors.As(err, &f) && f.Kind == fault.Invalid && len(f.Fields) == 0 {
		return &fault.Error{Kind: fault.Invalid, Key: f.Key, Args: f.Args, Fields: map[string]string{"file": f.Key}}
	}
	return err
}

// upload reads the parts of a multipart form, no more than a file may have. Nothing touches the disk.
func (q *request) upload() (kind, name string, data []byte, err error) {
	q.Body = http.MaxBytesReader(q.w, q.Body, fileMost+64<<10)
	parts, err := q.MultipartReader()
	if err != nil {
		return "", "", nil, fault.E(fault.Invalid, "error.invalid", nil)
	}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return kind, name, data, nil
		}
		if err != nil {
			return kind, "", nil, tooBig()
		}
		switch part.FormName() {
		case "kind":
			text, err := io.ReadAll(io.LimitReader(part, 32))
			if err != nil {
				return kind, "", nil, tooBig()
			}
			kind = string(text)
		case "file":
			name = part.FileName()
			if data, err = io.ReadAll(io.LimitReader(part, fileMost+1)); err != nil || len(data) > fileMost {
				return kind, "", nil, tooBig()
			}
		}
	}
}

func tooBig() error {
	return &fault.Error{Kind: fault.Invalid, Key: "importing.too_big", Args: fault.Args{"mb": fileMost >> 20}, Fields: map[string]string{"file": "importing.too_big"}}
}

// importPage is whatever the import's address stands for now: preview, progress or report.
func (q *request) importPage() error {
	h := uploads.get(q.who.Tenant, q.who.Worker, q.PathValue("id"), q.at)
	if h == nil {
		return q.importReport()
	}
	h.gate.Lock()
	running, done, total, run, failed, a := h.running, h.done, h.total, h.run, h.failed, h.answers
	h.gate.Unlock()
	switch {
	case running:
		return q.render(view.ImportProgress{Shell: q.shell(view.NavMore), ID: h.id, File: h.book.Name, Done: done, Total: total})
	case run != "":
		uploads.drop(h.id)
		return q.redirect("/import/" + run)
	}
	return q.importPreview(h, a, failed, nil)
}

// importDo takes the answers of the preview: read again, or import.
func (q *request) importDo() error {
	h := uploads.get(q.who.Tenant, q.who.Worker, q.PathValue("id"), q.at)
	if h == nil {
		return q.importsForm("", fault.E(fault.Gone, "importing.expired", nil))
	}
	if h.busy() {
		return q.redirect("/import/" + h.id)
	}
	h.gate.Lock()
	a := h.answers
	h.gate.Unlock()
	a, changed, err := q.readAnswers(h, a)
	if err != nil {
		return q.importPreview(h, a, err, nil)
	}
	h.gate.Lock()
	h.answers, h.failed = a, nil
	h.gate.Unlock()
	switch q.PostFormValue("do") {
	case "run":
	case "mend": // back to the rows that were looked at
		return q.redirect("/import/" + h.id + "?" + url.Values{"show": {q.PostFormValue("show")}, "after": {q.PostFormValue("after")}}.Encode() + "#rows")
	default:
		return q.redirect("/import/" + h.id)
	}
	var plan *importing.Plan
	if err := q.view(func(tx *db.Tx) (err error) {
		_, plan, err = q.plan(tx, h, a)
		return err
	}); err != nil {
		return q.importPreview(h, a, err, nil)
	}
	if wrong := q.stillWrong(h, plan, changed); len(wrong) > 0 {
		return q.importPreview(h, a, nil, wrong)
	}
	return q.runImport(h, plan)
}

// runImport starts the import and waits for it a little while. A long one goes on by itself; its page tells how far
// it has come.
func (q *request) runImport(h *held, plan *importing.Plan) error {
	h.gate.Lock()
	if h.running {
		h.gate.Unlock()
		return q.redirect("/import/" + h.id)
	}
	h.running, h.done, h.total = true, 0, len(plan.Rows)
	h.gate.Unlock()
	ended := make(chan struct{})
	im, who, d, ctx, log := q.importer(), q.who, q.s.DB, context.WithoutCancel(q.Context()), q.s.Log
	go func() {
		defer close(ended)
		run, err := carefully(func() (string, error) {
			return im.Run(ctx, d, who, plan, func(done, _ int) {
				h.gate.Lock()
				h.done = done
				h.gate.Unlock()
			})
		})
		if err != nil && !fault.Is(err, fault.Invalid) {
			log.Error("import failed", "error", err.Error(), "request", who.Request)
		}
		h.gate.Lock()
		h.running, h.failed = false, err
		if err == nil {
			h.run = run
		}
		h.gate.Unlock()
	}()
	select {
	case <-ended:
	case <-time.After(importPatience):
	}
	return q.importPage()
}

// carefully makes a panic of an import its error, not the end of the program.
func carefully(run func() (string, error)) (id string, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &fault.Error{Kind: fault.Internal, Key: "error.panic", Cause: fmt.Errorf("%v\n%s", p, debug.Stack())}
		}
	}()
	return run()
}

// importReport tells what an import did.
func (q *request) importReport() error {
	id := q.PathValue("id")
	if !ident.Valid(id) {
		return fault.E(fault.NotFound, "error.not_found", nil)
	}
	p := view.ImportReport{ID: id}
	sh := q.shell(view.NavMore)
	err := q.view(func(tx *db.Tx) error {
		run, err := importing.Get(tx, id)
		if err != nil {
			return err
		}
		h, err := q.house(tx)
		if err != nil {
			return err
		}
		p.File, p.Who, p.When = run.File, q.whoImported(h, run.Worker), q.momentOf(run.At)
		p.Added, p.Joined, p.Already, p.Filled, p.LeftMore = run.Added, run.Joined, run.Already, run.Filled, run.LeftMore
		for _, d := range run.Differs {
			words := make([]string, len(d.Fields))
			for i, f := range d.Fields {
				words[i] = f.Say(q.lang)
			}
			p.Differs = append(p.Differs, view.Differ{Line: d.No, Sheet: d.Sheet, Client: d.Client, Fields: strings.Join(words, ", ")})
		}
		p.Undone, p.Undoable = run.Status == importing.Undone, run.Status != importing.Undone
		for _, l := range run.Left {
			p.Left = append(p.Left, view.LeftRow{Line: l.No, What: l.Sheet, Why: csvio.Problem{Key: l.Key, Args: l.Args}.Say(q.lang)})
		}
		if run.Status != importing.Undone {
			p.Unset, err = importing.Unset(tx, id)
		}
		return errors.Join(err, q.counted(tx, &sh))
	})
	if fault.Is(err, fault.NotFound) {
		return q.importsForm("", fault.E(fault.Gone, "importing.expired", nil))
	}
	if err != nil {
		return err
	}
	p.Shell = sh
	return q.render(p)
}

func (q *request) importUndo() error {
	id := q.PathValue("id")
	kept, err := q.importer().Undo(q.Context(), q.s.DB, q.who, id)
	if err != nil {
		return err
	}
	if kept > 0 {
		q.say(flash{Key: "importing.cli.kept", N: kept})
	} else {
		q.say(flash{Key: "importing.cli.undone"})
	}
	return q.redirect("/import/" + id)
}
