// Package bench owns the measuring of Polku: a data set that is a pure function of a seed, and the runs whose figures
// stand in doc/performance.md.
package bench

import (
	"encoding/hex"
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/entry"
	"polku/internal/hetu"
	"polku/internal/path"
)

// The shape of the data set. At 100 000 clients: about 1.0 million contacts, 209 000 assessments, 120 000 paths, of which
// 10 000 are open, exactly 40 with each of 250 workers.
const (
	openEvery   = 10  // one client in so many has an open path
	twiceEvery  = 5   // one in so many has two paths
	longEvery   = 167 // one in so many has a long history
	caseload    = 40  // open paths of a worker
	contactMean = 5.7
	longLeast   = 200
	longMost    = 2000
)

// Workers gives how many workers a data set of so many clients has.
func Workers(clients int) int { return max(1, clients/openEvery/caseload) }

// set makes the data of clients.
type set struct {
	seed    uint64
	clients int
	today   civil.Date
	zone    *time.Location
	first   []string // names by rank
	last    []string
}

func newSet(seed uint64, clients int, today civil.Date, zone *time.Location) *set {
	s := &set{seed: seed, clients: clients, today: today, zone: zone}
	r := rand.New(rand.NewPCG(seed, 0))
	s.first, s.last = nameList(r, 2000, 2), nameList(r, 20000, 3)
	return s
}

var syllables = strings.Fields(`ka ki ko ku ky kä la le li lo lu ma me mi mo mu mä na ni no nu pa pe pi po pu ra re ri ro ru sa se si so su ta te ti
	to tu tä va ve vi vo hei jaa kuu mää nie pää rau sau tuo väi län mus kan len vir pel nen las jär`)

// nameList makes n different names of at least so many syllables.
func nameList(r *rand.Rand, n, least int) []string {
	known := map[string]bool{}
	var all []string
	for len(all) < n {
		name := ""
		for range least + r.IntN(2) {
			name += syllables[r.IntN(len(syllables))]
		}
		if !known[name] {
			known[name] = true
			all = append(all, strings.ToUpper(name[:1])+name[1:])
		}
	}
	return all
}

// pickName picks by rank: few names are frequent, many rare.
func pickName(r *rand.Rand, names []string) string {
	return names[int(float64(len(names))*math.Pow(r.Float64(), 2.2))]
}

// story is a client with their paths, oldest first.
type story struct {
	client client.New
	paths  []journey
}

type journey struct {
	start path.Start
	more  []entry.Entry
}

// ids grow with the client and the entry, as those of UUIDv7 do with time.
func id(kind byte, i, n int) string {
	var b [16]byte
	v := uint64(i)<<16 | uint64(n)
	for k := range 8 {
		b[k] = byte(v >> (56 - 8*k))
	}
	b[6] = b[6]&0x0f | 0x80 // version 8, made by the application: what stood there is repeated below
	b[8], b[9] = 0x80, kind
	b[10], b[11] = byte(v>>8), byte(v)
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

// WorkerID of the k-th worker, from 0.
func WorkerID(k int) string { return "bench-worker-" + strconv.Itoa(k) }

// ClientID of the i-th client, from 0.
func ClientID(i int) string { return id('c', i, 0) }

// PathID of the i-th client's newest path.
func PathID(i int) string { return id('p', i, 0) }

// Long tells whether the i-th client has a long history.
func Long(i int) bool { return i%longEvery == 0 }

// Open tells whether the i-th client has an open path, and whose it is.
func Open(i, clients int) (worker int, open bool) {
	return i / openEvery % Workers(clients), i%openEvery == 0
}

// story gives the i-th client: a pure function of the seed and i (and the number of workers).
func (s *set) story(i int) story {
	r := rand.New(rand.NewPCG(s.seed, uint64(i)+1))
	born := civil.New(1955, 1, 1) + civil.Date(i%19000)
	sign := byte('-')
	if born.Year() >= 2000 {
		sign = 'A'
	}
	code, err := hetu.Make(born, sign, 900+i/19000%100)
	if err != nil {
		code = "" // cannot be: every day has 100 numbers that nobody is given
	}
	st := story{client: client.New{ID: ClientID(i), Register: register, FirstName: pickName(r, s.first), LastName: pickName(r, s.last), Code: code,
		Phone: fmt.Sprintf("+35850%07d", i), Municipality: "Testilä", Lang: "fi"}}
	contacts := int(math.Round(r.ExpFloat64() * contactMean))
	if Long(i) {
		contacts = int(longLeast * math.Pow(longMost/longLeast, r.Float64()))
	}
	worker, open := Open(i, s.clients)
	end := s.today - 1
	if !open {
		end -= civil.Date(30 + r.IntN(1400))
		worker = r.IntN(Workers(s.clients))
	}
	if i%twiceEvery == 3 {
		half := contacts * 3 / 5
		earlier := r.IntN(Workers(s.clients))
		first := s.journey(r, i, 1, earlier, half, end-civil.Date(500+r.IntN(300)), false)
		st.paths = append(st.paths, first)
		contacts -= half
	}
	st.paths = append(st.paths, s.journey(r, i, 0, worker, contacts, end, open))
	for k := range st.paths {
		st.paths[k].start.Client = st.client.ID
	}
	return st
}

// journey makes a path that ends on a day, or goes on.
func (s *set) journey(r *rand.Rand, i, nth, worker, contacts int, end civil.Date, open bool) journey {
	phase := r.IntN(len(phases))
	days := 20 + r.IntN(60*(phase+1))
	if contacts > 60 {
		days = contacts * 2 / 3
	}
	start := end - civil.Date(days)
	n := nth * 30000 // entries of the second path have ids of their own
	author := WorkerID(worker)
	var list []entry.Entry
	add := func(day civil.Date, minute, minutes int, mode entry.Mode, body entry.Body) *entry.Entry {
		n++
		list = append(list, entry.Entry{ID: id('e', i, n), Day: day, Minute: minute, Minutes: minutes, Mode: mode, Kind: body.Kind(),
			Author: author, RecordedAt: s.instant(day, minute+minutes+10, n), Body: body})
		return &list[len(list)-1]
	}
	for k := range contacts {
		day := start + 1 + civil.Date(k*max(1, days-1)/max(1, contacts))
		if open && k == contacts-1 {
			day = s.today - 1 - civil.Date(r.IntN(12))
		}
		s.contact(r, max(start, min(day, end)), add)
	}
	score := 20 + 60*r.Float64()
	for k := range assessments(r) {
		add(start+civil.Date(min(days, 5+k*90)), -1, 0, "", &entry.Measure{Instrument: "work-ability-now", Version: "1", When: whenOf(k),
			Values: map[string]float64{"score": math.Round(min(100, max(0, score)))}})
		score += 3 + 8*r.NormFloat64()
	}
	j := journey{start: path.Start{ID: id('p', i, nth), Service: serviceID(worker % templates), Day: start, Source: "self", Phase: phases[phase].id,
		Responsible: author, Author: author, RecordedAt: s.instant(start, 480, 0)}}
	if open {
		t := &entry.Task{What: steps[r.IntN(len(steps))], Owner: entry.ByWorker, By: s.today + civil.Date(r.IntN(24)-2), From: entry.FromNextStep}
		if r.IntN(2) == 0 {
			t.Minute = 60*(8+r.IntN(8)) + 30*r.IntN(2)
		}
		e := add(end, -1, 0, "", t)
		t.Task = e.ID
	} else {
		add(end, 900, 0, "", &entry.Exit{Step: entry.ExitDone, To: exits[r.IntN(len(exits))]})
	}
	j.more = list
	return j
}

var (
	exits = []string{"open-work", "education", "withdrew", "moved"}
	steps = []string{"Tapaaminen", "Soitto", "Suunnitelman tarkistus", "Mukaan Kelaan", "Hakemus valmiiksi"}
	notes = strings.Fields(`tavattiin ja puhuttiin arjesta viikosta työstä perheestä unesta voinnista suunnitelma eteni hyvin sovittiin seuraava aika
		hakemus lähti kävi ryhmässä jaksaminen parempi kuin viimeksi toiveena kurssi lääkäri kotona kaikki ennallaan soitan uudelleen ensi viikolla`)
)

// contact adds a contact: phone 35, meeting 30, message 15, visit 10, group 10 per cent; held 78, missed 12, called off 10.
func (s *set) contact(r *rand.Rand, day civil.Date, add func(civil.Date, int, int, entry.Mode, entry.Body) *entry.Entry) {
	result, outcome := entry.Held, r.IntN(100)
	switch {
	case outcome >= 90:
		result = entry.Cancelled
	case outcome >= 78:
		result = entry.NoShow
	}
	text := note(r)
	minute, minutes := 480+r.IntN(480), 15*(1+r.IntN(6))
	form, mode := entry.FormCall, entry.Phone
	switch roll := r.IntN(100); {
	case roll < 35:
		if result == entry.NoShow {
			result = entry.NoAnswer
		}
	case roll < 65:
		form, mode = entry.FormMeeting, entry.OnSite
	case roll < 80:
		form, mode, minutes = entry.FormMessage, entry.Text, 5
	case roll < 90:
		form, mode = entry.FormVisit, entry.OnSite
	default:
		switch result {
		case entry.Held:
			add(day, 540, 240, entry.OnSite, &entry.Attendance{Group: "Ryhmä", Text: text})
		case entry.Cancelled:
			add(day, 540, 0, "", &entry.Absence{Reason: entry.ByOrganiser, Group: "Ryhmä", Text: text})
		default:
			add(day, 540, 0, "", &entry.Absence{Reason: entry.Sick, Group: "Ryhmä", Text: text})
		}
		return
	}
	if result != entry.Held {
		minutes = 0
	}
	add(day, minute, minutes, mode, &entry.Contact{Form: form, Result: result, Text: text})
}

// note has 30 bytes and an exponential rest of mean 90.
func note(r *rand.Rand) string {
	size := 30 + int(r.ExpFloat64()*90)
	var b strings.Builder
	for b.Len() < size {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(notes[r.IntN(len(notes))])
	}
	return b.String()
}

// assessments: none 25, one 25, two or three 35, four to six 15 per cent.
func assessments(r *rand.Rand) int {
	switch roll := r.IntN(100); {
	case roll < 25:
		return 0
	case roll < 50:
		return 1
	case roll < 85:
		return 2 + r.IntN(2)
	default:
		return 4 + r.IntN(3)
	}
}

func whenOf(k int) string {
	if k == 0 {
		return "start"
	}
	return "middle"
}

// instant of writing down; n keeps the order within a minute.
func (s *set) instant(day civil.Date, minute, n int) int64 {
	return day.Time().UnixMicro() + int64(minute-120)*60e6 + int64(n)
}
