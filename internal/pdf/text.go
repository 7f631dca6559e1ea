package pdf

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strings"
	"sync"
	"time"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// glyphs is the font that tells what can be written.
var glyphs = sync.OnceValue(func() *sfnt.Font {
	font, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return font
})

// writable gives a text with a question mark for each sign that the font has not: Latin with all its marks, Greek and
// Cyrillic are there. Signs that cannot be seen become spaces.
func writable(text string) string {
	var buf sfnt.Buffer
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f' || r < ' ':
			return ' '
		case r < 0x7f:
			return r
		case r > 0xffff:
			return '?'
		}
		if i, err := glyphs().GlyphIndex(&buf, r); err != nil || i == 0 {
			return '?'
		}
		return r
	}, text)
}

// lines parts a text at its line feeds; empty lines are left out.
func lines(text string) []string {
	var out []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			out = append(out, line)
		}
	}
	return out
}

func pageWord(word string, n, all int) string { return fmt.Sprintf("%s %d/%d", writable(word), n, all) }

// xmp is the metadata that readers and archives look for: title, author, language.
func xmp(o Options) []byte {
	var b bytes.Buffer
	esc := func(s string) string {
		var e bytes.Buffer
		xml.EscapeText(&e, []byte(s)) // a buffer takes everything
		return e.String()
	}
	fmt.Fprintf(&b, "<?xpacket begin=\"\ufeff\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"+
		`<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about=""`+
		` xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/">`+
		`<dc:title><rdf:Alt><rdf:li xml:lang="x-default">%s</rdf:li></rdf:Alt></dc:title>`+
		`<dc:creator><rdf:Seq><rdf:li>%s</rdf:li></rdf:Seq></dc:creator><dc:language><rdf:Bag><rdf:li>%s</rdf:li></rdf:Bag></dc:language>`+
		`<xmp:CreateDate>%s</xmp:CreateDate></rdf:Description></rdf:RDF></x:xmpmeta>`+"\n"+`<?xpacket end="w"?>`,
		esc(o.Title), esc(o.Author), esc(o.Lang), o.At.UTC().Format(time.RFC3339))
	return b.Bytes()
}
