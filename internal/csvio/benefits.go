package csvio

import (
	"strconv"
	"strings"

	"polku/internal/fault"
	"polku/internal/hetu"
)

// BenefitRow is one person of a benefit authority's monthly list (48/2026 s. 48).
type BenefitRow struct {
	No                  int // row of the file, from 1
	LastName, FirstName string
	Code                hetu.Code
	Benefit             string // a word of the model's benefits; empty: not known
	Days                int    // paid days in all, this month's included; -1: not told
	MonthDays           int    // this month's; -1: not told
	Municipality        string
	Month               string // as written, e.g. 2026-06
}

// BenefitList is a benefit authority's list as it was read. LeftOut are the rows without an identity code that checks, by
// their number: nobody can be told apart by a name alone.
type BenefitList struct {
	Rows    []BenefitRow
	LeftOut []int
}

// benefitWords tell benefits by how lists write them, folded.
var benefitWords = []struct{ beginning, word string }{
	{"tyomarkkinatu", "labour-market-support"}, {"arbetsmarknadss", "labour-market-support"}, {"peruspaivar", "basic-allowance"}, {"grunddagp", "basic-allowance"},
	{"ansio", "earnings-related"}, {"yleistu", "general-support"}, {"allmant stod", "general-support"}, {"toimeentulo", "social-assistance"}, {"utkomst", "social-assistance"},
}

// ReadBenefits finds the people of a benefit authority's list. The error is an Invalid fault when no sheet is such a list.
func ReadBenefits(b *Book, opt Options) (*BenefitList, error) {
	for i := range b.Sheets {
		if len(b.Sheets[i].Rows) == 0 {
			continue
		}
		t := findTable(&b.Sheets[i], opt)
		if t == nil || !t.has(IdentityCode) {
			continue
		}
		return t.benefits(), nil
	}
	return nil, fault.E(fault.Invalid, "import.benefits.none", nil)
}

func (t *table) benefits() *BenefitList {
	l := &BenefitList{}
	for _, row := range t.rows {
		r := BenefitRow{No: row.No, Days: -1, MonthDays: -1}
		for i, c := range t.cols {
			text := strings.TrimSpace(row.Cell(i).Text)
			head := fold(c.Header)
			switch {
			case c.Meaning == IdentityCode:
				if code, err := hetu.Parse(text); err == nil {
					r.Code = code
				}
			case c.Meaning == LastName:
				r.LastName = titleCase(text)
			case c.Meaning == FirstName:
				r.FirstName = titleCase(text)
			case c.Meaning == Name:
				r.LastName, r.FirstName = splitName(text, false)
			case c.Meaning == Municipality:
				r.Municipality = titleCase(text)
			case hasWord(head, "maksukk", "kuukausi", "manad"):
				r.Month = text
			case hasWord(head, "paivat kk"):
				r.MonthDays = count(text)
			case hasWord(head, "maksetut", "paivat yht"):
				r.Days = count(text)
			case hasWord(head, "etuus", "forman"):
				for _, w := range benefitWords {
					if strings.HasPrefix(fold(text), w.beginning) {
						r.Benefit = w.word
					}
				}
			}
		}
		if r.Code == "" || r.LastName == "" {
			l.LeftOut = append(l.LeftOut, r.No)
			continue
		}
		l.Rows = append(l.Rows, r)
	}
	return l
}

// count reads a whole number of days; -1 when it is none.
func count(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 || n > 100_000 {
		return -1
	}
	return n
}
