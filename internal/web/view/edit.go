package view

import "github.com/a-h/templ"

// Edit changes a client's data. GET and POST /c/{id}/edit: rev, last, first, hetu (only where there is none yet), phone,
// email, address, municipality, language, number, ban (1), note; POST /c/{id}/join: real (for somebody known by a short
// name only: who they are), after POST /c/{id}/edit with q, which looks for them.
type Edit struct {
	Shell
	Who                        Identity
	Rev                        int64
	Answers                    Asking // the client's request that the correction answers
	Last, First, Hetu          string
	HasCode                    bool
	TempID                     string
	Phone, Email, Address      string
	Municipality, Number, Note string
	Languages                  []Option
	Ban                        bool
	Hidden                     bool // under the ban: address and municipality are not in the form
	Provisional                bool
	Q                          string
	Asked                      bool
	Hits                       []Hit
	Errors                     Errors
}

// Page is the view.
func (p Edit) Page() templ.Component { return edit(p) }
