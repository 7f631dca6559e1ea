package view

import (
	"github.com/a-h/templ"

	"polku/internal/civil"
)

// ListingLine is a listing of the service directory, in words.
type ListingLine struct {
	ID, Name, Provider, Sector string
	Where                      string   // municipalities in words
	Themes                     []string // in words
	What                       string
	Remote, Own, Stale         bool
	Checked                    civil.Date
	Retired                    civil.Date // zero: offered
}

// Directory is the service directory with its search. GET /directory; fields q, m (municipality), t (theme), lang, remote,
// show (mine, stale, retired).
type Directory struct {
	Shell
	Text                 string
	Towns, Themes, Langs []Option
	Shows                []Option // whose listings, and which
	Remote               bool
	Lines                []ListingLine
	Total                int // listings that are offered
	Query                string
	ToCheck              []ListingLine // the reader's own that have not been looked at for half a year
	Missing              []Option      // own services without a listing: id, name
	ImportErrors         Errors
}

// ListingPage is one listing with its history. GET /directory/{id}; POST /directory/{id}/check, /retire, /restore.
type ListingPage struct {
	Shell
	Line                                                            ListingLine
	ForWhom, Langs, WayIn, Contact, Phone, Tel, Email, Web, Address string
	Cost, Hours, Owner, RetiredWhy                                  string
	OwnerGone                                                       bool // the owner works here no more
	Easy                                                            []EasyText
	History                                                         []ListingChange
	Why                                                             string
	Errors                                                          Errors
}

// EasyText is what a client is told, in one language.
type EasyText struct{ Lang, Name, Text string } // Name of the language in the reader's

// ListingChange is a line of a listing's history.
type ListingChange struct {
	When, Who, What string
	Fields          []Change // what was different before
	Undo            string   // batch; empty: cannot be undone any more
}

// ListingForm adds or changes a listing. GET and POST /directory/new, /directory/{id}/edit. The fields are the columns of
// an import, by the same names.
type ListingForm struct {
	Shell
	ID, Rev, Service               string
	Value                          map[string]string
	Sectors, Themes, Langs, Owners []Option
	Remote                         bool
	Now                            string // who has changed it meanwhile; else empty
	Errors                         Errors
}

// DirectoryImport previews a table of listings. GET and POST /directory-import/{id}.
type DirectoryImport struct {
	Shell
	ID, File                      string
	Added, Changed, Same, LeftOut int
	Rows                          []ImportedListing
}

// ImportedListing is a row of a table that is about to be imported.
type ImportedListing struct {
	No          int
	Name, State string
	Wrong       bool
	Notes       []string
}

// Page is the view.
func (p Directory) Page() templ.Component { return directory(p) }

// Page is the view.
func (p ListingPage) Page() templ.Component { return listingPage(p) }

// Page is the view.
func (p ListingForm) Page() templ.Component { return listingForm(p) }

// Page is the view.
func (p DirectoryImport) Page() templ.Component { return directoryImport(p) }

func (p ListingForm) action() string {
	if p.ID == "" {
		return "/directory/new"
	}
	return "/directory/" + p.ID + "/edit"
}

func (p ListingForm) back() string {
	if p.ID == "" {
		return "/directory"
	}
	return "/directory/" + p.ID
}

// text is a field of the form by its name.
func (p ListingForm) text(name string, rows int) Field {
	f := Field{Name: name, Label: p.T("directory.col." + name), Value: p.Value[name], Rows: rows, Error: p.Errors.Of(name)}
	switch name {
	case "name", "what", "easy_fi", "municipality", "way_in", "checked":
		f.Hint = p.T("directory.hint." + name)
	case "age_from", "age_to":
		f.Width = "s"
	}
	f.Need = name == "name"
	return f
}
