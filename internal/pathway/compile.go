package pathway

import (
	"slices"
	"sync"

	"polku/internal/model"
	"polku/internal/ruleset"
)

// compiled is a model with the texts that evaluation needs made ready, so that judging a path builds few strings.
type compiled struct {
	m       *model.Model
	phases  []phaseRules
	reviews []reviewRule
	limits  bool // the model names the pack of rehabilitative work activity
}

type phaseRules struct {
	p        *model.Phase
	source   string
	cadences []cadenceRule
	topics   []oneOffRule
	offers   []oneOffRule
	measures []oneOffRule
	rivals   bool // more than one cadence of attendance: themes sort entries between them
}

type cadenceRule struct {
	c          *model.Cadence
	id, source string // id: phase/cadence/, the window's name follows
}

type oneOffRule struct{ name, id, source string }

type reviewRule struct {
	r          *model.Review
	id, source string // id: review/plan/, the day it is counted from follows
}

// compiledModels keeps what compile made. Models never change and live as long as the program does.
var compiledModels sync.Map // *model.Model -> *compiled

func compile(m *model.Model) *compiled {
	if m == nil {
		return nil
	}
	if c, ok := compiledModels.Load(m); ok {
		return c.(*compiled)
	}
	c := &compiled{m: m, limits: slices.Contains(m.Rules, ruleset.WorkActivity)}
	for i := range m.Phases {
		c.phases = append(c.phases, compilePhase(&m.Phases[i]))
	}
	for i := range m.Reviews {
		r := &m.Reviews[i]
		source := "model:reviews/" + r.Plan
		if r.Law != "" {
			source = "law:" + r.Law
		}
		c.reviews = append(c.reviews, reviewRule{r, "review/" + r.Plan + "/", source})
	}
	compiledModels.Store(m, c)
	return c
}

func compilePhase(p *model.Phase) phaseRules {
	r := phaseRules{p: p, source: "model:phases/" + p.ID}
	attendance := 0
	for i := range p.Cadences {
		c := &p.Cadences[i]
		r.cadences = append(r.cadences, cadenceRule{c, p.ID + "/" + c.ID + "/", r.source + "/cadences/" + c.ID})
		if c.Do == model.DoAttendance {
			attendance++
		}
	}
	r.rivals = attendance > 1
	for _, t := range p.Topics {
		r.topics = append(r.topics, oneOffRule{t, p.ID + "/topic/" + t, r.source + "/topics/" + t})
	}
	for i := range p.Offers {
		o := &p.Offers[i]
		r.offers = append(r.offers, oneOffRule{o.ID, p.ID + "/offer/" + o.ID, r.source + "/offers/" + o.ID})
	}
	for i := range p.Measures {
		m := &p.Measures[i]
		r.measures = append(r.measures, oneOffRule{m.Instrument, p.ID + "/measure/" + m.Instrument + "/" + m.When, r.source + "/measures/" + m.Instrument})
	}
	return r
}

// phase gives the rules of a phase; nil when the model is not known or has none such.
func (c *compiled) phase(id string) *phaseRules {
	if c == nil {
		return nil
	}
	for i := range c.phases {
		if c.phases[i].p.ID == id {
			return &c.phases[i]
		}
	}
	return nil
}

// exit gives the rules of a destination; nil when the model is not known or has none such.
func (c *compiled) exit(to string) *model.Exit {
	if c == nil {
		return nil
	}
	return c.m.Exit(to)
}

// promises of the model; none when it is not known.
func (c *compiled) promises() model.Promises {
	if c == nil {
		return model.Promises{}
	}
	return c.m.Promises
}
