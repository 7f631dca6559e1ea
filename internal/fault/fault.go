// Package fault owns the kinds of error that Polku tells apart. A fault carries a catalogue key and
// arguments, so that one place can say it in the reader's language; it never carries a name, an
// identity code or note text.
package fault

import (
	"errors"
	"fmt"
	"sort"
	"strings"
)

// Kind tells what sort of failure it is, and with it the status a face answers with.
type Kind int

// The kinds, from the caller's point of view.
const (
	Internal    Kind = iota // a defect or a broken machine: 500
	NotFound                // no such thing within the asker's scope: 404
	Denied                  // known, but not for this asker: 403
	Invalid                 // the input is wrong; Fields tell where: 422
	Conflict                // somebody else changed it, or the same id with other content: 409
	Gone                    // existed, does not any more: 410
	Unavailable             // try again later: 503
	SignIn                  // nobody is signed in: 401
)

var kindNames = [...]string{"internal", "not found", "denied", "invalid", "conflict", "gone", "unavailable", "sign in"}

func (k Kind) String() string { return kindNames[k] }

// Args fill the {placeholders} of a catalogue text. Values are ids, figures and dates, never personal data.
type Args map[string]any

// Error is a fault: a kind, a catalogue key ("promise.no_next_step") and its arguments.
type Error struct {
	Kind   Kind
	Key    string
	Args   Args
	Fields map[string]string // for Invalid: form field -> catalogue key, all wrong fields at once
	Cause  error             // for logs; may be nil
}

func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString(e.Kind.String())
	b.WriteString(": ")
	b.WriteString(e.Key)
	for _, k := range sortedKeys(e.Args) {
		fmt.Fprintf(&b, " %s=%v", k, e.Args[k])
	}
	for _, k := range sortedKeys(e.Fields) {
		fmt.Fprintf(&b, " [%s: %s]", k, e.Fields[k])
	}
	if e.Cause != nil {
		b.WriteString(": ")
		b.WriteString(e.Cause.Error())
	}
	return b.String()
}

// Unwrap gives the cause to errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Cause }

// E makes a fault. A nil args is fine.
func E(kind Kind, key string, args Args) *Error { return &Error{Kind: kind, Key: key, Args: args} }

// Wrap makes an internal fault that names where it happened and keeps the cause. A nil cause gives nil;
// a cause that is a fault already is passed on as it is.
func Wrap(cause error, key string) error {
	if cause == nil {
		return nil
	}
	var f *Error
	if errors.As(cause, &f) {
		return cause
	}
	return &Error{Kind: Internal, Key: key, Cause: cause}
}

// Fields makes an Invalid fault of the wrong fields; nil when the map is empty.
func Fields(fields map[string]string) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "error.invalid", Fields: fields}
}

// Of tells the kind of any error: a plain error is Internal. Of(nil) panics: ask only about errors.
func Of(err error) Kind {
	if err == nil {
		panic("fault.Of(nil)")
	}
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	return Internal
}

// Is tells whether err is a fault of this kind; false for nil.
func Is(err error, kind Kind) bool { return err != nil && Of(err) == kind }

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	sort.Strings(keys)
	return keys
}
