package web

import "net/http"

// NewWithImport is New with the routes of imports and the sprint, whether or not routes.go names them.
func NewWithImport(cfg Config) http.Handler {
	s := &server{Config: cfg, mux: http.NewServeMux()}
	s.routes()
	for _, r := range []struct {
		method, path string
		fn           handler
	}{
		{"GET", "/import", (*request).importsPage}, {"POST", "/import", (*request).importUpload}, {"GET", "/import/{id}", (*request).importPage},
		{"POST", "/import/{id}", (*request).importDo}, {"POST", "/import/{id}/undo", (*request).importUndo},
		{"GET", "/sprint", (*request).sprintPage}, {"POST", "/sprint", (*request).sprintSave},
	} {
		req, err := http.NewRequest(r.method, r.path, nil)
		if err != nil {
			panic(err)
		}
		if _, pattern := s.mux.Handler(req); pattern == "" {
			s.handle(r.method+" "+r.path, cases, r.fn)
		}
	}
	return s.guard()
}
