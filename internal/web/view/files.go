package view

import (
	"strings"

	"github.com/a-h/templ"

	"polku/internal/i18n"
)

// FileItem is one file of a client, as it stands in a list.
type FileItem struct {
	ID       string // of its entry
	Title    string
	Kind     string // in words
	Size     string
	Who      string // who added it
	When     string
	Thumb    string // data URI of a small picture; empty: a document
	Viewable bool   // a browser shows it; else it is only saved
	To       string // what it is evidence of, in words; empty: of the client
	ToID     string // that entry
	Hidden   *Hidden
}

// Hidden says why the client does not see something.
type Hidden struct{ Ground, Why string }

// FileAdd is the form that adds files. It can stand on any page of a client: checkpoints, offers, plans.
//
// Fields sent to POST /c/{id}/files: id (made by the server at GET: sending twice is harmless), to, back, title, withhold, ground,
// withhold_why, file (many; last, since they are taken as they come).
type FileAdd struct {
	Client   string // as it stands in the URL
	ID       string // a fresh id
	To       string // entry that the files are evidence of; empty: of the client
	ToWhat   string // in words
	Back     string // page to go back to, below /c/; empty: the client's files
	Title    string
	Withhold WithholdForm
	Errors   Errors
	Off      bool // files cannot be kept here: no folder has been given
}

// WithholdForm asks why the client does not see something. Fields: withhold, ground, withhold_why.
type WithholdForm struct {
	On      bool
	Grounds []Option
	Why     string
	Errors  Errors
}

// Files are all files of a client. GET and POST /c/{id}/files.
type Files struct {
	Shell
	Who   Identity
	Items []FileItem
	Next  string // path of further ones; empty: these are all
	Add   FileAdd
}

// FileRemove asks why a file is taken back. GET and POST /c/{id}/files/{entry}/remove.
type FileRemove struct {
	Shell
	Who    Identity
	Item   FileItem
	Why    string
	Errors Errors
}

// Withhold asks whether the client sees an entry. GET and POST /c/{id}/withhold/{entry}; fields ground, withhold_why, do (hide, show).
type Withhold struct {
	Shell
	Who   Identity
	Entry string
	Said  Said
	When  string
	Now   *Hidden // nil: the client sees it
	Form  WithholdForm
}

// Page is the view.
func (p Files) Page() templ.Component { return files(p) }

// Page is the view.
func (p FileRemove) Page() templ.Component { return fileRemove(p) }

// Page is the view.
func (p Withhold) Page() templ.Component { return withhold(p) }

// accept is what the browser's file chooser offers: an iPhone then hands its photographs over as JPEG by itself.
const accept = "image/jpeg,image/png,image/webp,application/pdf,text/plain,.docx,.xlsx,.odt"

// fileSize says bytes in words: kB or MB.
func fileSize(l i18n.Lang, n int64) string {
	if n < 1<<20 {
		return l.T("file.kb", "n", l.Int(int(max(1, n>>10))))
	}
	return l.T("file.mb", "n", decimal(l, float64(n)/(1<<20)))
}

// FileSize is fileSize for handlers.
func FileSize(l i18n.Lang, n int64) string { return fileSize(l, n) }

// fileMark is what stands for a document where a picture would: its ending.
func (f FileItem) mark() string { return strings.ToUpper(f.Kind) }
