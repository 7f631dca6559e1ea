package web

import (
	"slices"

	"polku/internal/hint"
	"polku/internal/web/view"
)

// hints answers a text with what could be plainer in it. It reads nothing and keeps nothing: no client is named.
func (q *request) hints() error {
	var topics []view.Option
	ids, names := q.PostForm["topic_id"], q.PostForm["topic_name"]
	for i := range min(len(ids), len(names)) {
		topics = append(topics, view.Option{Value: ids[i], Text: names[i]})
	}
	return q.render(q.hintsFor(q.PostFormValue("text"), topics))
}

// hintsFor puts into words what could be plainer in a text, and which topics, not yet chosen, it speaks of.
func (q *request) hintsFor(text string, topics []view.Option) *view.Hints {
	p := &view.Hints{Shell: view.Shell{Lang: q.lang, Base: q.s.Base}}
	for _, h := range hint.Check(text, string(q.lang)) {
		p.Lines = append(p.Lines, view.HintLine{Kind: string(h.Kind), Text: q.lang.T("note.hint."+string(h.Kind), "word", h.Word, "n", h.N, "better", h.Better)})
	}
	var ids []string
	for _, t := range topics {
		if !t.On {
			ids = append(ids, t.Value)
		}
	}
	found := hint.Topics(text, ids)
	for _, t := range topics {
		if slices.Contains(found, t.Value) {
			p.Topics = append(p.Topics, t)
		}
	}
	return p
}
