package pdf_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pdfcpu/pdfcpu/pkg/api"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/model"
	"github.com/pdfcpu/pdfcpu/pkg/pdfcpu/types"

	"polku/internal/pdf"
)

func sample(rows int) *pdf.Doc {
	d := pdf.New(pdf.Options{Lang: "fi", Title: "Kuka on katsonut tietojasi", Author: "Testilä", Footer: "Testilä", Page: "Sivu", At: time.Unix(1_700_000_000, 0)})
	d.Paragraph("Ääkköset näkyvät: å ä ö Å Ä Ö č đ ŋ š ŧ ž – ja €.\nToinen kappale.")
	d.Heading(2, "Maanantaina 2.3.2026")
	d.List("Ensimmäinen kohta", "Toinen kohta")
	t := pdf.Table{Caption: "Katselut", Head: []string{"Aika", "Kuka", "Miksi"}, Weights: []float64{1, 2, 3}, RowHeads: true}
	for i := range rows {
		t.Rows = append(t.Rows, []string{fmt.Sprint(i), "Anna Ohjaaja", strings.Repeat("palvelun antaminen ", 1+i%7)})
	}
	d.Table(t)
	d.Small("Pientä tekstiä.")
	return d
}

func write(t *testing.T, d *pdf.Doc) *model.Context {
	t.Helper()
	var out bytes.Buffer
	if err := d.Write(&out); err != nil {
		t.Fatal(err)
	}
	if dir := os.Getenv("POLKU_PDF_OUT"); dir != "" { // to look at
		if err := os.WriteFile(filepath.Join(dir, strings.ReplaceAll(t.Name(), "/", "-")+".pdf"), out.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := api.Validate(bytes.NewReader(out.Bytes()), model.NewDefaultConfiguration()); err != nil {
		t.Fatal(err)
	}
	ctx, err := api.ReadContext(bytes.NewReader(out.Bytes()), model.NewDefaultConfiguration())
	if err != nil {
		t.Fatal(err)
	}
	if err := ctx.EnsurePageCount(); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// A screen reader finds the document's language and every heading, paragraph, list and table cell, header cells with
// their direction, in the order they are read, over as many pages as there are.
func TestStructureIsTagged(t *testing.T) {
	for _, rows := range []int{3, 120} {
		t.Run(fmt.Sprint(rows), func(t *testing.T) {
			ctx := write(t, sample(rows))
			catalog, err := ctx.Catalog()
			if err != nil {
				t.Fatal(err)
			}
			if lang, _ := catalog.Find("Lang"); fmt.Sprint(lang) != "(fi)" {
				t.Error("language", lang)
			}
			top, _ := catalog.Find("StructTreeRoot")
			said := structure(t, ctx, dict(t, ctx, top)["K"])
			row := " TR(TH:Row TD TD)"
			want := "Document(H1 P P H2 L(LI(Lbl LBody) LI(Lbl LBody)) H3 Table(TR(TH:Column TH:Column TH:Column)" + strings.Repeat(row, rows) + ") P)"
			if said != want {
				t.Errorf("%s\nwant %s", said, want)
			}
			if rows > 100 && ctx.PageCount < 3 {
				t.Error(ctx.PageCount, "pages")
			}
		})
	}
}

// A row that is longer than a page goes on on the next one, and its cell is one element.
func TestARowLongerThanAPage(t *testing.T) {
	d := pdf.New(pdf.Options{Lang: "sv", Title: "Lång"})
	d.Table(pdf.Table{Head: []string{"A", "B"}, Rows: [][]string{{"x", strings.Repeat("sana ", 3000)}}})
	ctx := write(t, d)
	if ctx.PageCount < 3 {
		t.Error(ctx.PageCount, "pages")
	}
	catalog, err := ctx.Catalog()
	if err != nil {
		t.Fatal(err)
	}
	top, _ := catalog.Find("StructTreeRoot")
	if said := structure(t, ctx, dict(t, ctx, top)["K"]); said != "Document(H1 Table(TR(TH:Column TH:Column) TR(TD TD)))" {
		t.Error(said)
	}
}

// Signs that the font has not do not break a document.
func TestAnySign(t *testing.T) {
	d := pdf.New(pdf.Options{Lang: "en", Title: "😀 محمد \x00\x1f"})
	d.Paragraph("a\u00a0b \u202f 中文 (parens) \\ back")
	d.List()
	d.Table(pdf.Table{})
	write(t, d)
}

func dict(t *testing.T, ctx *model.Context, o types.Object) types.Dict {
	t.Helper()
	d, err := ctx.DereferenceDict(o)
	if err != nil || d == nil {
		t.Fatal("no dictionary", o, err)
	}
	return d
}

// structure writes the tree of elements as text: kind(kid kid:Scope …).
func structure(t *testing.T, ctx *model.Context, o types.Object) string {
	t.Helper()
	d := dict(t, ctx, o)
	said := d["S"].(types.Name).Value()
	if a, there := d["A"]; there {
		said += ":" + dict(t, ctx, a)["Scope"].(types.Name).Value()
	}
	kids, err := ctx.DereferenceArray(d["K"])
	if err != nil {
		t.Fatal(err)
	}
	var inner []string
	marks := 0
	for _, k := range kids {
		if kid := dict(t, ctx, k); kid["S"] != nil {
			inner = append(inner, structure(t, ctx, k))
		} else {
			marks++
		}
	}
	if len(inner) > 0 {
		return said + "(" + strings.Join(inner, " ") + ")"
	}
	if marks == 0 {
		return said + "!empty"
	}
	return said
}
