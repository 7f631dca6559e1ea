package view

import (
	"polku/internal/entry"
	"polku/internal/i18n"
)

// planStories are the views of the plan and of checkpoints.
func planStories() []Story {
	return []Story{
		{"plan", []State{
			{"full", func(l i18n.Lang) Page { return storyPlan(l) }},
			{"empty", func(l i18n.Lang) Page {
				return PlanPage{Shell: storyShell(l, NavClients), Who: storyPlan(l).Who, Kind: "coaching-plan", Title: "Valmennussuunnitelma", Open: true,
					Fields: storyPlan(l).Fields[:1]}
			}},
			{"error", func(l i18n.Lang) Page {
				p := storyPlan(l)
				p.Which, p.About, p.Errors, p.Typed = "action", "g1", Errors{{"what", l.T("plan.no_action")}}, map[string]string{"by": "2026-03-20"}
				return p
			}},
			{"conflict", func(l i18n.Lang) Page {
				p := storyPlan(l)
				p.Which, p.Errors = "save", Errors{{"", l.T("plan.changed")}}
				p.Fields[0].Now = "Asuu siskon kanssa."
				return p
			}},
			{"offered", func(l i18n.Lang) Page {
				p := storyPlan(l)
				p.Offered, p.Answer, p.Answered = "2.3.2026 9.30", "En halua ryhmään.", "1.3.2026 18.05"
				return p
			}},
		}},
		{"plan-sign", []State{
			{"full", func(l i18n.Lang) Page { return storySign(l) }},
			{"stop", func(l i18n.Lang) Page {
				p := storySign(l)
				p.Stop = []PlanField{{ID: "benefits_told_on", Title: "Etuuksista ja korvauksista kerrottu", Law: "189/2001 9.2 §"}}
				return p
			}},
			{"error", func(l i18n.Lang) Page {
				p := storySign(l)
				p.Which, p.Errors = "paper", Errors{{"day", l.T("plan.bad_paper_day")}, {"name", l.T("plan.no_name")}}
				return p
			}},
			{"empty", func(l i18n.Lang) Page {
				p := storySign(l)
				p.Empty, p.Text = true, PlanText{Title: p.Text.Title}
				return p
			}},
		}},
		{"plan-version", []State{{"full", func(l i18n.Lang) Page {
			p := PlanVersionPage{Shell: storyShell(l, NavClients), Who: storyPlan(l).Who, Query: "version=e1", Text: storyPlanText(l), Before: 1,
				Changes: []PlanChange{{Title: "Viikkorytmi", Was: "Ma ja ti", Now: "Ti ja to"}, {Title: "Seuranta", Now: "Kuukausittain"}}}
			p.Text.Accepted = []PlanSigned{{Line: "Asiakas: Jaana Virtanen · näytöllä · 2.3.2026", Strokes: "M60,130L110,60L150,140L190,80"}, {Line: "Työntekijä: Anna Laine"}}
			return p
		}}}},
		{"plan-text", []State{{"full", func(l i18n.Lang) Page {
			return PlanBlocks{Shell: storyShell(l, NavClients), Who: storyPlan(l).Who, Title: "Aktivointisuunnitelma", Sub: "Versio 1", Query: "version=e1",
				Blocks: []PlanField{{ID: "work_history", Title: "Työhistoria", Law: "189/2001 8 §", Text: "Rakennuksilla kymmenen vuotta."}}, All: "Aktivointisuunnitelma"}
		}}}},
		{"plan-actions", []State{
			{"full", func(l i18n.Lang) Page { return storyActions(l) }},
			{"error", func(l i18n.Lang) Page {
				p := storyActions(l)
				p.Errors = Errors{{"text", l.T("plan.no_action")}}
				return p
			}},
		}},
		{"checkpoints", []State{
			{"full", func(l i18n.Lang) Page { return storyChecks(l) }},
			{"empty", func(l i18n.Lang) Page {
				return Checkpoints{Shell: storyShell(l, NavClients), Who: storyPlan(l).Who, Picture: storyPicture()}
			}},
			{"error", func(l i18n.Lang) Page {
				p := storyChecks(l)
				p.Which, p.Errors = "work/visit", Errors{{"text", l.T("plan.long_text")}}
				return p
			}},
		}},
		{"own-plan", []State{{"waits", func(l i18n.Lang) Page {
			text := storyPlanText(l)
			return PortalPlan{Portal: Portal{Shell: outside(l), Tab: "strong", Strong: true}, Phase: "Kartoitus", Waits: &text, Digest: "d", Goals: text.Goals,
				Stations: []CheckStation{{Item: "work/cv", Name: "Ansioluettelo", State: entry.Reached, Ended: storyDay - 4}, {Item: "work/visit", Name: "Käynti työnantajan luona", State: entry.Chosen}}}
		}}}},
	}
}

func storyPlan(l i18n.Lang) PlanPage {
	text := storyPlanText(l)
	goals := text.Goals
	goals[0].ID, goals[0].ThemeID = "g1", "work"
	goals[0].Ready = []PlanReady{{ID: "cv-first", Text: "Kirjoitan ansioluettelon ensimmäisen version", Owner: "Asiakas", By: storyDay + 14},
		{ID: "own", Text: "Käyn pajan avoimissa ovissa", Owner: "Asiakas", By: storyDay + 7, Own: true}}
	newest := PlanVersion{Entry: "e1", Title: "Valmennussuunnitelma", Version: 1, Day: storyDay - 80, Accepted: []string{"Asiakas: Jaana Virtanen · näytöllä · 12.12.2025", "Työntekijä: Anna Laine · näytöllä · 12.12.2025"}}
	return PlanPage{Shell: storyShell(l, NavClients), Who: storyIdentity(), Kinds: []Option{{Value: "coaching-plan", Text: "Valmennussuunnitelma", On: true}, {Value: "client-plan", Text: "Asiakassuunnitelma"}},
		Kind: "coaching-plan", Title: "Valmennussuunnitelma", Law: "1285/2016 13 §", Rev: 3, Kept: l.T("plan.kept"), Newest: &newest, ReviewBy: storyDay - 2, ReviewLaw: "189/2001 9.3 §",
		Strengths: "Sisukas\nHyvä käsistään", Goals: goals, Themes: []Option{{Value: "work", Text: "Työ"}, {Value: "everyday", Text: "Arki"}},
		Parts:    []Option{{Value: "work_activity", Text: "Suunnitelmassa on kuntouttavaa työtoimintaa", On: true}},
		Fields:   []PlanField{{ID: "situation", Title: "Elämäntilanne ja sen vaikutus", Hint: "Vain se, mikä vaikuttaa tavoitteisiin.", Text: "Asuu yksin.", Law: "1301/2014 39 §"}, {ID: "work_history", Title: "Työhistoria", Text: "Puuseppä 2015–2019", Filled: true, Known: "Puuseppä 2015–2019\nVerstas lopetti."}, {ID: "wa_evaluation", Title: "Vaikutukset arvioidaan viimeistään", Type: "day", Text: "2026-06-01"}},
		Versions: []PlanVersion{newest}, Reviews: []PlanReview{{Title: "Valmennussuunnitelma", Done: "Soitettu verstaalle.", GoesOn: "Tutustumiskäynti.", With: "Jaana ja Anna", Author: "Anna Laine", Day: storyDay - 20}}, Open: true}
}

func storyPlanText(l i18n.Lang) PlanText {
	return PlanText{Title: "Valmennussuunnitelma", Strengths: []string{"Sisukas", "Hyvä käsistään"},
		Goals: []PlanGoal{{Words: "Haluan takaisin töihin, mutta en liian nopeasti.", Theme: "Työ", State: entry.GoalSet, Actions: []PlanAction{
			{Task: "t1", What: "Soitan verstaalle", Owner: l.T("owner.client"), By: storyDay + 4},
			{Task: "t2", What: "Käydään ansioluettelo läpi yhdessä", Owner: "Anna Laine", By: storyDay - 6, Ended: storyDay - 6, Outcome: entry.Done}}},
			{ID: "g2", Words: "Haluan kunnon unirytmin.", Theme: "Arki", State: entry.GoalReached, Ended: storyDay - 10}},
		Fields: []PlanField{{ID: "situation", Title: "Elämäntilanne ja sen vaikutus", Text: "Asuu yksin.", Law: "1301/2014 39 §"}}}
}

func storySign(l i18n.Lang) PlanSign {
	return PlanSign{Shell: storyShell(l, NavClients), Who: storyIdentity(), Kind: "activation-plan", Digest: "d", Rev: 3, Text: storyPlanText(l),
		Missing: []PlanField{{ID: "job_search", Title: "Työnhaku", Law: "189/2001 8 §"}}, Parties: []Option{{Value: "employment-authority", Text: "Työvoimaviranomainen"}, {Value: "county", Text: "Hyvinvointialue"}}}
}

func storyActions(l i18n.Lang) PlanActions {
	return PlanActions{Shell: storyShell(l, NavMore), Units: []Option{{Value: "u1", Text: "Talo"}}, Themes: []Option{{Value: "work", Text: "Työ"}}, Owners: ownerOptions(storyShell(l, NavMore), "client"),
		Groups: []PlanActionGroup{{Name: "Työ", Lines: []PlanReady{{ID: "o1", Text: "Käyn pajan avoimissa ovissa", Owner: "Asiakas", Own: true}, {ID: "cv-first", Text: "Kirjoitan ansioluettelon", Owner: "Asiakas"}}}}}
}

func storyChecks(l i18n.Lang) Checkpoints {
	return Checkpoints{Shell: storyShell(l, NavClients), Who: storyIdentity(), Picture: storyPicture(), Open: true, Areas: []CheckArea{{Name: "Työ", Reached: 1, Stations: []CheckStation{
		{Item: "work/cv", Name: "Ansioluettelo", State: entry.Reached, Chosen: storyDay - 30, Ended: storyDay - 4, Evidence: l.T("checkpoint.evidence.note"), Text: "Valmis ja lähetetty."},
		{Item: "work/visit", Name: "Käynti työnantajan luona", State: entry.Chosen, Chosen: storyDay - 2},
		{Item: "work/trial", Name: "Työkokeilu", State: entry.StationLeft, Ended: storyDay - 9}, {Item: "work/job", Name: "Työpaikka"}}}}}
}
