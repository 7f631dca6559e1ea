package browsertest

import (
	"image"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"polku/internal/browser"
)

// TestPictures makes the pictures of the README and the tour when POLKU_PICTURES names a folder (scripts/pictures.sh):
// one screen each, small files.
func TestPictures(t *testing.T) {
	folder := os.Getenv("POLKU_PICTURES")
	if folder == "" {
		t.Log("POLKU_PICTURES is not set: no pictures are made")
		return
	}
	raw := t.TempDir()
	t.Setenv("POLKU_SCREENSHOTS", raw)
	s := openAlone(t)
	c := s.calm("oili", 0)
	shoot := func(tab *browser.Tab, view browser.View, name string) {
		tab.Shot(name)
		crop(t, filepath.Join(raw, name+"-"+view.Name+".png"), filepath.Join(folder, name+"-"+view.Name+".png"), view)
	}
	laptop := s.as(t, "oili", browser.Laptop)
	for _, page := range [][2]string{{"today", "/today"}, {"client", "/c/" + c.id}, {"record", "/c/" + c.id + "/record"},
		{"handover", "/c/" + c.id + "/handover"}, {"queue", "/queue"}, {"plan", "/c/" + c.id + "/plan"}, {"calendar", "/calendar"}, {"model", "/models/kuusamo-valittavat-verkostot/2015-1"}} {
		laptop.Go(s.url + page[1])
		shoot(laptop, browser.Laptop, page[0])
	}
	works := s.as(t, "hannu", browser.Laptop)
	works.Go(s.url + "/c/" + s.calm("hannu", 0).id + "/work")
	shoot(works, browser.Laptop, "work")
	phone := s.as(t, "oili", browser.Phone)
	shoot(phone, browser.Phone, "today")
	dark := browser.Phone.InDark()
	night := s.as(t, "oili", dark)
	night.Go(s.url + "/c/" + c.id)
	shoot(night, dark, "client")
	unit := s.as(t, "satu", browser.Laptop)
	unit.Go(s.url + "/hanging")
	shoot(unit, browser.Laptop, "hanging")
	list := s.as(t, "anni", browser.Laptop)
	importSample(list, s)
	shoot(list, browser.Laptop, "import")
	answerAndRun(list, s)
	list.Go(s.url + "/sprint")
	shoot(list, browser.Laptop, "sprint")
}

// crop cuts a picture to one screen and to a small set of colours.
func crop(t *testing.T, from, to string, view browser.View) {
	t.Helper()
	in, err := os.Open(from)
	must(t, err)
	defer in.Close()
	whole, err := png.Decode(in)
	must(t, err)
	size := image.Rect(0, 0, view.Width, min(view.Height, whole.Bounds().Dy()))
	small := image.NewRGBA(size)
	draw.Draw(small, size, whole, image.Point{}, draw.Src)
	out, err := os.Create(to)
	must(t, err)
	must(t, (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(out, small))
	must(t, out.Close())
	info, err := os.Stat(to)
	must(t, err)
	if info.Size() > 200<<10 {
		t.Errorf("%s has %d bytes", to, info.Size())
	}
}
