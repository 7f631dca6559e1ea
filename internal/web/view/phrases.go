package view

import "github.com/a-h/templ"

// Phrase is a ready phrase in the record form: a button that puts its text in.
type Phrase struct {
	ID   string
	Kind string // a What for which it is offered; empty: for all
	Name string
	Text string

	Template bool // headings to write under
}

// class shows the button only beside what it is meant for.
func (p Phrase) class() string {
	if p.Kind == "" {
		return ""
	}
	return "for for--" + p.Kind
}

// PhraseLine is a phrase in the list.
type PhraseLine struct {
	ID, Name, Text, Kind string // Kind in words
	MayEdit, Template    bool
}

// PhraseGroup is the phrases of one service, or the reader's own.
type PhraseGroup struct {
	Service, Name string // empty: the reader's own
	Lines         []PhraseLine
}

// PhraseForm is the form of a phrase. Fields: service (only for a new one; empty: own), shape, kind, name, text, version.
type PhraseForm struct {
	Name, Text, Version  string
	Whose, Kinds, Shapes []Option // Whose: only when there is a choice
	Errors               Errors
}

// Phrases lists the phrases and adds one. GET and POST /phrases.
type Phrases struct {
	Shell
	Groups []PhraseGroup
	Form   PhraseForm
}

// PhrasePage changes a phrase. GET and POST /phrases/{id}; POST /phrases/{id}/delete.
type PhrasePage struct {
	Shell
	ID   string
	Now  string // the phrase as somebody else has changed it meanwhile; else empty
	Form PhraseForm
}

// Page is the view.
func (p Phrases) Page() templ.Component { return phrases(p) }

// Page is the view.
func (p PhrasePage) Page() templ.Component { return phrasePage(p) }

func (p Phrases) groupName(g PhraseGroup) string {
	if g.Service == "" {
		return p.T("phrase.own")
	}
	return p.T("phrase.shared", "service", g.Name)
}
