package yamlfile

import (
	"regexp"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"

	"polku/internal/civil"
)

// Node is one value in the file with the name of the field that holds it. Asking for a kind of value
// that it is not records a mistake and gives the zero value, so that reading goes on to find the next one.
type Node struct {
	file *File
	n    *yaml.Node
	line int    // where it is used: an alias's own line
	name string // field that holds it, for the message
}

// Line of the value in the file.
func (v Node) Line() int { return v.line }

// Name of the field that holds the value.
func (v Node) Name() string { return v.name }

// Wrong records a mistake at this value. args are names and values in turn; {field} is filled by itself.
func (v Node) Wrong(key string, args ...any) {
	v.file.wrong(v.line, key, append([]any{"field", v.name}, args...)...)
}

func (v Node) child(n *yaml.Node, name string) Node {
	line := n.Line
	for n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	return Node{file: v.file, n: n, line: line, name: name}
}

// Fields of a mapping, by name and in their order.
type Fields struct {
	Node
	byName map[string]Node
	Names  []string
}

// Map reads a mapping whose fields are among known; others are mistakes, with the nearest known one named.
func (v Node) Map(known ...string) Fields {
	f := v.AnyMap()
	for _, name := range f.Names {
		if contains(known, name) || v.file.Full() {
			continue
		}
		at := f.byName[name]
		if at.IsNull() && strings.Contains(name, " ") { // {fi: Ensin tämä, sitten tuo}: the rest became a field
			at.Wrong("yaml.comma")
		} else if near := Nearest(name, known); near != "" {
			at.Wrong("yaml.unknown_field_near", "nearest", near)
		} else {
			at.Wrong("yaml.unknown_field", "known", strings.Join(known, ", "))
		}
	}
	return f
}

// AnyMap reads a mapping with any names.
func (v Node) AnyMap() Fields {
	f := Fields{Node: v, byName: map[string]Node{}}
	if v.n == nil || v.n.Kind != yaml.MappingNode {
		v.Wrong("yaml.want_map")
		return f
	}
	for i := 0; i+1 < len(v.n.Content); i += 2 {
		key := v.child(v.n.Content[i], v.name)
		name := key.n.Value
		at := v.child(v.n.Content[i+1], name)
		if key.n.Kind != yaml.ScalarNode {
			key.Wrong("yaml.want_text")
			continue
		}
		if _, twice := f.byName[name]; twice {
			key.name = name
			key.Wrong("yaml.field_twice")
			continue
		}
		at.line = key.line // the field begins where its name stands
		f.byName[name] = at
		f.Names = append(f.Names, name)
	}
	return f
}

// Opt gives a field that may be missing.
func (f Fields) Opt(name string) (Node, bool) { n, ok := f.byName[name]; return n, ok }

// Need gives a field that must be there; missing it is a mistake.
func (f Fields) Need(name string) (Node, bool) {
	n, ok := f.byName[name]
	if !ok && f.n != nil && f.n.Kind == yaml.MappingNode {
		f.file.wrong(f.line, "yaml.missing", "field", name, "in", f.name)
	}
	return n, ok
}

// List reads a sequence.
func (v Node) List() []Node {
	if v.n == nil || v.n.Kind != yaml.SequenceNode {
		v.Wrong("yaml.want_list")
		return nil
	}
	out := make([]Node, len(v.n.Content))
	for i, c := range v.n.Content {
		out[i] = v.child(c, v.name)
	}
	return out
}

// IsMap, IsText tell what kind of value it is, where two are allowed.
func (v Node) IsMap() bool  { return v.n != nil && v.n.Kind == yaml.MappingNode }
func (v Node) IsText() bool { return v.n != nil && v.n.Kind == yaml.ScalarNode }

// IsNull tells whether nothing was written: "field:" or "field: null".
func (v Node) IsNull() bool { return v.IsText() && v.n.Tag == "!!null" }

// Text reads words. Figures and true/false must stand in quotes, so that 2020 and "2020" are not confused.
func (v Node) Text() string {
	switch {
	case !v.IsText() || v.IsNull():
		v.Wrong("yaml.want_text")
	case v.n.Tag == "!!int" || v.n.Tag == "!!float" || v.n.Tag == "!!bool" || v.n.Tag == "!!timestamp":
		v.Wrong("yaml.want_quotes", "value", short(v.n.Value))
	case strings.TrimSpace(v.n.Value) == "":
		v.Wrong("yaml.empty_text")
	default:
		return v.n.Value
	}
	return ""
}

var idForm = regexp.MustCompile(`^[a-z0-9][a-z0-9_-]{0,59}$`)

// ID reads an id: a–z, 0–9, - and _, at most 60 characters, so that it can stand in keys and addresses.
func (v Node) ID() string {
	s := v.Text()
	if s != "" && !idForm.MatchString(s) {
		v.Wrong("yaml.bad_id", "value", short(s))
		return ""
	}
	return s
}

// OneOf reads an id that must be among known.
func (v Node) OneOf(known ...string) string {
	s := v.Text()
	if s == "" || contains(known, s) {
		return s
	}
	v.NotKnown(s, known)
	return ""
}

// NotKnown records that value is none of known, naming the nearest.
func (v Node) NotKnown(value string, known []string) {
	if v.file.Full() {
		return
	}
	if near := Nearest(value, known); near != "" {
		v.Wrong("yaml.not_known_near", "value", short(value), "nearest", near)
		return
	}
	list := strings.Join(known, ", ")
	if len(list) > 300 {
		list = list[:strings.LastIndex(list[:300], ",")] + " …"
	}
	v.Wrong("yaml.not_known", "value", short(value), "known", list)
}

// Texts reads a list of ids or words.
func (v Node) Texts() []Node {
	var out []Node
	for _, n := range v.List() {
		if n.Text() != "" {
			out = append(out, n)
		}
	}
	return out
}

// Value gives the text as written; the caller has asked Text already.
func (v Node) Value() string { return v.n.Value }

// Int reads a whole number lo–hi.
func (v Node) Int(lo, hi int64) int64 {
	if v.IsText() && v.n.Tag == "!!int" {
		if i, err := strconv.ParseInt(v.n.Value, 10, 64); err == nil && i >= lo && i <= hi {
			return i
		}
	}
	v.Wrong("yaml.want_whole", "lo", lo, "hi", hi)
	return 0
}

// Hundredths reads a number with at most two decimals, lo–hi, as hundredths: 1.5 gives 150.
func (v Node) Hundredths(lo, hi int64) int64 {
	if v.IsText() && (v.n.Tag == "!!int" || v.n.Tag == "!!float") {
		whole, part, _ := strings.Cut(v.n.Value, ".")
		if i, err := strconv.ParseInt(whole+(part + "00")[:2], 10, 64); err == nil && len(part) <= 2 && i >= lo*100 && i <= hi*100 {
			return i
		}
	}
	v.Wrong("yaml.want_number", "lo", lo, "hi", hi)
	return 0
}

// Bool reads true or false.
func (v Node) Bool() bool {
	if v.IsText() && v.n.Tag == "!!bool" {
		return v.n.Value == "true"
	}
	v.Wrong("yaml.want_bool")
	return false
}

// Date reads 2026-03-01, with or without quotes.
func (v Node) Date() civil.Date {
	if v.IsText() {
		if d, err := civil.Parse(v.n.Value); err == nil {
			return d
		}
	}
	v.Wrong("yaml.bad_date")
	return 0
}

// Scalar gives a plain value as string, int64, float64 or bool; nil with a mistake when it is none of these.
func (v Node) Scalar() any {
	if v.IsText() {
		switch v.n.Tag {
		case "!!int":
			if i, err := strconv.ParseInt(v.n.Value, 10, 64); err == nil {
				return i
			}
		case "!!float":
			if f, err := strconv.ParseFloat(v.n.Value, 64); err == nil {
				return f
			}
		case "!!bool":
			return v.n.Value == "true"
		}
	}
	if s := v.Text(); s != "" {
		return s
	}
	return nil
}

// IsList tells whether the value is a sequence.
func (v Node) IsList() bool { return v.n != nil && v.n.Kind == yaml.SequenceNode }

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}

// short keeps hostile values out of messages.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
