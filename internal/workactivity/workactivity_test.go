package workactivity_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"polku/internal/actor"
	"polku/internal/civil"
	"polku/internal/client"
	"polku/internal/db"
	"polku/internal/entry"
	"polku/internal/fault"
	"polku/internal/ident"
	"polku/internal/model"
	"polku/internal/path"
	"polku/internal/pathway"
	. "polku/internal/polkutest"
	"polku/internal/ruleset"
	"polku/internal/unit"
	"polku/internal/workactivity"
	"polku/models"
	"polku/rules"
)

// house is the sample organisation with a service of rehabilitative work activity, and a client of Mia's in it.
type house struct {
	*Sample
	t            *testing.T
	client, path string
}

func newHouse(t *testing.T, w *World) *house {
	t.Helper()
	h := &house{Sample: NewSample(t, w), t: t}
	shipped, err := models.Load()
	must(t, err)
	h.Book.Rules, err = rules.Load()
	must(t, err)
	h.Book.Models = model.NewSet(CoachingModel(), shipped.Newest("reisjarvi-kuntouttava"))
	h.Book.Calendar = ruleset.Calendar(h.Book.Rules, 2020, 2030, nil)
	must(t, h.DB.Update(t.Context(), actor.System(Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		if _, err := unit.AddRegister(tx, unit.Register{ID: "work", Kind: "work-activity-register", Name: "Kuntouttava", Controller: "Testilä"}); err != nil {
			return err
		}
		for who, role := range map[string]unit.Role{Mia: unit.RoleWorker, Joni: unit.RoleCoordinator} {
			if err := unit.Join(tx, unit.Member{Worker: who, Register: "work", Unit: House, Role: role}); err != nil {
				return err
			}
		}
		_, err := unit.AddService(tx, h.Book.Models, unit.Service{ID: "work", Unit: House, Register: "work", Name: "Kuntouttava", Model: "reisjarvi-kuntouttava", Version: "2019-1"})
		return err
	}))
	h.do(Mia, func(tx *db.Tx) error {
		var err error
		if h.client, err = client.Create(tx, h.Keys, client.New{Register: "work", LastName: "Virtanen", FirstName: "Aino"}); err != nil {
			return err
		}
		h.path, _, err = h.Book.Start(tx, path.Start{Client: h.client, Service: "work", Day: tx.Today - 60, Responsible: Mia, Step: path.Step{What: "Sovi tapaaminen", By: tx.Today + 3}})
		return err
	})
	return h
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (h *house) do(who string, fn func(tx *db.Tx) error) {
	h.t.Helper()
	must(h.t, h.Update(who, fn))
}

func (h *house) agree(p entry.WorkPeriod) error {
	return h.Update(Mia, func(tx *db.Tx) error {
		_, _, err := workactivity.Agree(tx, h.Book, h.path, "", p)
		return err
	})
}

func (h *house) entries() (all []*entry.Entry) {
	h.t.Helper()
	must(h.t, h.View(Mia, func(tx *db.Tx) error {
		p, err := path.Get(tx, h.path)
		if err != nil {
			return err
		}
		all, err = h.Book.Entries(tx, p)
		return err
	}))
	return all
}

func (h *house) day(day string) workactivity.Day {
	h.t.Helper()
	d := civil.MustParse(day)
	return workactivity.Days(h.entries(), h.Book.Calendar, d, d)[0]
}

// good is a plan that the act allows: half a year from 2 March 2026, Mondays and Wednesdays, five hours.
func good() entry.WorkPeriod {
	return entry.WorkPeriod{From: civil.MustParse("2026-03-02"), To: civil.MustParse("2026-09-01"), Days: []int{1, 3}, Minutes: 300, Place: "Puistoahon paja",
		Provider: "Työpajayhdistys", Legal: entry.FormAssociation, Goal: "Vakaa viikkorytmi"}
}

// said gives what a refusal says, one word a limit.
func said(err error) (all []string) {
	for _, b := range workactivity.BreachesOf(err) {
		all = append(all, fmt.Sprint(b.Limit, " ", b.N, "/", b.Most))
	}
	return all
}

// Planning past the act is refused, each limit by its section and with what would fit, all at once.
func TestPlanningPastTheActIsRefused(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		bad := good()
		bad.To = civil.MustParse("2026-05-31") // a day short of three months
		bad.Days, bad.Minutes, bad.Legal = []int{1, 2, 3, 4, 5}, 500, entry.FormBusiness
		err := h.agree(bad)
		want := []string{"period_months_min 91/3", "days_a_week_max 5/4", "minutes_a_day_max 500/480", "minutes_a_week_max 2500/1920", "from_business 0/0"}
		if got := said(err); !slices.Equal(got, want) {
			t.Errorf("%v\nwant %v", got, want)
		}
		breaches := workactivity.BreachesOf(err)
		if breaches[0].FitsTo.String() != "2026-06-01" || breaches[1].FitsDays != 4 || breaches[3].FitsDays != 3 || breaches[0].Source.Source != "189/2001 s. 13b.2 (702/2020)" {
			t.Errorf("%+v", breaches)
		}
		if len(workactivity.Periods(h.entries())) != 0 {
			t.Error("a refused plan was written")
		}
		long := good()
		long.To = civil.MustParse("2028-03-02") // a day over 24 months
		err = h.agree(long)
		if got := said(err); !slices.Equal(got, []string{"period_months_max 732/24"}) || workactivity.BreachesOf(err)[0].FitsTo.String() != "2028-03-01" {
			t.Error(got, workactivity.BreachesOf(err))
		}
		short := good()
		short.Minutes, short.Days, short.Legal, short.Support = 200, []int{1}, entry.FormBusiness, true // support may be bought
		if got := said(h.agree(short)); !slices.Equal(got, []string{"minutes_a_day_min 200/240"}) {
			t.Error(got)
		}
		if err := h.agree(entry.WorkPeriod{}); !fault.Is(err, fault.Invalid) || workactivity.BreachesOf(err) != nil {
			t.Error("an empty plan:", err)
		}
		must(t, h.agree(good()))
		again := good()
		again.From, again.To = again.To, again.To+200
		if err := h.agree(again); !fault.Is(err, fault.Invalid) {
			t.Error("two periods on one day:", err)
		}
	})
}

// Four days a week for a year are more than 178 days; what would fit is told, and what was done before counts, holidays do
// not, on whatever path of the client it was done.
func TestPlanningCountsTheYear(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		year := good()
		year.To, year.Days, year.Minutes = civil.MustParse("2027-03-01"), []int{1, 2, 3, 4}, 240
		err := h.agree(year)
		if got := said(err); !slices.Equal(got, []string{"days_in_12_months_max 179/178"}) {
			t.Fatal(got)
		}
		b := workactivity.BreachesOf(err)[0]
		if b.FitsTo != b.Day-1 || b.FitsDays != 3 || b.Day < civil.MustParse("2027-01-07") {
			t.Errorf("%+v", b)
		}
		year.To = b.FitsTo
		must(t, h.agree(year)) // it does fit

		// The same year after 40 days on another path fits no more, and as many fewer fit.
		var other string
		h.do(Mia, func(tx *db.Tx) error {
			var err error
			if other, _, err = h.Book.Start(tx, path.Start{Client: h.client, Service: "work", Day: tx.Today - 100, Responsible: Mia, Step: path.Step{What: "x", By: tx.Today + 3}}); err != nil {
				return err
			}
			for i := range 40 {
				if _, err := h.Book.Append(tx, other, entry.Entry{ID: ident.New(), Day: tx.Today - 60 + civil.Date(i), Minute: -1, Minutes: 240, Kind: entry.KindAttendance, Body: &entry.Attendance{}}); err != nil {
					return err
				}
			}
			return nil
		})
		err = h.Update(Mia, func(tx *db.Tx) error {
			b := year
			b.Period, b.Since = workactivity.Periods(h.entries())[0].Period, tx.Today
			_, _, err := workactivity.Change(tx, h.Book, h.path, "", b)
			return err
		})
		if got := workactivity.BreachesOf(err); len(got) != 1 || got[0].N != 179 || got[0].Day >= b.Day-60 {
			t.Errorf("%v %+v", err, got)
		}
	})
}

// A date without known rules is told and not judged; a figure that a known version does not name is no limit.
func TestLimitNotKnownForThatDate(t *testing.T) {
	packs, err := rules.Load()
	must(t, err)
	p := workactivity.Periods([]*entry.Entry{{ID: "e", Kind: entry.KindWorkPeriod, Body: &entry.WorkPeriod{Period: "e", From: civil.MustParse("2012-01-02"),
		To: civil.MustParse("2012-01-20"), Days: []int{1, 2, 3, 4, 5}, Minutes: 600, Legal: entry.FormBusiness}}})[0]
	v := workactivity.Judge(packs, nil, p, nil, p.From)
	if len(v.Breaches) != 0 || v.Unknown != p.From {
		t.Errorf("%+v", v)
	}
	if v := workactivity.Judge(nil, nil, p, nil, p.From); len(v.Breaches) != 0 || v.Unknown != p.From {
		t.Errorf("without any rules: %+v", v)
	}
}

// Remote days need the organiser's switch, planned tasks and somebody to reach.
func TestRemoteDaysNeedTheSwitch(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		p := good()
		p.Remote = []int{3}
		var f *fault.Error
		if err := h.agree(p); !errors.As(err, &f) || len(f.Fields) != 3 || f.Fields["remote"] == "" || f.Fields["tasks"] == "" || f.Fields["contact"] == "" {
			t.Fatal(f)
		}
		save := func(who string, o workactivity.Organiser) error {
			return h.Update(who, func(tx *db.Tx) error { return workactivity.SaveOrganiser(tx, o) })
		}
		if err := save(Mia, workactivity.Organiser{Register: "work", Remote: true}); !fault.Is(err, fault.NotFound) {
			t.Error("who does not coordinate the register changed it:", err)
		}
		must(t, save(Joni, workactivity.Organiser{Register: "work", Remote: true, Insurer: "Vakuutusyhtiö", Policy: "123"}))
		if err := save(Joni, workactivity.Organiser{Register: "work"}); !fault.Is(err, fault.Conflict) {
			t.Error("somebody else's words were written over:", err)
		}
		p.Tasks, p.Contact = "Kävely ja arjen tehtävät", "Mia, puhelin"
		must(t, h.agree(p))
		if d := h.day("2026-03-11"); !d.Remote || d.Planned != 300 {
			t.Errorf("%+v", d)
		}
	})
}

// The week changes within the period from a day on; what was agreed before stays as it was, and an end is a fact that no
// limit stops.
func TestChangeAndEndOfAPeriod(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		h := newHouse(t, w)
		must(t, h.agree(good()))
		id := workactivity.Periods(h.entries())[0].Period
		b := good()
		b.Period, b.Since, b.Days, b.Minutes, b.Why = id, civil.MustParse("2026-04-13"), []int{2, 4, 5}, 240, "Jaksaa enemmän"
		h.do(Mia, func(tx *db.Tx) error {
			_, _, err := workactivity.Change(tx, h.Book, h.path, "", b)
			return err
		})
		for day, minutes := range map[string]int{"2026-04-08": 300, "2026-04-13": 0, "2026-04-14": 240, "2026-02-25": 0, "2026-09-02": 0} {
			if d := h.day(day); d.Planned != minutes {
				t.Errorf("%s: %d minutes, want %d", day, d.Planned, minutes)
			}
		}
		if d := h.day("2026-05-14"); !d.Closed || d.Expected() {
			t.Errorf("Ascension Day: %+v", d)
		}
		end := func(f workactivity.Finish) error {
			return h.Update(Mia, func(tx *db.Tx) error {
				_, err := workactivity.End(tx, h.Book, h.path, "", f)
				return err
			})
		}
		if err := end(workactivity.Finish{Period: id, Last: civil.MustParse("2026-10-01")}); !fault.Is(err, fault.Invalid) {
			t.Error("without a reason, after its last day:", err)
		}
		must(t, end(workactivity.Finish{Period: id, Last: civil.MustParse("2026-04-30"), Why: entry.PeriodWork, Told: "Sain töitä"}))
		if d := h.day("2026-05-05"); d.Planned != 0 || !d.Outside {
			t.Errorf("after its end: %+v", d)
		}
		if err := end(workactivity.Finish{Period: id, Last: civil.MustParse("2026-04-30"), Why: entry.PeriodWork}); !fault.Is(err, fault.Conflict) {
			t.Error("ended twice:", err)
		}
		b.Since = civil.MustParse("2026-04-20")
		if err := h.Update(Mia, func(tx *db.Tx) error { _, _, err := workactivity.Change(tx, h.Book, h.path, "", b); return err }); !fault.Is(err, fault.Conflict) {
			t.Error("changed after its end:", err)
		}
		s := pathway.Evaluate(h.Book.Models, h.Book.Rules, h.Book.Calendar, plain(h.entries()), civil.MustParse("2026-05-15"))
		if !slices.ContainsFunc(s.Signals, func(x pathway.Signal) bool { return x.Key == "signal.renewal_overdue" }) {
			t.Error("an interrupted period does not ask for a new plan", s.Signals)
		}
	})
}

func plain(entries []*entry.Entry) (all []entry.Entry) {
	for _, e := range entries {
		all = append(all, *e)
	}
	return all
}
