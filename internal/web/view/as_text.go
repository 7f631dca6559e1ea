package view

import "github.com/a-h/templ"

// asText stands in the generated code where templ puts JoinStringErrs, which runs each value through fmt.Sprint. A text
// is taken as it is; anything else goes templ's way.
func asText[T ~string | ~int | ~int64 | ~bool](value T, errs ...error) (string, error) {
	if s, is := any(value).(string); is && len(errs) == 0 {
		return s, nil
	}
	return templ.JoinStringErrs(value, errs...)
}
