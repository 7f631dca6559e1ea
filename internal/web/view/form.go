package view

import (
	"errors"
	"slices"
	"sort"

	"polku/internal/fault"
	"polku/internal/i18n"
)

// FieldError is one wrong field, in words that say how to mend it.
type FieldError struct{ Field, Text string }

// Errors are the wrong fields of a form, in the order they are shown above it. Field "" concerns the whole form.
type Errors []FieldError

// Of gives the words of a field's mistake; empty when the field is fine.
func (e Errors) Of(field string) string {
	for _, f := range e {
		if f.Field == field {
			return f.Text
		}
	}
	return ""
}

// ErrorsOf turns a fault into the errors of a form. A fault without fields concerns the whole form.
func ErrorsOf(l i18n.Lang, err error) Errors {
	var f *fault.Error
	if !errors.As(err, &f) {
		return Errors{{"", l.T("problem.internal.title")}}
	}
	if len(f.Fields) == 0 {
		return Errors{{"", l.Map(f.Key, f.Args)}}
	}
	all := make(Errors, 0, len(f.Fields))
	for name, key := range f.Fields {
		all = append(all, FieldError{name, l.Map(key, f.Args)})
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Field < all[j].Field })
	return all
}

// Option of a select, of radio buttons or of chips.
type Option struct {
	Value string
	Text  string
	Hint  string // a second, quieter line; may be empty
	On    bool   // chosen
}

// Field is one text field with its label. Values are kept as typed.
type Field struct {
	Name, Label, Hint, Value, Error string
	Type                            string // text (default), email, tel, password, date, number …
	Width                           string // "", "s", "m": how long the answer is expected to be
	Auto                            string // autocomplete word; empty: off
	Need                            bool   // must be answered
	Rows                            int    // above 0: a textarea of so many rows
	List                            string // id of a datalist
}

func (f Field) typ() string {
	if f.Type == "" {
		return "text"
	}
	return f.Type
}

func (f Field) auto() string {
	if f.Auto == "" {
		return "off"
	}
	return f.Auto
}

// describedBy names the hint and the error of a field, for screen readers.
func (f Field) describedBy() string {
	d := ""
	if f.Hint != "" {
		d = f.Name + "-hint"
	}
	if f.Error != "" {
		if d != "" {
			d += " "
		}
		d += f.Name + "-error"
	}
	return d
}

func (f Field) class(base string) string {
	c := base
	if f.Error != "" {
		c += " " + base + "--error"
	}
	if f.Width != "" {
		c += " w-" + f.Width
	}
	return c
}

// Choice is a group of options of which one (radio) or several (check) are chosen.
type Choice struct {
	Name, Label, Hint, Error string
	Options                  []Option
	Many                     bool
	Quiet                    bool // label only for screen readers

	More      []Option // the rarer ones, behind a word that opens them (radios only)
	MoreLabel string
}

// moreChosen tells whether one of the rarer options is chosen.
func (c Choice) moreChosen() bool {
	return slices.ContainsFunc(c.More, func(o Option) bool { return o.On })
}

func (c Choice) typ() string {
	if c.Many {
		return "checkbox"
	}
	return "radio"
}
