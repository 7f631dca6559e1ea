package web_test

import (
	"fmt"
	"html"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"polku/internal/importing"
	. "polku/internal/polkutest"
	"polku/internal/web"
)

// cellOf finds the field of a row's cell in a page by its label, and what it holds.
func (f *face) cellOf(body string, row int, label string) (name, value string) {
	f.t.Helper()
	m := regexp.MustCompile(`<label for="(cell_\d+_` + strconv.Itoa(row) + `_\d+)">` + label + `<.*?<input[^>]*value="([^"]*)"`).FindStringSubmatch(strings.ReplaceAll(body, "\n", " "))
	if m == nil {
		f.t.Fatalf("row %d has no field %s in %s", row, label, text(body))
	}
	return m[1], html.UnescapeString(m[2])
}

const faulty = "Sukunimi;Etunimi;Hetu;Puhelin;Aloitus\nHeikkinen;Olli;391095-915X;ei osaa sanoa;32.2.2026\n;;;040 555 1234;2.2.2026\nVirtanen;Ville;091095-915W;040 123 9999;2.2.2026\n"

// A faulty cell is put right where it is asked about, without script; it goes in as it was put right, and the same file
// adds nobody when it comes again as it was.
func TestAFaultyCellIsPutRightInThePreview(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w).as(Mia, "mia")
		_, path, body := f.upload("clients", "lista.csv", []byte(faulty))
		code, shown := f.cellOf(body, 2, "henkilötunnus")
		tel, was := f.cellOf(body, 2, "puhelin")
		day, _ := f.cellOf(body, 2, "aloituspäivä")
		if shown != "" || strings.Contains(body, "1095-915") || was != "ei osaa sanoa" {
			t.Errorf("a code stands on the page, or the phone does not: %q %q", shown, was)
		}
		body = f.page(path + "?show=left")
		last, _ := f.cellOf(body, 3, "sukunimi")
		f.says(body, "Nimi puuttuu")

		// Wrong again: told where and why, and kept as typed; nothing has come in.
		status, body := f.post(path, "service", Service, "show", "asks", code, "180873-994X", "do", "run")
		if _, typed := f.cellOf(body, 2, "henkilötunnus"); status != 422 || typed != "180873-994X" || !strings.Contains(text(body), "Rivi 2: Henkilötunnuksen tarkistusmerkki ei täsmää") {
			t.Errorf("%d %s", status, text(body))
		}
		if n := f.count(`select count(*) from client`); n != 0 {
			t.Errorf("%d clients came in", n)
		}
		f.must(path, "service", Service, "show", "asks", "after", "0", code, " 180873-994y ", tel, "040 555 0000", day, "27.2.2026", "do", "mend")
		body = f.must(path, "service", Service, "show", "left", last, "Aalto", "do", "mend")
		f.says(body, "4 solua korjattu", "Tuo 3 riviä")
		if _, typed := f.cellOf(f.page(path+"?show=mended"), 2, "puhelin"); typed != "040 555 0000" {
			t.Errorf("what was put right cannot be seen: %q", typed)
		}
		f.says(f.must(path, "service", Service, "q_default", Mia, "do", "run"), "Tuonti valmis", "3 uutta")
		if n := f.count(`select count(*) from client where last_name = 'Aalto' or last_name = 'Heikkinen' and phone = '+358405550000' and code_sealed is not null`); n != 2 {
			t.Errorf("%d came in as put right", n)
		}
		_, _, body = f.upload("clients", "lista.csv", []byte(faulty))
		f.says(body, "Tuo 0 riviä", "3 on jo Polussa")
		if strings.Contains(f.logs.String(), "Aalto") || strings.Contains(f.logs.String(), "994") {
			t.Error("what was typed is in the log")
		}
	})
}

// Putting the file's own text back is no mending; cells that nobody asks about cannot be changed.
func TestACellCanBePutBackAndNoOtherChanged(t *testing.T) {
	f := open(t, New(t, t.TempDir())).as(Mia, "mia")
	_, path, body := f.upload("clients", "lista.csv", []byte(faulty))
	tel, _ := f.cellOf(body, 2, "puhelin")
	f.says(f.must(path, "service", Service, "show", "asks", tel, "040 555 0000", "do", "mend"), "1 solu korjattu")
	body = f.must(path, "service", Service, "show", "asks", tel, "ei osaa sanoa", "cell_0_4_0", "Joku Muu", "cell_0_1_0", "Etunimi", "cell_9_9_9", "x", "cell_x", "x", "do", "mend")
	if strings.Contains(text(body), "korjattu") {
		t.Errorf("%s", text(body))
	}
	f.says(f.page(path+"?show=sound"), "Virtanen Ville")
}

// A mark and the hours of a day are put right like any cell, and a day that was no mark is emptied away.
func TestACellOfAttendanceIsPutRight(t *testing.T) {
	OnBoth(t, func(t *testing.T, w *World) {
		f := open(t, w)
		f.Client(t, "Korhonen", "Pekka")
		f = f.as(Mia, "mia")
		_, path, body := f.upload("attendance", "lasna.csv", []byte("Päivä;Asiakas;Ryhmä;Läsnä;Tunnit\n32.2.2026;Pekka K.;Puu;x;4\n26.2.2026;Pekka K.;Puu;x;44\n"))
		hours, _ := f.cellOf(body, 3, "tunnit")
		day, was := f.cellOf(f.page(path+"?show=left"), 2, "päivä")
		if was != "32.2.2026" {
			t.Errorf("%q", was)
		}
		f.says(f.must(path, "service", Service, "q_default", Mia, day, "25.2.2026", hours, "4,5", "do", "run"), "Tuonti valmis")
		if n := f.count(`select count(*) from entry where kind = 'attendance' and minutes in (240, 270)`); n != 2 {
			t.Errorf("%d days came in", n)
		}
		_, wall, _ := f.upload("attendance", "helmikuu 2026.csv", []byte("Nimi;16.2.;17.2.;18.2.;19.2.;20.2.\nPekka K.;x;§;x;x;\nLiisa M.;x;x;x;;\n"))
		mark, _ := f.cellOf(f.page(wall+"?show=left"), 2, "läsnäolomerkintä")
		body = f.must(wall, "service", Service, "show", "left", mark, "", "length", "4", "do", "mend")
		f.says(f.page(wall+"?show=mended"), "korjattu tässä")
		f.says(body, "1 solu korjattu")
	})
}

// What was answered about short names comes back answered, and known clients are completed and compared.
func TestAnswersAndFillsAreShown(t *testing.T) {
	f := open(t, New(t, t.TempDir()))
	f.Client(t, "Korhonen", "Pekka")
	f.Client(t, "Virtanen", "Pekka")
	f = f.as(Mia, "mia")
	sheet := "Päivä;Asiakas;Ryhmä;Läsnä\n%s;Pekka;Puu;x\n%s;Vieras;Puu;x\n"
	_, path, body := f.upload("attendance", "a.csv", fmt.Appendf(nil, sheet, "24.2.2026", "24.2.2026"))
	if strings.Contains(text(body), "muistettu") {
		t.Error("nothing was answered yet")
	}
	id := regexp.MustCompile(`<option value="([0-9a-f-]{36})"[^>]*>Sama kuin Virtanen Pekka`).FindStringSubmatch(body)[1]
	f.must(path, "service", Service, "name_0", id, "name_1", "skip", "q_default", Mia, "do", "run")
	_, _, body = f.upload("attendance", "b.csv", fmt.Appendf(nil, sheet, "25.2.2026", "25.2.2026"))
	f.says(body, "Tuo yksi rivi")
	if n := strings.Count(text(body), "muistettu"); n != 2 {
		t.Errorf("%d names are remembered, want 2: %s", n, text(body))
	}
	if !regexp.MustCompile(`<option value="`+id+`" selected`).MatchString(body) || !regexp.MustCompile(`<option value="skip" selected`).MatchString(body) {
		t.Error("the answers of last month are not chosen")
	}
	_, path, body = f.upload("clients", "c.csv", []byte("Sukunimi;Etunimi;Puhelin;Sähköposti;Aloitus\nKorhonen;Pekka;040 123 4567;pekka@example.fi;20.2.2026\n"))
	f.says(body, "1 täydentyy", "Täydennetään listasta, koska rekisteristä puuttuu: sähköposti", "Täydennä yhden asiakkaan tiedot")
	f.says(f.must(path, "service", Service, "q_default", Mia, "do", "run"), "1 täydennettiin")
	_, path, _ = f.upload("clients", "d.csv", []byte("Sukunimi;Etunimi;Puhelin;Sähköposti;Aloitus;Päättyi;Mihin siirtyi\nKorhonen;Pekka;040 123 4567;muu@example.fi;2.2.2025;3.3.2025;muutti\n"))
	f.says(f.must(path, "service", Service, "q_default", Mia, "do", "run"), "Eroaa rekisteristä", "sähköposti", "Avaa asiakas")
}

// A long import shows how far it has come, further each time, and ends with its report.
func TestTheProgressOfALongImportMoves(t *testing.T) {
	for name, rows := range map[string]int{"one transaction": importing.WholeMost, "batches": importing.WholeMost + 1000} {
		t.Run(name, func(t *testing.T) {
			f := open(t, New(t, t.TempDir())).as(Mia, "mia")
			var list strings.Builder
			list.WriteString("Päivä;Asiakas;Ryhmä;Läsnä\n")
			for i := range rows {
				fmt.Fprintf(&list, "%s;Testi%c%c Tiina;Puu;x\n", time.Date(2025, 9, 1+i%100, 0, 0, 0, 0, time.UTC).Format("2.1.2006"), 'a'+i/100%26, 'a'+i/2600)
			}
			_, path, _ := f.upload("attendance", "pitka.csv", []byte(list.String()))
			defer web.SetImportPatience(0)()
			body := f.must(path, "service", Service, "q_unmatched", "provisional", "q_default", Mia, "do", "run")
			bar := regexp.MustCompile(`<progress max="(\d+)" value="(\d+)"`)
			var seen []int
			for range 100_000 {
				m := bar.FindStringSubmatch(body)
				if m == nil {
					break
				}
				total, _ := strconv.Atoi(m[1])
				done, _ := strconv.Atoi(m[2])
				if total != rows || done > total || len(seen) > 0 && done < seen[len(seen)-1] {
					t.Fatalf("%d of %d after %v", done, total, seen)
				}
				if len(seen) == 0 || done > seen[len(seen)-1] {
					seen = append(seen, done)
				}
				body = f.page(path)
			}
			f.says(body, "Tuonti valmis")
			if len(seen) < 4 || seen[len(seen)-1] == 0 {
				t.Errorf("the bar stood at %v", seen)
			}
		})
	}
}
