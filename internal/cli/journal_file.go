package cli

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"polku/internal/entry"
	"polku/internal/fault"
)

// maxWrongLines is how many wrong lines of a journal file are told one by one.
const maxWrongLines = 20

// readJournal reads a journal file of one entry a line, "-" for the standard input. It tells every wrong line with
// its number and how to mend it; then the answer is Exit(1). The same line twice counts once.
func readJournal(env *Env, file string) ([]entry.Entry, error) {
	in := env.In
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			fmt.Fprintln(env.Err, env.Lang.T("journal_file.unreadable", "file", file))
			return nil, Exit(2)
		}
		defer f.Close()
		in = f
	}
	j := journalFile{env: env, file: file, seen: map[string]seenLine{}}
	if err := j.read(in); err != nil {
		return nil, err
	}
	if j.wrong > maxWrongLines {
		fmt.Fprintln(env.Err, env.Lang.T("journal_file.more", "n", j.wrong-maxWrongLines))
	}
	if j.wrong > 0 {
		return nil, Exit(1)
	}
	if len(j.entries) == 0 {
		fmt.Fprintln(env.Err, env.Lang.T("journal_file.empty", "file", file))
		return nil, Exit(1)
	}
	return j.entries, nil
}

type journalFile struct {
	env     *Env
	file    string
	entries []entry.Entry
	seen    map[string]seenLine
	wrong   int
}

type seenLine struct {
	line int
	text string
}

func (j *journalFile) read(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), 1<<20)
	n := 0
	for lines.Scan() {
		n++
		if text := bytes.TrimSpace(lines.Bytes()); len(text) > 0 && text[0] != '#' {
			j.take(n, text)
		}
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		j.say("journal_file.too_long", n+1)
	case err != nil:
		fmt.Fprintln(j.env.Err, j.env.Lang.T("journal_file.unreadable", "file", j.file))
		return Exit(2)
	}
	return nil
}

func (j *journalFile) take(n int, text []byte) {
	var e entry.Entry
	if err := json.Unmarshal(text, &e); err != nil {
		j.say("journal_file.bad_line", n, "detail", j.detail(err))
		return
	}
	if before, twice := j.seen[e.ID]; twice {
		if before.text != string(text) {
			j.say("journal_file.conflict", n, "id", e.ID, "other", before.line)
		}
		return
	}
	j.seen[e.ID] = seenLine{n, string(text)}
	j.entries = append(j.entries, e)
}

// detail tells what is wrong with a line.
func (j *journalFile) detail(err error) string {
	var f *fault.Error
	var syntax *json.SyntaxError
	var typ *json.UnmarshalTypeError
	text := ""
	if errors.As(err, &f) {
		text = j.env.Lang.Map(f.Key, f.Args)
	}
	switch {
	case errors.As(err, &typ):
		text = strings.TrimSpace(text + " " + j.env.Lang.T("journal_file.wrong_type", "field", typ.Field))
	case errors.As(err, &syntax):
		text = j.env.Lang.T("journal_file.not_json", "n", syntax.Offset)
	}
	return cmp.Or(text, err.Error())
}

func (j *journalFile) say(key string, line int, args ...any) {
	if j.wrong++; j.wrong <= maxWrongLines {
		fmt.Fprintln(j.env.Err, j.env.Lang.T(key, append(args, "file", j.file, "line", line)...))
	}
}
