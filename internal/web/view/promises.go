package view

import "github.com/a-h/templ"

// KeptLine is how the promise stands with one worker, or in a whole service: figures, no client.
type KeptLine struct {
	Name                              string
	Open, Paused, Now, Hanging, Unset int
}

// KeptService is one service with its workers.
type KeptService struct {
	Total   KeptLine
	Workers []KeptLine
}

// Promises shows coordinators, managers and administrators how the promise stands. GET /promises.
type Promises struct {
	Shell
	Services []KeptService
}

// Page is the view.
func (p Promises) Page() templ.Component { return promisesPage(p) }
