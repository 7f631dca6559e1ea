package csvio

import (
	"errors"
	"math"
	"net/mail"
	"strings"
	"unicode"

	"polku/internal/civil"
	"polku/internal/fault"
	"polku/internal/hetu"
	"polku/internal/phone"
)

// clientReader fills one row.
type clientReader struct {
	t   *table
	row Row
	out ClientRow
	// for two passes: a date in the code's column, a birthday in the notes
	birthdayTold bool
	address      []string
}

func (c *clientReader) problem(level Level, col int, key string, args fault.Args) {
	p := Problem{Level: level, Sheet: c.out.Sheet, Row: c.out.Row, Col: col, Key: key, Args: args}
	if col >= 0 && col < len(c.t.cols) {
		p.Field = c.t.cols[col].Meaning
	}
	c.out.Problems = append(c.out.Problems, p)
}

// client reads one row of a list of people.
func (t *table) client(r Row, firstFirst bool) ClientRow {
	c := &clientReader{t: t, row: r}
	c.out = ClientRow{Sheet: t.sheet.Name, Row: r.No, DuplicateOf: -1, Raw: raw(r), Mended: t.opt.mended(t.sheet.Name, r.No)}
	for i := range t.cols {
		cell := t.cell(r, i)
		if cell.Text == "" {
			continue
		}
		if cell.Formula {
			c.problem(Remark, i, "import.cell.formula", fault.Args{"column": ColumnName(i)})
		}
		c.ban(i, cell)
		c.field(i, cell, firstFirst)
	}
	c.finish()
	return c.out
}

func (c *clientReader) field(i int, cell Cell, firstFirst bool) {
	out, col, text := &c.out, &c.t.cols[i], oneLine(cell.Text)
	switch col.Meaning {
	case Ignore, SafetyBanField:
	case Number:
		out.No = text
	case Name:
		name, aside := aside(text)
		c.addNote(aside)
		out.LastName, out.FirstNames = splitName(name, firstFirst)
	case LastName:
		name, aside := aside(text)
		c.addNote(aside)
		out.LastName = titleCase(name)
	case FirstName:
		name, aside := aside(text)
		c.addNote(aside)
		out.FirstNames = titleCase(name)
	case IdentityCode:
		c.code(i, cell)
	case Birthday:
		c.birthday(i, cell)
	case Phone:
		c.phone(i, text)
	case Email:
		c.email(i, text)
	case Language:
		out.LanguageText = text
		if out.Language = languageOf(text); out.Language == "" {
			c.problem(Ask, i, "import.ask.language", nil)
		}
	case Municipality:
		out.Municipality = titleCase(text)
	case Address, PostalCode:
		c.address = append(c.address, text)
	case Start:
		out.Start = c.day(i, cell)
	case End:
		out.End = c.end(i, cell)
	case Period:
		c.period(i, text)
	case PhaseStart:
		if d := c.day(i, cell); !d.IsZero() {
			out.Phases = append(out.Phases, PhaseDay{phaseOf(col.Header), d})
		}
	case ExitReason:
		out.ExitText = text
	case WorkerField:
		out.Worker, out.OtherWorkers = splitWorkers(text)
	case Source:
		out.SourceText = text
		if out.Source = sources.find(text); out.Source == "" {
			c.problem(Ask, i, "import.ask.source", nil)
		}
	case DaysPerWeek:
		c.daysPerWeek(i, cell)
	case ModeField:
		if out.Mode = modeOf(text); out.Mode == "" {
			c.problem(Ask, i, "import.ask.mode", nil)
			out.Extra = append(out.Extra, Extra{col.Header, text})
		}
	case PositionBefore:
		out.PositionBeforeText, out.PositionBefore = text, positionOf(text)
		if out.PositionBefore == "" {
			c.problem(Ask, i, "import.ask.position", nil)
		}
	case PositionAfter:
		out.PositionAfterText, out.PositionAfter = text, positionOf(text)
		if out.PositionAfter == "" {
			c.problem(Ask, i, "import.ask.position", nil)
		}
	case Notes:
		c.addNote(cell.Text)
	default:
		header := col.Header
		if header == "" {
			header = ColumnName(i)
		}
		out.Extra = append(out.Extra, Extra{header, cell.Text})
	}
}

func oneLine(s string) string { return strings.ReplaceAll(s, "\n", " ") }

// aside parts what stands in brackets after a name.
func aside(s string) (name, in string) {
	a, b, ok := strings.Cut(s, "(")
	if !ok {
		return s, ""
	}
	return strings.TrimSpace(a), strings.TrimSpace(strings.Replace(b, ")", "", 1))
}

func (c *clientReader) addNote(s string) {
	if s == "" {
		return
	}
	if c.out.Notes != "" {
		c.out.Notes += "\n"
	}
	c.out.Notes += s
}

func (c *clientReader) code(i int, cell Cell) {
	if dashOnly(cell.Text) {
		return
	}
	code, err := hetu.Parse(cell.Text)
	if err == nil {
		c.out.Code = code
		return
	}
	if d, form := readDay(cell, c.t.opt.hints(true)); form.sure() && form != FormSerial {
		c.out.Birthday, c.birthdayTold = d, true
		c.problem(Ask, i, "import.ask.code_is_birthday", fault.Args{"day": d})
		return
	}
	if hasWord(fold(cell.Text), "puuttu", "ei", "tulossa", "saknas", "missing", "none") && len(cell.Text) < 40 {
		return // said in words that there is none: finish tells it
	}
	var f *fault.Error
	errors.As(err, &f)
	c.out.wrongCode = hetu.Clean(cell.Text)
	c.problem(Ask, i, f.Key, f.Args)
	c.problem(Ask, i, "import.ask.temporary_id", nil)
	if d := hetu.BirthdayOf(cell.Text); !d.IsZero() && c.out.Birthday.IsZero() {
		c.out.Birthday = d
		c.problem(Ask, i, "import.ask.birthday_from_wrong_code", fault.Args{"day": d})
	}
}

func dashOnly(s string) bool { return strings.Trim(s, "-–—?. x") == "" }

func (c *clientReader) birthday(i int, cell Cell) {
	if dashOnly(cell.Text) {
		return
	}
	if code, err := hetu.Parse(cell.Text); err == nil && c.out.Code == "" { // a whole code in the birthday's column
		c.out.Code = code
		return
	}
	d, form := readDay(cell, c.t.opt.hints(true))
	c.t.cols[i].note(form)
	if d.IsZero() || !form.sure() && form != FormAmbiguous && form != FormUS {
		c.problem(Ask, i, "import.ask.birthday", nil)
		return
	}
	if !form.sure() {
		c.problem(Ask, i, "import.ask.day_order", fault.Args{"day": d})
	}
	c.out.Birthday, c.birthdayTold = d, true
}

func (c *clientReader) phone(i int, text string) {
	if dashOnly(text) {
		return
	}
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == '/' })
	if _, whole := phone.Parse(text); whole || len(parts) == 0 {
		parts = []string{text}
	}
	for _, part := range parts {
		part = strings.TrimSpace(part)
		n, ok := phone.Parse(part)
		switch {
		case ok && c.out.Phone == "":
			c.out.Phone, c.out.PhoneText = n, part
		case ok && n == c.out.Phone:
		case c.out.PhoneText == "" && !ok:
			c.out.PhoneText = part
			c.problem(Ask, i, "import.ask.phone", nil)
		default:
			c.out.OtherPhones = append(c.out.OtherPhones, part)
		}
	}
}

// email keeps what can be an address. Letters beyond ASCII before the @ are lawful (RFC 6531) but not every mail server takes them.
func (c *clientReader) email(i int, text string) {
	if dashOnly(text) {
		return
	}
	text = strings.TrimPrefix(text, "mailto:")
	addr, err := mail.ParseAddress(text)
	at := strings.LastIndexByte(text, '@')
	if err != nil || at < 1 || !strings.Contains(text[at:], ".") || strings.ContainsAny(text, " ,;") || strings.HasSuffix(text, ".") {
		c.problem(Ask, i, "import.ask.email", nil)
		c.out.Extra = append(c.out.Extra, Extra{c.t.cols[i].Header, text})
		return
	}
	c.out.Email = addr.Address
	if strings.IndexFunc(addr.Address, func(r rune) bool { return r > unicode.MaxASCII }) >= 0 {
		c.problem(Remark, i, "import.remark.email_letters", nil)
	}
}

// day reads a day and asks where something was left open.
func (c *clientReader) day(i int, cell Cell) civil.Date {
	if dashOnly(cell.Text) {
		return 0
	}
	d, form := readDay(cell, c.t.opt.hints(false))
	c.t.cols[i].note(form)
	key := ""
	switch form {
	case FormNone, FormNoYear:
		key = "import.ask.day"
		d = 0
	case FormNotADay:
		key = "import.ask.impossible_day"
	case FormMonth, FormWeek, FormYear:
		key = "import.ask.day_proposed"
	case FormRough:
		key = "import.ask.day_rough"
	case FormAmbiguous, FormUS:
		key = "import.ask.day_order"
	case FormSerial:
		c.problem(Remark, i, "import.remark.serial", fault.Args{"day": d})
	}
	if key != "" {
		c.problem(Ask, i, key, fault.Args{"day": d, "column": c.t.cols[i].Header})
	}
	if key == "import.ask.day" || key == "import.ask.impossible_day" {
		c.out.Extra = append(c.out.Extra, Extra{c.t.cols[i].Header, cell.Text})
	}
	return d
}

// end reads the last day; "jatkuu", "toistaiseksi" mean that there is none.
func (c *clientReader) end(i int, cell Cell) civil.Date {
	if hasWord(fold(cell.Text), "jatku", "toistais", "kesken", "voimassa", "fortsatt", "pagar", "tills vidare", "ongoing", "continu", "open", "until further") {
		return 0
	}
	return c.day(i, cell)
}

// period reads "1.3.2016–31.5.2016".
func (c *clientReader) period(i int, text string) {
	t := tokens(text)
	var days []civil.Date
	for j := 0; j+4 < len(t); j++ {
		if d, form, n := numericDay(t[j:], c.t.opt.hints(false)); form == FormDots || form == FormISO {
			days = append(days, d)
			j += n - 1
		}
	}
	switch len(days) {
	case 0:
		c.problem(Ask, i, "import.ask.day", fault.Args{"column": c.t.cols[i].Header})
		c.out.Extra = append(c.out.Extra, Extra{c.t.cols[i].Header, text})
	case 1:
		c.out.Start = days[0]
	default:
		c.out.Start, c.out.End = days[0], days[1]
	}
}

func (c *clientReader) daysPerWeek(i int, cell Cell) {
	if dashOnly(cell.Text) {
		return
	}
	digits := strings.TrimSpace(strings.TrimRight(strings.ToLower(cell.Text), "abcdefghijklmnopqrstuvwxyzåäö/. "))
	v, ok := readNumber(Cell{Text: digits, Value: cell.Value, Number: cell.Number})
	if !ok || v < 1 || v > 7 || v != math.Trunc(v) {
		c.problem(Ask, i, "import.ask.days_per_week", nil)
		c.out.Extra = append(c.out.Extra, Extra{c.t.cols[i].Header, cell.Text})
		return
	}
	c.out.DaysPerWeek = int(v)
	if v > 4 {
		c.problem(Remark, i, "import.remark.days_per_week", fault.Args{"n": int(v)})
	}
}
