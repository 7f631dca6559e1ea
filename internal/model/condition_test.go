package model

import (
	"strings"
	"testing"

	"polku/internal/i18n"
)

// conditionOf reads one condition as it stands in a model with these sources.
func conditionOf(t *testing.T, text string) *Condition {
	t.Helper()
	m, mistakes := Parse("c.yaml", []byte(small(map[string]string{"eligible_if": text})))
	for _, x := range mistakes {
		t.Fatal(x.Render(i18n.EN))
	}
	return m.Entry.EligibleIf
}

func TestConditionTellsWhyInWords(t *testing.T) {
	c := conditionOf(t, `{any: [{field: client.unemployed_days, op: at_least, value: 300}, {field: referral.source, op: is, value: social-services}]}`)
	if got, want := c.Explain(i18n.FI), "ainakin yksi seuraavista toteutuu: työttömyyspäivien määrä on vähintään 300; lähettävä taho on sosiaalitoimi"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := c.Explain(i18n.SV), "åtminstone ett av detta gäller: antalet arbetslöshetsdagar är minst 300; den som hänvisar är socialväsendet"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for text, want := range map[string]string{
		`{field: client.consents, op: is, value: true}`:                                        "oma suostumus palveluun: kyllä",
		`{field: client.language, op: known, value: false}`:                                    "asiointikieli ei ole tiedossa",
		`{field: client.benefit, op: one_of, value: [general-support, labour-market-support]}`: "etuus on jokin näistä: yleistuki, työmarkkinatuki",
		`{field: client.age, op: at_least, value: 17.5}`:                                       "ikä vuosina on vähintään 17,5",
	} {
		if got := conditionOf(t, text).Explain(i18n.FI); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	ok, why := c.Eval(map[string]any{"client.unemployed_days": 120, "referral.source": "self"})
	if ok || len(why) != 2 {
		t.Fatalf("%v, %d reasons", ok, len(why))
	}
	if got, want := why[0].Text(i18n.FI), "Ei täyty: työttömyyspäivien määrä on vähintään 300 (nyt 120)."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got, want := why[1].Text(i18n.EN), "Not met: who refers is social services (now the client)."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	_, why = c.Eval(nil)
	if got, want := why[0].Text(i18n.FI), "Ei tiedetä: työttömyyspäivien määrä on vähintään 300. Kysy ja kirjaa: työttömyyspäivien määrä."; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestConditionIsTrueFalseOrUnknown(t *testing.T) {
	for _, c := range []struct {
		text  string
		facts map[string]any
		want  Holds
	}{
		{`{field: client.age, op: at_most, value: 28}`, map[string]any{"client.age": 28}, Met},
		{`{field: client.age, op: at_most, value: 28}`, map[string]any{"client.age": int64(29)}, Unmet},
		{`{field: client.age, op: at_most, value: 28}`, nil, Unknown},
		{`{field: client.age, op: at_most, value: 28}`, map[string]any{"client.age": "young"}, Unknown},
		{`{field: client.age, op: at_least, value: 18}`, map[string]any{"client.age": 18}, Met},
		{`{field: client.age, op: at_least, value: 18}`, map[string]any{"client.age": 17}, Unmet},
		{`{field: client.age, op: is, value: 28.5}`, map[string]any{"client.age": 28.5}, Met},
		{`{field: client.age, op: is_not, value: 28}`, map[string]any{"client.age": 28}, Unmet},
		{`{field: client.age, op: known}`, nil, Unmet},
		{`{field: client.age, op: known, value: false}`, nil, Met},
		{`{field: client.benefit, op: one_of, value: [general-support, social-assistance]}`, map[string]any{"client.benefit": "social-assistance"}, Met},
		{`{field: client.benefit, op: one_of, value: [general-support]}`, map[string]any{"client.benefit": "basic-allowance"}, Unmet},
		{`{field: client.municipality, op: is_not, value: Rauma}`, map[string]any{"client.municipality": "Rautavaara"}, Met},
		{`{field: client.consents, op: is, value: true}`, map[string]any{"client.consents": false}, Unmet},
		// One that holds is enough for any; one that fails is enough against all; else the missing fact decides.
		{`{any: [{field: client.age, op: at_least, value: 18}, {field: client.has_phone, op: is, value: true}]}`, map[string]any{"client.has_phone": true}, Met},
		{`{any: [{field: client.age, op: at_least, value: 18}, {field: client.has_phone, op: is, value: true}]}`, map[string]any{"client.has_phone": false}, Unknown},
		{`{all: [{field: client.age, op: at_least, value: 18}, {field: client.has_phone, op: is, value: true}]}`, map[string]any{"client.has_phone": false}, Unmet},
		{`{all: [{field: client.age, op: at_least, value: 18}, {field: client.has_phone, op: is, value: true}]}`, map[string]any{"client.has_phone": true}, Unknown},
	} {
		got, _ := conditionOf(t, c.text).eval(c.facts)
		if got != c.want {
			t.Errorf("%s with %v: %s, want %s", c.text, c.facts, got, c.want)
		}
	}
}

func TestNoConditionIsOpenToEverybody(t *testing.T) {
	var c *Condition
	if ok, why := c.Eval(nil); !ok || len(why) != 0 {
		t.Error("somebody is shut out of an open service")
	}
	if got := c.Explain(i18n.FI); got != "Palvelu on avoin kaikille." {
		t.Error(got)
	}
}

func TestEveryFieldAndOpHasWords(t *testing.T) {
	for _, f := range Fields {
		if !i18n.Has("field." + f.Name) {
			t.Errorf("field.%s has no words", f.Name)
		}
		for _, op := range opsOf[f.Type] {
			if !i18n.Has("condition." + op) {
				t.Errorf("condition.%s has no words", op)
			}
		}
		if strings.ContainsAny(f.Name, " _") && !strings.Contains(f.Name, ".") {
			t.Errorf("%s does not say whose it is", f.Name)
		}
	}
}
