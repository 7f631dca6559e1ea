package sieve

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
)

// Limits of a PDF.
const (
	pagesMost   = 500
	objectsMost = 32 << 20 // bytes that its packed objects may take, all together
	streamsMost = 100_000
)

// acts are the names of what makes a PDF do something or carry something else (ISO 32000-2: 12.6.4 actions, 7.11.4
// embedded files, 13 multimedia, 12.7.8 XFA). An action that runs a script always names /JavaScript.
var acts = []string{"/JavaScript", "/Launch", "/EmbeddedFile", "/RichMedia", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE"}

var (
	onePage   = regexp.MustCompile(`/Type\s*/Page[^s0-9A-Za-z]`)
	packed    = regexp.MustCompile(`/ObjStm([^0-9A-Za-z]|$)`)
	flateOnly = regexp.MustCompile(`/Filter\s*(/FlateDecode|\[\s*/FlateDecode\s*\])`)
	xfa       = regexp.MustCompile(`/XFA[^0-9A-Za-z]`)
)

// takePDF looks a PDF through without building it: everything that is readable in the file, and the objects that are packed
// into streams. A name that hides behind #-codes is read as what it means. What cannot be looked into is refused.
func takePDF(data []byte) (Kept, error) {
	if !bytes.Contains(data[max(0, len(data)-2048):], []byte("%%EOF")) {
		return Kept{}, refuse("damaged")
	}
	all := plainNames(data)
	if bytes.Contains(all, []byte("/Encrypt")) {
		return Kept{}, refuse("pdf_locked")
	}
	pages, inspected := 0, 0
	look := func(text []byte) string {
		for _, name := range acts {
			if bytes.Contains(text, []byte(name)) {
				return "pdf_acts"
			}
		}
		pages += len(onePage.FindAllIndex(text, pagesMost+1))
		return ""
	}
	if why := look(all); why != "" {
		return Kept{}, refuse(why)
	}
	left := int64(objectsMost)
	why := eachStream(data, func(dict, body []byte) string {
		dict = plainNames(dict)
		if xfa.Match(dict) {
			return "pdf_acts"
		}
		if !packed.Match(dict) {
			return ""
		}
		inspected += len(packed.FindAllIndex(dict, -1))
		if !flateOnly.Match(dict) || bytes.Contains(dict, []byte("/DecodeParms")) {
			return "pdf_odd"
		}
		text, ok := inflate(body, left)
		if !ok {
			return "bomb"
		}
		left -= int64(len(text))
		text = plainNames(text)
		if xfa.Match(text) {
			return "pdf_acts"
		}
		return look(text)
	})
	switch {
	case why != "":
		return Kept{}, refuse(why)
	case len(packed.FindAllIndex(all, -1)) > inspected: // a pack that was not found as one: nobody knows what is in it
		return Kept{}, refuse("pdf_odd")
	case pages == 0:
		return Kept{}, refuse("damaged")
	case pages > pagesMost:
		return Kept{}, refuse("pdf_pages")
	}
	return Kept{Kind: PDF, Data: data, Pages: pages}, nil
}

// eachStream gives the text before each stream, back to the one before it, and the stream, until fn tells why the file is
// refused. After the last stream it gives what is left, without a body.
func eachStream(data []byte, fn func(dict, body []byte) string) string {
	for range streamsMost {
		at := bytes.Index(data, []byte("stream"))
		end := -1
		if at >= 0 {
			end = bytes.Index(data[at:], []byte("endstream"))
		}
		if end < 0 {
			return fn(data, nil)
		}
		body := data[at+len("stream") : at+end]
		body = bytes.TrimPrefix(bytes.TrimPrefix(body, []byte("\r")), []byte("\n"))
		if why := fn(data[:at], body); why != "" {
			return why
		}
		data = data[at+end+len("endstream"):]
	}
	return "pdf_odd"
}

// inflate unpacks at most most bytes; false when there is more. What cannot be unpacked is cut where it breaks, as viewers do.
func inflate(body []byte, most int64) ([]byte, bool) {
	z, err := zlib.NewReader(bytes.NewReader(body))
	if err != nil {
		return nil, true
	}
	var out bytes.Buffer
	n, _ := io.Copy(&out, io.LimitReader(z, most+1))
	return out.Bytes(), n <= most
}

// plainNames reads #-codes in names as the characters that they stand for (ISO 32000-2, 7.3.5).
func plainNames(data []byte) []byte {
	if bytes.IndexByte(data, '#') < 0 {
		return data
	}
	out := make([]byte, 0, len(data))
	for i := 0; i < len(data); i++ {
		if data[i] == '#' && i+2 < len(data) {
			hi, lo := hexDigit(data[i+1]), hexDigit(data[i+2])
			if hi >= 0 && lo >= 0 {
				out = append(out, byte(hi<<4|lo))
				i += 2
				continue
			}
		}
		out = append(out, data[i])
	}
	return out
}

func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
