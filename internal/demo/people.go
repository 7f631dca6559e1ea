package demo

import (
	"fmt"
	"strconv"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/hetu"
	"polku/internal/ident"
)

// person is a made-up human being.
type person struct {
	first, last, lang string
	born              civil.Date
	code              hetu.Code // empty: none known
	ban               bool
}

// people makes persons and sees that no two have the same identity code.
type people struct {
	w    *words
	used map[string]bool   // identity codes given
	made map[string]person // by service and number
}

// person gives a service's i-th client as a human being: young ones for outreach youth work.
func (p *people) person(seed uint64, s *service, i int, today civil.Date) person {
	name := fmt.Sprintf("%s/%d", s.ID, i)
	if same, ok := p.made[fmt.Sprintf("%s/%d", s.Shares, i)]; ok && i%9 == 4 {
		return same
	}
	r := newDice(seed, "person/"+name)
	n := p.names(r)
	who := person{lang: n.Lang, last: pick(r, n.Last)}
	woman := r.chance(48)
	if woman {
		who.first = pick(r, n.Women)
	} else {
		who.first = pick(r, n.Men)
	}
	if woman && n.Lang == "ru" {
		who.last += "a"
	}
	youngest, oldest := 23, 62
	if s.Young {
		youngest, oldest = 16, 27
	}
	who.born = today.AddMonths(-12*r.between(youngest, oldest)) - r.days(0, 364)
	who.ban = r.chance(2)
	if r.chance(96) {
		who.code = p.code(r, who.born, woman)
	}
	p.made[name] = who
	return who
}

func (p *people) names(r *dice) names {
	roll := r.IntN(100)
	for _, n := range p.w.names {
		if roll -= n.Share; roll < 0 {
			return n
		}
	}
	return p.w.names[0]
}

// code gives an identity code that nobody has: individual numbers 900–999 are never given to a person.
func (p *people) code(r *dice, born civil.Date, woman bool) hetu.Code {
	sign := byte('-')
	if born.Year() >= 2000 {
		sign = 'A'
	}
	individual := 900 + 2*r.IntN(50)
	if !woman {
		individual++
	}
	for range 50 {
		code, err := hetu.Make(born, sign, individual)
		if err == nil && !p.used[string(code)] {
			p.used[string(code)] = true
			return code
		}
		individual = 900 + (individual-900+2)%100
	}
	return ""
}

// client gives what a service's client is made of.
func (who person) client(w *words, seed uint64, s *service, i int) client.New {
	r := newDice(seed, fmt.Sprintf("client/%s/%d", s.ID, i))
	n := client.New{ID: ident.Of("demo", strconv.FormatUint(seed, 10), "client", s.ID, strconv.Itoa(i)), Register: s.Register,
		LastName: who.last, FirstName: who.first, Code: who.code, Born: who.born, Lang: who.lang, Municipality: s.Town, SafetyBan: who.ban}
	// Subscriber numbers that begin with 000 look right and ring nowhere.
	n.Phone = "+358" + pick(r, []string{"40", "44", "45", "46", "50"}) + fmt.Sprintf("000%04d", r.IntN(10000))
	if r.chance(40) {
		n.Number = strconv.Itoa(1000 + i)
	}
	n.Address = pick(r, w.list("fi", "street")) + " " + strconv.Itoa(r.between(1, 60)) + pick(r, []string{"", " A 4", " B 12", " as. 2"})
	if key := "interpreter_" + who.lang; w.has(key) && r.chance(60) {
		n.Note = w.list("fi", key)[0]
	}
	return n
}
