package web

import (
	"io"

	"polku/internal/csvio"
	"polku/internal/db"
	"polku/internal/directory"
	"polku/internal/fault"
	"polku/internal/web/view"
)

// listings is the kind of a held table that is read into the service directory.
const listings = "directory"

// directoryUpload reads a table of listings and holds it until it is imported.
func (q *request) directoryUpload() error {
	data, name, err := q.smallFile("file")
	if err != nil {
		return q.directoryForm(err)
	}
	b, err := csvio.ReadBytes(name, data)
	if err == nil {
		err = q.view(func(tx *db.Tx) error {
			_, err := directory.Read(tx, b)
			return err
		})
	}
	if err != nil {
		return q.directoryForm(atFile(err))
	}
	h, err := uploads.keep(q.who.Tenant, q.who.Worker, listings, b, data, q.at)
	if err != nil {
		return q.directoryForm(err)
	}
	return q.redirect("/directory-import/" + h.id)
}

// smallFile gives a file that came within an ordinary form.
func (q *request) smallFile(field string) (data []byte, name string, err error) {
	none := fault.Fields(map[string]string{field: "importing.no_file"})
	if q.MultipartForm == nil {
		return nil, "", none
	}
	files := q.MultipartForm.File[field]
	if len(files) == 0 || files[0].Size == 0 {
		return nil, "", none
	}
	f, err := files[0].Open()
	if err != nil {
		return nil, "", fault.Wrap(err, "directory.open")
	}
	defer f.Close()
	data, err = io.ReadAll(f)
	return data, files[0].Filename, fault.Wrap(err, "directory.open")
}

// directoryHeld gives the table that the address names, or not found: it is kept for an hour.
func (q *request) directoryHeld() (*held, error) {
	h := uploads.get(q.who.Tenant, q.who.Worker, q.PathValue("id"), q.at)
	if h == nil || h.kind != listings {
		return nil, fault.E(fault.NotFound, "error.not_found", nil)
	}
	return h, nil
}

// directoryPreview shows what a table would add and change.
func (q *request) directoryPreview() error {
	h, err := q.directoryHeld()
	if err != nil {
		return err
	}
	p := view.DirectoryImport{Shell: q.shell(view.NavMore), ID: h.id, File: h.book.Name}
	err = q.view(func(tx *db.Tx) error {
		rows, err := directory.Read(tx, h.book)
		if err != nil {
			return err
		}
		for _, r := range rows {
			line := view.ImportedListing{No: r.No, Name: r.Listing.Name}
			switch {
			case len(r.Wrong) > 0:
				p.LeftOut++
				line.State, line.Wrong = q.lang.T("directory.row.left_out"), true
			case r.Same:
				p.Same++
				line.State = q.lang.T("directory.row.same")
			case r.Known:
				p.Changed++
				line.State = q.lang.T("directory.row.changed")
			default:
				p.Added++
				line.State = q.lang.T("directory.row.added")
			}
			for _, notes := range []map[string]string{r.Wrong, r.Noted} {
				for _, e := range view.ErrorsOf(q.lang, fault.Fields(notes)) {
					if len(notes) > 0 {
						line.Notes = append(line.Notes, e.Text)
					}
				}
			}
			p.Rows = append(p.Rows, line)
		}
		return q.counted(tx, &p.Shell)
	})
	if err != nil {
		return err
	}
	return q.render(p)
}

func (q *request) directoryImport() error {
	h, err := q.directoryHeld()
	if err != nil {
		return err
	}
	var batch string
	var added, changed int
	err = q.update(func(tx *db.Tx) error {
		rows, err := directory.Read(tx, h.book)
		if err != nil {
			return err
		}
		batch, added, changed, err = directory.Import(tx, rows)
		return err
	})
	if err != nil {
		return err
	}
	uploads.drop(h.id)
	q.say(flash{Key: "flash.listings_imported", N: added + changed, Undo: "/directory/undo", Entry: batch})
	return q.redirect("/directory")
}
