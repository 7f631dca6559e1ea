package csvio

import (
	"polku/internal/civil"
	"polku/internal/fault"
)

// Reasons why a row is the same person as an earlier one.
const (
	DupCode     = "import.dup.code"     // same identity code, in any case or spacing
	DupWrong    = "import.dup.wrong"    // same code that does not check, and same name
	DupNumber   = "import.dup.number"   // same client number and name
	DupPhone    = "import.dup.phone"    // same name and phone, in another spelling
	DupBirthday = "import.dup.birthday" // same name and birthday
	DupEmail    = "import.dup.email"    // same name and e-mail
)

// findDuplicates marks rows of a person who stands in an earlier row. Nothing is lost: the earlier row takes from
// the later one what it lacks itself, and always the safety ban.
func (l *ClientList) findDuplicates() {
	seen := map[string]int{} // key -> first row
	for i := range l.Rows {
		r := &l.Rows[i]
		first, why := -1, ""
		for _, k := range duplicateKeys(r) {
			j, ok := seen[k.key]
			if !ok {
				continue
			}
			// two different valid codes are two people, whatever else agrees
			if l.Rows[j].Code != "" && r.Code != "" && l.Rows[j].Code != r.Code {
				continue
			}
			first, why = j, k.why
			break
		}
		if first < 0 {
			for _, k := range duplicateKeys(r) {
				if _, ok := seen[k.key]; !ok {
					seen[k.key] = i
				}
			}
			continue
		}
		l.join(first, i, why)
		for _, k := range duplicateKeys(r) { // the later spelling may tie a third row
			if _, ok := seen[k.key]; !ok {
				seen[k.key] = first
			}
		}
	}
	l.askSameNames()
}

type duplicateKey struct{ key, why string }

func duplicateKeys(r *ClientRow) []duplicateKey {
	var keys []duplicateKey
	name := fold(r.LastName) + "|" + fold(r.FirstNames)
	if r.Code != "" {
		keys = append(keys, duplicateKey{"c" + string(r.Code), DupCode})
	}
	if name == "|" {
		return keys
	}
	if r.wrongCode != "" {
		keys = append(keys, duplicateKey{"w" + r.wrongCode + "|" + name, DupWrong})
	}
	if r.No != "" {
		keys = append(keys, duplicateKey{"n" + fold(r.No) + "|" + name, DupNumber})
	}
	if r.Phone != "" {
		keys = append(keys, duplicateKey{"p" + string(r.Phone) + "|" + name, DupPhone})
	}
	if !r.Birthday.IsZero() {
		keys = append(keys, duplicateKey{"b" + r.Birthday.String() + "|" + name, DupBirthday})
	}
	if r.Email != "" {
		keys = append(keys, duplicateKey{"e" + fold(r.Email) + "|" + name, DupEmail})
	}
	return keys
}

// join makes row i a duplicate of row j.
func (l *ClientList) join(j, i int, why string) {
	first, r := &l.Rows[j], &l.Rows[i]
	r.DuplicateOf, r.DuplicateWhy = j, why
	if fold(first.LastName+first.FirstNames) != fold(r.LastName+r.FirstNames) {
		r.Problems = append(r.Problems, Problem{Level: Ask, Sheet: r.Sheet, Row: r.Row, Col: -1, Field: Name, Key: "import.ask.code_twice", Args: fault.Args{"row": first.Row}})
	}
	var filled []Meaning
	text := func(field Meaning, to *string, from string) {
		switch {
		case from == "":
		case *to == "":
			*to = from
			filled = append(filled, field)
		case fold(*to) != fold(from):
			r.Differs = append(r.Differs, "import.field."+string(field))
		}
	}
	day := func(field Meaning, to *civil.Date, from civil.Date) {
		switch {
		case from.IsZero():
		case to.IsZero():
			*to = from
			filled = append(filled, field)
		case *to != from:
			r.Differs = append(r.Differs, "import.field."+string(field))
		}
	}
	if first.Code == "" && r.Code != "" {
		first.Code = r.Code
		filled = append(filled, IdentityCode)
	}
	if first.Phone == "" && r.Phone != "" {
		first.Phone, first.PhoneText = r.Phone, r.PhoneText
		filled = append(filled, Phone)
	} else if r.Phone != "" && first.Phone != r.Phone {
		first.OtherPhones = append(first.OtherPhones, r.PhoneText)
		r.Differs = append(r.Differs, "import.field.phone")
	}
	day(Birthday, &first.Birthday, r.Birthday)
	text(Email, &first.Email, r.Email)
	text(Language, &first.Language, r.Language)
	text(Municipality, &first.Municipality, r.Municipality)
	text(Address, &first.Address, r.Address)
	text(WorkerField, &first.Worker, r.Worker)
	text(Source, &first.Source, r.Source)
	if fold(first.Notes) != fold(r.Notes) && r.Notes != "" {
		if first.Notes != "" {
			first.Notes += "\n"
		}
		first.Notes += r.Notes
		filled = append(filled, Notes)
	}
	if another(first, r) {
		r.Problems = append(r.Problems, Problem{Level: Ask, Sheet: r.Sheet, Row: r.Row, Col: -1, Field: Start, Key: "import.ask.another_period",
			Args: fault.Args{"row": first.Row, "start": r.Start}})
	} else {
		day(Start, &first.Start, r.Start)
		day(End, &first.End, r.End)
		text(ExitReason, &first.ExitTo, r.ExitTo)
	}
	if r.SafetyBan && !first.SafetyBan {
		first.SafetyBan, first.BanWhere = true, r.BanWhere
		first.Problems = append(first.Problems, Problem{Level: Remark, Sheet: first.Sheet, Row: first.Row, Col: -1, Field: SafetyBanField,
			Key: "import.remark.ban_from_duplicate", Args: fault.Args{"row": r.Row}})
	}
	if len(filled) > 0 {
		first.Problems = append(first.Problems, Problem{Level: Remark, Sheet: first.Sheet, Row: first.Row, Col: -1, Key: "import.remark.filled",
			Args: fault.Args{"row": r.Row, "fields": filled}})
	}
	if len(r.Differs) > 0 {
		r.Problems = append(r.Problems, Problem{Level: Ask, Sheet: r.Sheet, Row: r.Row, Col: -1, Key: "import.ask.duplicate_differs",
			Args: fault.Args{"row": first.Row, "fields": meanings(r.Differs)}})
	}
}

func meanings(keys []string) []Meaning {
	out := make([]Meaning, len(keys))
	for i, k := range keys {
		out[i] = Meaning(k[len("import.field."):])
	}
	return out
}

// another tells whether the later row is another period of the same person: it began after the first one ended.
func another(first, r *ClientRow) bool {
	return !first.Start.IsZero() && !r.Start.IsZero() && first.Start != r.Start &&
		(!first.End.IsZero() && r.Start >= first.End || !r.End.IsZero() && first.Start >= r.End)
}

// askSameNames asks about people who share a name and nothing that would tell them apart.
func (l *ClientList) askSameNames() {
	byName := map[string]int{}
	for i := range l.Rows {
		r := &l.Rows[i]
		if r.DuplicateOf >= 0 || r.LastName == "" {
			continue
		}
		k := fold(r.LastName) + "|" + fold(r.FirstNames)
		j, ok := byName[k]
		if !ok {
			byName[k] = i
			continue
		}
		if o := &l.Rows[j]; o.Code == "" || r.Code == "" {
			if !o.Birthday.IsZero() && !r.Birthday.IsZero() && o.Birthday != r.Birthday {
				continue
			}
			r.Problems = append(r.Problems, Problem{Level: Ask, Sheet: r.Sheet, Row: r.Row, Col: -1, Field: Name, Key: "import.ask.same_name", Args: fault.Args{"row": o.Row}})
		}
	}
}
