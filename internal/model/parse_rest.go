package model

import (
	"polku/internal/civil"
	"polku/internal/yamlfile"
)

func (r *reading) checkpoints(n yamlfile.Node) {
	f := n.AnyMap()
	for _, id := range f.Names {
		at, _ := f.Opt(id)
		if _, own := r.m.Words[id]; own {
			r.used[id] = true
		} else if !has(shared.kinds[KindArea], id) {
			at.Wrong("model.no_word", "value", id)
		}
		a := Area{ID: id, Items: r.wordList(at, KindItem, KindOffer, KindTopic)}
		r.line(at, "checkpoints", id)
		for _, x := range at.List() {
			if x.IsText() {
				r.line(x, "checkpoints", id, x.Value())
			}
		}
		r.m.Areas = append(r.m.Areas, a)
	}
}

func (r *reading) reviews(n yamlfile.Node) {
	for _, at := range n.List() {
		f := at.Map("plan", "every", "law")
		var v Review
		if x, ok := f.Need("plan"); ok {
			v.Plan = r.need(x, KindPlan)
			for _, other := range r.m.Reviews {
				if other.Plan == v.Plan && v.Plan != "" {
					x.Wrong("model.twice", "value", v.Plan)
				}
			}
		}
		if x, ok := f.Need("every"); ok {
			v.Every = x.Span()
		}
		if x, ok := f.Opt("law"); ok {
			v.Law = x.Text()
		}
		r.line(at, "reviews", v.Plan)
		r.m.Reviews = append(r.m.Reviews, v)
	}
}

func (r *reading) followUp(n yamlfile.Node) []civil.Span {
	var out []civil.Span
	for _, at := range n.List() {
		if x, ok := at.Map("after").Need("after"); ok {
			s := x.Span()
			for _, other := range out {
				if other == s && !s.IsZero() {
					x.Wrong("model.twice", "value", s.String())
				}
			}
			out = append(out, s)
		}
	}
	return out
}

func (r *reading) exits(n yamlfile.Node) {
	for _, at := range n.List() {
		f := at.Map("to", "receiver", "follow_up")
		var e Exit
		if x, ok := f.Need("to"); ok {
			e.To = r.need(x, KindDestination)
			if e.To != "" && r.m.Exit(e.To) != nil {
				x.Wrong("model.twice", "value", e.To)
			}
		}
		e.Final = e.To == "died"
		if x, ok := f.Opt("receiver"); ok {
			e.Receiver = x.OneOf("required") != ""
		}
		if x, ok := f.Opt("follow_up"); ok {
			e.FollowUp = r.followUp(x)
			r.line(x, "exits", e.To, "follow_up")
		}
		if e.Final && (e.Receiver || len(e.FollowUp) > 0) {
			at.Wrong("model.died_owes")
		}
		r.line(at, "exits", e.To)
		r.m.Exits = append(r.m.Exits, e)
	}
	for _, must := range []string{"withdrew", "died"} {
		if r.m.Exit(must) == nil {
			n.Wrong("model.exit_missing", "value", must)
		}
	}
}

func (r *reading) staffing(n yamlfile.Node) {
	f := n.Map("meeting", "attendance", "roles")
	s := &r.m.Staffing
	if at, ok := f.Need("meeting"); ok {
		s.Meeting = work(at)
	}
	if at, ok := f.Opt("attendance"); ok {
		s.Attendance = work(at)
	}
	at, ok := f.Need("roles")
	if !ok {
		return
	}
	roles := at.AnyMap()
	for _, role := range roles.Names {
		x, _ := roles.Opt(role)
		if _, own := r.m.Words[role]; own {
			r.used[role] = true
		} else if !has(shared.kinds[KindStaff], role) {
			x.Wrong("model.no_word", "value", role)
		}
		s.Roles = append(s.Roles, Staff{Role: role, FTE: int(x.Hundredths(0, 200))})
	}
}

func work(n yamlfile.Node) Work {
	f := n.Map("minutes", "around", "group_of", "leaders")
	var w Work
	if at, ok := f.Need("minutes"); ok {
		w.Minutes = int(at.Int(1, 24*60))
	}
	if at, ok := f.Opt("around"); ok {
		w.Around = int(at.Int(0, 24*60))
	}
	if at, ok := f.Opt("group_of"); ok {
		w.GroupOf = int(at.Int(1, 200))
	}
	if at, ok := f.Opt("leaders"); ok {
		w.Leaders = int(at.Int(1, 20))
	}
	return w
}
