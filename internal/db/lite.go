package db

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"zombiezen.com/go/sqlite"

	"polku/internal/civil"
)

// lite is one connection to an embedded file with its prepared statements, so that constant SQL is planned once.
// It calls SQLite without database/sql, whose rows cost several times what SQLite itself takes (doc/performance.md).
// One goroutine at a time.
type lite struct {
	c     *sqlite.Conn
	stmts map[string][]*liteStmt // those that nobody is reading from
}

// liteStmt is a prepared statement; args[i] is the place of parameter i+1 in the caller's list ("$3" is the third).
type liteStmt struct {
	*sqlite.Stmt
	text    string
	args    []int
	columns int
}

// busyWait is how long a statement waits for a lock that another connection holds.
const busyWait = 10 * time.Second

// pragmas of every connection. WAL lets readers go on while one writes; FULL syncs each commit. The file is not mapped into
// memory: nine connections would each count up to the whole of it, and nothing was faster for it (doc/performance.md).
var pragmas = []string{"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)", "cache_size(-16000)", "temp_store(MEMORY)"}

func openLite(file string) (*lite, error) {
	c, err := sqlite.OpenConn(file, sqlite.OpenReadWrite|sqlite.OpenCreate)
	if err != nil {
		return nil, err
	}
	c.SetBusyTimeout(busyWait)
	l := &lite{c: c, stmts: map[string][]*liteStmt{}}
	for _, p := range pragmas {
		if _, err := l.exec("pragma "+p, nil); err != nil {
			return nil, errors.Join(err, c.Close())
		}
	}
	return l, nil
}

func (l *lite) close() error {
	var err error
	for _, free := range l.stmts {
		for _, s := range free {
			err = errors.Join(err, s.Finalize())
		}
	}
	return errors.Join(err, l.c.Close())
}

// take gives a statement with its arguments bound.
func (l *lite) take(text string, args []any) (*liteStmt, error) {
	var s *liteStmt
	if free := l.stmts[text]; len(free) > 0 {
		s = free[len(free)-1]
		l.stmts[text] = free[:len(free)-1]
	} else {
		var err error
		if s, err = l.prepare(text); err != nil {
			return nil, err
		}
	}
	for i, place := range s.args {
		if place >= len(args) {
			l.give(s)
			return nil, fmt.Errorf("%d arguments are too few for: %s", len(args), text)
		}
		if err := s.bind(i+1, args[place]); err != nil {
			l.give(s)
			return nil, err
		}
	}
	return s, nil
}

// give takes a statement back when its rows have been read.
func (l *lite) give(s *liteStmt) error {
	err := s.Reset()
	l.stmts[s.text] = append(l.stmts[s.text], s)
	return err
}

func (l *lite) prepare(text string) (*liteStmt, error) {
	stmt, rest, err := l.c.PrepareTransient(text)
	if err != nil {
		return nil, fmt.Errorf("%w in: %s", err, text)
	}
	if rest > 0 {
		return nil, errors.Join(fmt.Errorf("more than one statement in: %s", text), stmt.Finalize())
	}
	s := &liteStmt{Stmt: stmt, text: text, columns: stmt.ColumnCount()}
	for i := 1; i <= stmt.BindParamCount(); i++ {
		n, err := strconv.Atoi(strings.TrimPrefix(stmt.BindParamName(i), "$"))
		if err != nil || n < 1 {
			return nil, errors.Join(fmt.Errorf("parameter %d is not of the form $1 in: %s", i, text), stmt.Finalize())
		}
		s.args = append(s.args, n-1)
	}
	return s, nil
}

func (s *liteStmt) bind(i int, value any) error {
	switch v := value.(type) {
	case nil:
		s.BindNull(i)
	case string:
		s.BindText(i, v)
	case int64:
		s.BindInt64(i, v)
	case int:
		s.BindInt64(i, int64(v))
	case bool:
		s.BindBool(i, v)
	case []byte:
		if v == nil {
			s.BindNull(i)
		} else {
			s.BindBytes(i, v)
		}
	case float64:
		s.BindFloat(i, v)
	case civil.Date:
		if v.IsZero() {
			s.BindNull(i)
		} else {
			s.BindInt64(i, int64(v))
		}
	default:
		plain, err := driver.DefaultParameterConverter.ConvertValue(value)
		if err != nil {
			return err
		}
		return s.bind(i, plain)
	}
	return nil
}

// exec runs a statement to its end and gives the number of rows that it changed.
func (l *lite) exec(text string, args []any) (int64, error) {
	s, err := l.take(text, args)
	if err != nil {
		return 0, err
	}
	for more := true; more && err == nil; {
		more, err = s.Step()
	}
	n := l.c.Changes()
	if back := l.give(s); err == nil {
		err = back
	}
	if err != nil {
		return 0, fmt.Errorf("%w in: %s", err, text)
	}
	return int64(n), nil
}

func (l *lite) query(text string, args []any) (rows, error) {
	s, err := l.take(text, args)
	if err != nil {
		return nil, err
	}
	return &liteRows{l: l, s: s}, nil
}

// liteRows reads the rows of one statement.
type liteRows struct {
	l   *lite
	s   *liteStmt
	err error
}

func (r *liteRows) Next() bool {
	if r.err != nil {
		return false
	}
	more, err := r.s.Step()
	if err != nil {
		r.err = fmt.Errorf("%w in: %s", err, r.s.text)
	}
	return more && err == nil
}

func (r *liteRows) Err() error { return r.err }

func (r *liteRows) Close() {
	if r.s == nil {
		return
	}
	if err := r.l.give(r.s); r.err == nil {
		r.err = err
	}
	r.s = nil
}

// Scan reads the columns of a row into pointers. A missing value (null) leaves zero in texts, figures and days.
func (r *liteRows) Scan(dest ...any) error {
	if len(dest) != r.s.columns {
		return fmt.Errorf("%d columns read into %d variables in: %s", r.s.columns, len(dest), r.s.text)
	}
	for i, d := range dest {
		if err := r.column(i, d); err != nil {
			return err
		}
	}
	return nil
}

func (r *liteRows) column(i int, dest any) error {
	s := r.s
	switch d := dest.(type) {
	case *string:
		*d = s.ColumnText(i)
	case *int64:
		*d = s.ColumnInt64(i)
	case *int:
		*d = s.ColumnInt(i)
	case *bool:
		*d = s.ColumnBool(i)
	case *civil.Date:
		*d = civil.Date(s.ColumnInt64(i))
	case *[]byte:
		*d = r.bytes(i)
	case *float64:
		*d = s.ColumnFloat(i)
	case sql.Scanner:
		return d.Scan(r.value(i))
	case *any:
		*d = r.value(i)
	default:
		v := reflect.ValueOf(dest)
		if v.Kind() != reflect.Pointer {
			return fmt.Errorf("column %d is read into %T, which is no pointer", i+1, dest)
		}
		switch v = v.Elem(); v.Kind() {
		case reflect.String:
			v.SetString(s.ColumnText(i))
		case reflect.Int, reflect.Int64:
			v.SetInt(s.ColumnInt64(i))
		case reflect.Bool:
			v.SetBool(s.ColumnBool(i))
		case reflect.Pointer: // nil stands for a missing value
			v.SetZero()
			if !s.ColumnIsNull(i) {
				v.Set(reflect.New(v.Type().Elem()))
				return r.column(i, v.Interface())
			}
		default:
			return fmt.Errorf("column %d cannot be read into %T", i+1, dest)
		}
	}
	return nil
}

func (r *liteRows) bytes(i int) []byte {
	if r.s.ColumnIsNull(i) {
		return nil
	}
	b := make([]byte, r.s.ColumnLen(i))
	r.s.ColumnBytes(i, b)
	return b
}

// value reads a column as what it is.
func (r *liteRows) value(i int) any {
	switch r.s.ColumnType(i) {
	case sqlite.TypeInteger:
		return r.s.ColumnInt64(i)
	case sqlite.TypeFloat:
		return r.s.ColumnFloat(i)
	case sqlite.TypeText:
		return r.s.ColumnText(i)
	case sqlite.TypeBlob:
		return r.bytes(i)
	}
	return nil
}
