package web

import (
	"strings"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/i18n"
	"polku/internal/model"
	"polku/internal/pathway"
	"polku/internal/wording"
)

// names gives the words of ids that entries carry, in the reader's language: workers by name, the rest by
// the path's model.
func (q *request) names(m *model.Model, workers map[string]string, s pathway.State) func(what, id string) string {
	lang := string(q.lang)
	word := func(id string) string {
		if m != nil {
			return m.Word(id, lang)
		}
		return model.SharedWord(id, lang)
	}
	return func(what, id string) string {
		switch what {
		case "worker":
			if name := workers[id]; name != "" {
				return name
			}
			if id == actor.SystemWorker {
				return "Polku"
			}
			if id == actor.ParticipantWorker {
				return q.lang.T("portal.participant")
			}
			return id
		case "model":
			if m != nil && m.Model == id {
				return m.Title.In(lang)
			}
			return id
		case "phase":
			if m != nil && m.Phase(id) != nil {
				return m.Phase(id).Title.In(lang)
			}
			return id
		case "item":
			_, item, _ := strings.Cut(id, "/")
			return word(item)
		case "duty":
			for _, o := range s.Obligations {
				if o.ID == id {
					return wording.Obligation(o, m, q.lang)
				}
			}
			return wording.ObligationID(id, m, q.lang)
		case "task":
			for _, t := range s.Tasks {
				if t.Task == id {
					return t.What
				}
			}
			return ""
		case "outcome":
			if i18n.Has("outcome." + id) {
				return q.lang.T("outcome." + id)
			}
		case "span":
			if span, err := civil.ParseSpan(id); err == nil {
				return wording.Span(span, q.lang)
			}
		case "group":
			return id
		}
		return word(id)
	}
}
