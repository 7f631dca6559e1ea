package model

import (
	"strconv"
	"strings"

	"polku/internal/i18n"
	"polku/internal/yamlfile"
)

// FieldType tells what a field of a condition holds, and with it which comparisons suit it.
type FieldType string

// Types of fields.
const (
	Number FieldType = "number"
	Word   FieldType = "text" // a word's id, a language code, a place
	YesNo  FieldType = "bool"
)

// Field that a condition may ask about. Its wording is the catalogue's "field." + Name.
type Field struct {
	Name string
	Type FieldType
	Kind string // kind of word that its values are; empty: free
}

// Fields in the order they are offered. What is known of a client or a referral fills them when eligibility is asked.
var Fields = []Field{
	{"client.age", Number, ""}, {"client.unemployed_days", Number, ""}, {"client.unemployed_months", Number, ""},
	{"client.language", Word, ""}, {"client.municipality", Word, ""}, {"client.benefit", Word, KindBenefit},
	{"client.previous_service", Word, KindService}, {"client.consents", YesNo, ""}, {"client.has_phone", YesNo, ""},
	{"referral.source", Word, KindSource}, {"referral.reason", Word, KindReason},
}

var opsOf = map[FieldType][]string{
	Number: {string(Is), string(IsNot), string(AtLeast), string(AtMost), string(Known)},
	Word:   {string(Is), string(IsNot), string(OneOf), string(Known)},
	YesNo:  {string(Is), string(Known)},
}

func fieldNames() []string {
	var names []string
	for _, f := range Fields {
		names = append(names, f.Name)
	}
	return names
}

func fieldOf(name string) Field {
	for _, f := range Fields {
		if f.Name == name {
			return f
		}
	}
	return Field{}
}

// condition reads all, any, or field and op and value. Depth is bounded by the file's.
func (r *reading) condition(n yamlfile.Node) Condition {
	f := n.Map("all", "any", "field", "op", "value")
	c := Condition{own: r.m.Words}
	all, isAll := f.Opt("all")
	any, isAny := f.Opt("any")
	field, isField := f.Opt("field")
	if !n.IsMap() {
		return c
	}
	forms := 0
	for _, form := range []bool{isAll, isAny, isField} {
		if form {
			forms++
		}
	}
	if forms != 1 || !isField && len(f.Names) > 1 {
		n.Wrong("model.condition_form")
		return c
	}
	switch {
	case isAll:
		c.All = r.conditions(all)
	case isAny:
		c.Any = r.conditions(any)
	default:
		c.Field = field.OneOf(fieldNames()...)
		r.comparison(f, fieldOf(c.Field), &c)
	}
	return c
}

func (r *reading) conditions(n yamlfile.Node) []Condition {
	list := n.List()
	if n.IsList() && len(list) == 0 {
		n.Wrong("model.condition_empty")
	}
	var out []Condition
	for _, at := range list {
		out = append(out, r.condition(at))
	}
	return out
}

func (r *reading) comparison(f yamlfile.Fields, of Field, c *Condition) {
	op, ok := f.Need("op")
	if !ok || of.Name == "" {
		return
	}
	c.Op = Op(op.OneOf(string(Is), string(IsNot), string(AtLeast), string(AtMost), string(OneOf), string(Known)))
	if c.Op == "" {
		return
	}
	if !has(opsOf[of.Type], string(c.Op)) {
		op.Wrong("model.op_not_for_field", "value", string(c.Op), "of", of.Name, "known", join(opsOf[of.Type]))
		return
	}
	if c.Op == Known {
		c.Value = true
		if v, ok := f.Opt("value"); ok {
			c.Value = v.Bool()
		}
		return
	}
	v, ok := f.Need("value")
	if !ok {
		return
	}
	if c.Op == OneOf {
		if !v.IsList() {
			v.Wrong("model.value_type", "of", of.Name, "want", yamlfile.CatalogueKey("model.want.list"))
			return
		}
		var list []string
		for _, at := range v.Texts() {
			list = append(list, r.wordValue(at, of))
		}
		c.Value = list
		return
	}
	c.Value = r.value(v, of)
}

func (r *reading) value(v yamlfile.Node, of Field) any {
	if v.IsText() {
		switch x := v.Scalar().(type) {
		case int64, float64:
			if of.Type == Number {
				return x
			}
		case bool:
			if of.Type == YesNo {
				return x
			}
		case string:
			if of.Type == Word {
				return r.wordValue(v, of)
			}
		case nil:
			return nil
		}
	}
	v.Wrong("model.value_type", "of", of.Name, "want", yamlfile.CatalogueKey("model.want."+string(of.Type)))
	return nil
}

// wordValue checks a value against the vocabulary, and a referral's source against the model's own sources.
func (r *reading) wordValue(v yamlfile.Node, of Field) string {
	if of.Kind == "" {
		return v.Value()
	}
	id := r.need(v, of.Kind)
	if of.Name == "referral.source" && id != "" && !has(r.m.Entry.Sources, id) {
		v.Wrong("model.source_not_entry", "value", id)
	}
	return id
}

// Explain says the condition in words, e.g. "ainakin yksi seuraavista toteutuu: a; b". nil means everybody.
func (c *Condition) Explain(lang i18n.Lang) string {
	switch {
	case c == nil:
		return lang.T("condition.everybody")
	case len(c.All) > 0:
		return lang.T("condition.all") + ": " + explainList(c.All, lang)
	case len(c.Any) > 0:
		return lang.T("condition.any") + ": " + explainList(c.Any, lang)
	}
	op := string(c.Op)
	if c.Op == Known && c.Value == false {
		op = "not_known"
	}
	if _, yesNo := c.Value.(bool); yesNo && c.Op == Is {
		op = "answer"
	}
	return lang.T("condition."+op, "field", lang.T("field."+c.Field), "value", c.say(c.Value, lang))
}

func explainList(list []Condition, lang i18n.Lang) string {
	var parts []string
	for i := range list {
		s := list[i].Explain(lang)
		if len(list[i].All)+len(list[i].Any) > 0 {
			s = "(" + s + ")"
		}
		parts = append(parts, s)
	}
	return strings.Join(parts, "; ")
}

// say gives a value in words: a word of the model, a word of the vocabulary, or as it is.
func (c *Condition) say(v any, lang i18n.Lang) string {
	switch v := v.(type) {
	case string:
		if t, ok := c.own[v]; ok {
			return t.In(string(lang))
		}
		if t, ok := shared.text[v]; ok {
			return InSentence(t.In(string(lang)))
		}
		return v
	case []string:
		var parts []string
		for _, s := range v {
			parts = append(parts, c.say(s, lang))
		}
		return strings.Join(parts, ", ")
	case int64:
		return lang.Int(int(v))
	case int:
		return lang.Int(v)
	case float64:
		return decimal(v, lang)
	case bool:
		if v {
			return lang.T("condition.yes")
		}
		return lang.T("condition.no")
	}
	return ""
}

// decimal writes a number with the decimal mark of the language.
func decimal(v float64, lang i18n.Lang) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if lang != i18n.EN {
		s = strings.Replace(s, ".", ",", 1)
	}
	return s
}
