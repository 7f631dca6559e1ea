package web

import (
	"encoding/base64"
	"errors"
	"io"
	"mime"
	"net/http"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/file"
	"polku/internal/i18n"
	"polku/internal/ident"
	"polku/internal/journal"
	"polku/internal/path"
	"polku/internal/sieve"
	"polku/internal/web/view"
)

// filesAtOnce is how many files a page shows; filesMost how many one form may bring.
const (
	filesAtOnce = 24
	filesMost   = 20
)

// filesBody is how large a form with files may be.
const filesBody = 4 * sieve.Most

// uploadRoutes take files, and read their parts themselves within limits of their own.
var uploadRoutes = map[string]bool{"POST /import": true, "POST /c/{id}/files": true}

func (q *request) filesPage() error { return q.filesForm(nil) }

// filesForm shows a client's files and the form that adds to them.
func (q *request) filesForm(cause error) error {
	before, err := placeInJournal(q.FormValue("before"))
	if err != nil {
		return err
	}
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/files"
		p := view.Files{Shell: sh, Who: q.identity(sh, o), Add: q.fileAdd(o.id, q.FormValue("to"), q.FormValue("back"), cause)}
		if p.Add.To != "" {
			if e, found, err := journal.Get(tx, o.client.ID, p.Add.To); err != nil {
				return p, err
			} else if found {
				p.Add.ToWhat = q.lang.Day(e.Day) + " " + view.Say(q.lang, &e, o.names).Title
			}
		}
		return p, q.fileItems(tx, o, before, &p)
	}, cause)
}

// fileAdd is the form that adds files: to a client, or (to) to one of their entries.
func (q *request) fileAdd(clientID, to, back string, cause error) view.FileAdd {
	return view.FileAdd{Client: clientID, ID: ident.New(), To: to, Back: back, Title: q.PostFormValue("title"), Withhold: q.withholdForm(cause), Errors: q.errorsOf(cause), Off: q.s.Files == nil}
}

// withholdForm is the empty question why the client does not see something, or what was answered.
func (q *request) withholdForm(cause error) view.WithholdForm {
	f := view.WithholdForm{On: q.PostFormValue("withhold") != "", Why: q.PostFormValue("withhold_why")}
	for _, g := range path.Grounds {
		f.Grounds = append(f.Grounds, view.Option{Value: g, Text: q.lang.T("withhold.ground." + g), Hint: q.lang.T("withhold.law." + g), On: q.PostFormValue("ground") == g})
	}
	for _, e := range q.errorsOf(cause) {
		if e.Field == "ground" || e.Field == "withhold_why" {
			f.Errors = append(f.Errors, e)
		}
	}
	return f
}

// fileItems lists the files that have not been taken back, newest first.
func (q *request) fileItems(tx *db.Tx, o onePath, before journal.Place, p *view.Files) error {
	entries, err := q.s.Book.Journal.Timeline(tx, o.client.ID, []entry.Kind{entry.KindFile}, before, filesAtOnce+1)
	if err != nil || len(entries) == 0 {
		return err
	}
	corrections, err := q.s.Book.Journal.Corrections(tx, o.client.ID)
	if err != nil {
		return err
	}
	withheld, err := q.s.Book.Withheld(tx, o.client.ID)
	if err != nil {
		return err
	}
	all, err := file.OfClient(tx, o.client.ID)
	if err != nil {
		return err
	}
	if len(entries) > filesAtOnce {
		entries = entries[:filesAtOnce]
		p.Next = "/c/" + o.id + "/files?" + q.query("before", placeWord(journal.PlaceOf(&entries[filesAtOnce-1])))
	}
	for i := range entries {
		e := &entries[i]
		if _, gone := corrections[e.ID]; gone || e.Damaged {
			continue
		}
		it := q.fileItem(o, e, all)
		if w := withheld[e.ID]; w != nil {
			it.Hidden = q.hidden(w)
		}
		if it.ToID != "" {
			if to, found, err := journal.Get(tx, o.client.ID, it.ToID); err != nil {
				return err
			} else if found {
				it.To = q.lang.Day(to.Day) + " " + view.Say(q.lang, &to, o.names).Title
			}
		}
		p.Items = append(p.Items, it)
	}
	return nil
}

func (q *request) hidden(w *entry.Withhold) *view.Hidden {
	return &view.Hidden{Ground: q.lang.T("withhold.law." + w.Ground), Why: w.Why}
}

// fileItem puts the entry of a file into words, with its small picture when all has it.
func (q *request) fileItem(o onePath, e *entry.Entry, all map[string]file.File) view.FileItem {
	b, is := e.Body.(*entry.File)
	if !is {
		return view.FileItem{ID: e.ID}
	}
	it := view.FileItem{ID: e.ID, Title: b.Title, Kind: q.lang.T("file.kind." + b.Type), Size: view.FileSize(q.lang, b.Size), Who: o.names("worker", e.Author),
		When: q.lang.Day(e.Day), Viewable: sieve.Kind(b.Type).Viewable(), ToID: b.To}
	if q.s.Files == nil {
		return it
	}
	if thumb, err := q.s.Files.ReadThumb(q.who.Tenant, all[b.File]); err == nil && thumb != nil {
		it.Thumb = "data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(thumb)
	}
	return it
}

// sent is what came of one file of a form.
type sent struct {
	kept  file.Kept
	title string
	err   error
}

// filesAdd takes files: each is looked through and put into its place as it comes, so that no more than one is in memory;
// then all that may be kept are recorded at once. What is not taken is named, with how to mend it.
func (q *request) filesAdd() error {
	id := q.clientID()
	if err := q.view(func(tx *db.Tx) error {
		_, err := q.reach(tx)
		if err == nil {
			err = client.MustBeFree(tx, id)
		}
		return err
	}); err != nil {
		return err
	}
	if q.s.Files == nil {
		return q.filesAnswer(onePath{id: q.PathValue("id")}, fault.E(fault.Conflict, "file.off", nil))
	}
	fields, all, err := q.readFiles(id)
	if err != nil {
		return q.filesAnswer(onePath{id: q.PathValue("id")}, err)
	}
	q.PostForm, q.Form = fields, fields // as every other form has them
	if err := fault.Fields(wrongFiles(fields, all)); err != nil {
		return q.filesAnswer(onePath{id: q.PathValue("id")}, err)
	}
	n := 0
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		n = 0
		for _, s := range all {
			if s.err != nil {
				continue
			}
			if err := q.addFile(tx, o, s, fields); err != nil {
				return err
			}
			n++
		}
		return nil
	})
	if err != nil {
		return q.filesAnswer(onePath{id: q.PathValue("id")}, err)
	}
	for _, s := range all {
		if s.err != nil {
			return q.filesAnswer(o, fileError(s))
		}
	}
	q.say(flash{Key: "file.saved", N: n})
	return q.filesAnswer(o, nil)
}

// wrongFiles tells what is wrong with the form around the files.
func wrongFiles(fields url.Values, all []sent) map[string]string {
	wrong := map[string]string{}
	if len(all) == 0 {
		wrong["file"] = "file.no_file"
	}
	if fields.Get("withhold") != "" {
		wrong = path.CheckWithhold(fields.Get("ground"), fields.Get("withhold_why"))
	}
	return wrong
}

// fileError names the file that is not taken: its name stands nowhere else.
func fileError(s sent) error {
	var f *fault.Error
	if errors.As(s.err, &f) && f.Kind == fault.Invalid {
		return &fault.Error{Kind: fault.Invalid, Key: f.Key, Args: f.Args, Fields: map[string]string{"file": f.Key}}
	}
	return s.err
}

// addFile records one file. Sent twice it counts once: its entry's id follows from the form's id and from what it is.
func (q *request) addFile(tx *db.Tx, o onePath, s sent, fields url.Values) error {
	n := file.New{Kept: s.kept, Title: s.title, To: fields.Get("to"), ID: ident.New()}
	if id := fields.Get("id"); ident.Valid(id) {
		n.ID = ident.Beside(id, s.kept.Hash())
	}
	if t := strings.TrimSpace(fields.Get("title")); t != "" {
		n.Title = t
	}
	if n.Title == "" {
		n.Title = q.lang.T("file.untitled", "day", q.lang.Day(tx.Today))
	}
	var more []entry.Entry
	if fields.Get("withhold") != "" {
		more = append(more, path.WithholdEntry(tx, n.ID, fields.Get("ground"), fields.Get("withhold_why")))
	}
	_, err := file.Add(tx, q.s.Book, o.path.ID, n, more...)
	return err
}

// readFiles reads the parts of the form one after another.
func (q *request) readFiles(clientID string) (url.Values, []sent, error) {
	q.Body = http.MaxBytesReader(q.w, q.Body, filesBody)
	parts, err := q.MultipartReader()
	if err != nil {
		return nil, nil, fault.E(fault.Invalid, "error.invalid", nil)
	}
	fields, all := url.Values{}, []sent{}
	for {
		part, err := parts.NextPart()
		if err == io.EOF {
			return fields, all, nil
		}
		if err != nil {
			return nil, nil, fault.E(fault.Invalid, "file.refused.broken_off", nil)
		}
		if part.FileName() == "" {
			text, err := io.ReadAll(io.LimitReader(part, 4096))
			if err != nil {
				return nil, nil, fault.E(fault.Invalid, "file.refused.broken_off", nil)
			}
			if part.FormName() != "file" {
				values := []string{string(text)}
				onlyText(values)
				fields.Add(part.FormName(), values[0])
			}
			continue
		}
		if len(all) == filesMost {
			return nil, nil, fault.Fields(map[string]string{"file": "file.too_many"})
		}
		s, err := q.takeFile(clientID, part.FileName(), part)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, s)
	}
}

// takeFile looks one file through and puts it into its place. An error is one that ends the whole form.
func (q *request) takeFile(clientID, name string, from io.Reader) (sent, error) {
	data, err := io.ReadAll(io.LimitReader(from, sieve.Most+1))
	if err != nil {
		return sent{}, fault.E(fault.Invalid, "file.refused.broken_off", nil)
	}
	s := sent{title: titleOf(name)}
	k, err := sieve.Take(q.Context(), data)
	if err != nil {
		s.err = err
		return s, nil
	}
	s.kept, err = q.s.Files.Keep(q.who.Tenant, clientID, k)
	return s, err
}

// camera are the names that cameras and phones give: they tell nothing.
var camera = regexp.MustCompile(`(?i)^(img|dsc|pxl|image|photo|kuva|screenshot|whatsapp|mvimg|scan)?[\s_\-()0-9]*(at)?[\s_\-().0-9]*$`)

// titleOf makes a title of the name that a file had where it came from. It is a suggestion in words, never a name of ours.
func titleOf(name string) string {
	name = filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	name = strings.TrimSuffix(name, filepath.Ext(name))
	values := []string{strings.Join(strings.Fields(strings.NewReplacer("_", " ", "\x00", "").Replace(name)), " ")}
	onlyText(values)
	if camera.MatchString(values[0]) {
		return ""
	}
	for utf8.RuneCountInString(values[0]) > 100 {
		_, size := utf8.DecodeLastRuneInString(values[0])
		values[0] = values[0][:len(values[0])-size]
	}
	return values[0]
}

// filesAnswer goes back to where the files were added, or says what is wrong: to the script in one line of text, else as
// the page again.
func (q *request) filesAnswer(o onePath, err error) error {
	if q.Header.Get("Polku-Part") == "upload" {
		if err == nil {
			q.w.WriteHeader(http.StatusNoContent)
			return nil
		}
		text := q.lang.T("problem.internal.title")
		var f *fault.Error
		if errors.As(err, &f) && i18n.Has(f.Key) {
			text = q.lang.Map(f.Key, f.Args)
		}
		if errors.As(err, &f) {
			for _, key := range f.Fields {
				text = q.lang.Map(key, f.Args)
			}
		}
		h := q.w.Header()
		h.Set("Content-Type", "text/plain; charset=utf-8")
		h.Set("Cache-Control", "no-store")
		q.w.WriteHeader(statusOf[fault.Of(err)])
		io.WriteString(q.w, text)
		return nil
	}
	if kind := fault.Of(err); err != nil && (kind == fault.Invalid || kind == fault.Conflict) {
		return q.filesForm(err)
	}
	if err != nil {
		return err
	}
	if back := q.PostForm.Get("back"); strings.HasPrefix(back, "/c/"+q.clientID()) && safeNext(back) == back {
		return q.redirect(back)
	}
	return q.redirect("/c/" + o.id + "/files")
}

// fileShow sends a file. Whoever asked has been written down before its first byte leaves.
func (q *request) fileShow() error {
	var f file.File
	if err := q.view(func(tx *db.Tx) (err error) {
		f, err = file.Get(tx, q.s.Book, q.clientID(), q.PathValue("entry"))
		return err
	}); err != nil {
		return err
	}
	return q.sendFile(f)
}

// portalFile sends a participant a file of their own.
func (q *request) portalFile() error {
	var f file.File
	if err := q.view(func(tx *db.Tx) (err error) {
		f, err = file.GetOwn(tx, q.s.Book, q.PathValue("entry"))
		return err
	}); err != nil {
		return err
	}
	return q.sendFile(f)
}

// sendFile sends the content under a name of ours. What a browser can show by itself is shown, in a page that may do
// nothing; all else is saved.
func (q *request) sendFile(f file.File) error {
	if q.s.Files == nil {
		return fault.E(fault.Unavailable, "file.off", nil)
	}
	data, err := q.s.Files.Read(q.who.Tenant, f)
	if err != nil {
		return err
	}
	how := "attachment"
	if f.Kind.Viewable() && q.FormValue("save") == "" {
		how = "inline"
	}
	day := civil.Of(q.at, q.s.DB.Zone).String()
	h := q.w.Header()
	h.Set("Content-Type", f.Kind.Media())
	h.Set("Content-Disposition", mime.FormatMediaType(how, map[string]string{"filename": "polku-" + day + "." + f.Kind.Ending()}))
	h.Set("Content-Security-Policy", "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; object-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Content-Length", strconv.Itoa(len(data)))
	h.Set("Cache-Control", "no-store")
	q.w.WriteHeader(http.StatusOK)
	q.w.Write(data) // a reader who has gone is no fault of ours
	return nil
}

func (q *request) fileRemovePage() error { return q.fileRemoveForm(nil) }

func (q *request) fileRemoveForm(cause error) error {
	return q.form(func(tx *db.Tx, sh view.Shell, o onePath) (page, error) {
		sh.Tab = "/files"
		e, found, err := journal.Get(tx, o.client.ID, q.PathValue("entry"))
		if err == nil && (!found || e.Kind != entry.KindFile) {
			err = fault.E(fault.NotFound, "error.not_found", nil)
		}
		return view.FileRemove{Shell: sh, Who: q.identity(sh, o), Item: q.fileItem(o, &e, nil), Why: q.PostFormValue("why"), Errors: q.errorsOf(cause)}, err
	}, cause)
}

func (q *request) fileRemove() error {
	o, err := q.onCase(func(tx *db.Tx, o onePath) error {
		return file.Hide(tx, q.s.Book, o.client.ID, q.PathValue("entry"), q.PostFormValue("why"))
	})
	if fault.Is(err, fault.Invalid) {
		return q.fileRemoveForm(err)
	}
	if err != nil {
		return err
	}
	q.say(flash{Key: "file.removed"})
	return q.redirect("/c/" + o.id + "/files")
}
