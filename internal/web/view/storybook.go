package view

import (
	"context"
	"fmt"
	"html"
	"io"
	"net/http"
	"strings"

	"polku/internal/fault"
	"polku/internal/i18n"
)

// RenderStory writes one state of one view in a language; NotFound when there is none such.
func RenderStory(ctx context.Context, w io.Writer, name, state string, l i18n.Lang) error {
	for _, st := range Stories() {
		for _, x := range st.States {
			if st.Name == name && x.Name == state {
				return Render(ctx, w, x.Make(l))
			}
		}
	}
	return fault.E(fault.NotFound, "error.not_found", nil)
}

// StorybookHandler serves every view with made-up data, for `polku dev`: an index at its root, and
// ?view=NAME&state=STATE&lang=fi&theme=dark for one of them. It is never mounted in `polku serve`.
func StorybookHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
		q := r.URL.Query()
		if q.Get("view") == "" {
			fmt.Fprint(w, storyIndex())
			return
		}
		var b strings.Builder
		if err := RenderStory(r.Context(), &b, q.Get("view"), q.Get("state"), i18n.ParseLang(q.Get("lang"))); err != nil {
			http.NotFound(w, r)
			return
		}
		page := b.String()
		if t := q.Get("theme"); t == "dark" || t == "light" {
			page = strings.Replace(page, `data-theme="auto"`, `data-theme="`+t+`"`, 1)
		}
		fmt.Fprint(w, page)
	})
}

func storyIndex() string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><title>Storybook</title><h1>Storybook</h1><ul>")
	for _, st := range Stories() {
		for _, x := range st.States {
			fmt.Fprintf(&b, "<li>%s", html.EscapeString(st.Name+" "+x.Name))
			for _, l := range i18n.Langs {
				for _, theme := range []string{"light", "dark"} {
					fmt.Fprintf(&b, " <a href=\"?view=%s&amp;state=%s&amp;lang=%s&amp;theme=%s\">%s %s</a>", st.Name, x.Name, l, theme, l, theme)
				}
			}
		}
	}
	return b.String() + "</ul></html>"
}

func storyProblems() []State {
	var all []State
	for _, k := range []fault.Kind{fault.Internal, fault.NotFound, fault.Denied, fault.Invalid, fault.Conflict, fault.Gone, fault.Unavailable, fault.SignIn} {
		all = append(all, State{strings.ReplaceAll(k.String(), " ", "-"), func(l i18n.Lang) Page {
			p := Problem{Shell: storyShell(l, NavNone), Kind: k, Ref: "7f3a-19c2", Retry: "/today"}
			if k == fault.SignIn || k == fault.Unavailable {
				p.Shell = outside(l)
			}
			return p
		}})
	}
	return all
}
