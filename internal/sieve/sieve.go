// Package sieve decides what may be kept of what somebody uploads, and in which shape. The content tells what a file is,
// never its name. Images are decoded, turned, shrunk and encoded anew, so that nothing stays of what else stood in the
// file (place, camera, a second file hidden behind the picture); documents are looked through and refused when they hold
// anything that acts. It is pure: bytes in, bytes out, within bounds of memory and time whatever the bytes are.
package sieve

import (
	"bytes"
	"context"
	"net/http"
	"unicode"
	"unicode/utf8"

	"polku/internal/fault"
)

// Most is how large a file may be that comes in, in bytes.
const Most = 20 << 20

// Kind is what a kept file is.
type Kind string

// The kinds that are kept.
const (
	JPEG Kind = "jpeg"
	PNG  Kind = "png"
	PDF  Kind = "pdf"
	Text Kind = "text"
	DOCX Kind = "docx"
	XLSX Kind = "xlsx"
	ODT  Kind = "odt"
)

// about tells of each kind its media type (IANA) and the ending of its file name.
var about = map[Kind]struct{ media, ending string }{
	JPEG: {"image/jpeg", "jpg"}, PNG: {"image/png", "png"}, PDF: {"application/pdf", "pdf"}, Text: {"text/plain; charset=utf-8", "txt"},
	DOCX: {"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"},
	XLSX: {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"},
	ODT:  {"application/vnd.oasis.opendocument.text", "odt"},
}

// Known tells whether there is such a kind.
func (k Kind) Known() bool { return about[k].media != "" }

// Media is the media type that a file of the kind is served as.
func (k Kind) Media() string { return about[k].media }

// Ending of a file name of the kind, without the dot.
func (k Kind) Ending() string { return about[k].ending }

// Image tells whether the kind is a picture.
func (k Kind) Image() bool { return k == JPEG || k == PNG }

// Viewable tells whether a browser shows the kind by itself, without anything that acts.
func (k Kind) Viewable() bool { return k.Image() || k == PDF }

// Kept is a file as it may be kept.
type Kept struct {
	Kind  Kind
	Data  []byte
	Thumb []byte // a small JPEG of an image; nil for documents
	Pages int    // of a PDF
}

// refuse says why a file is not taken. Each key has words that tell how to mend it.
func refuse(why string) error { return fault.E(fault.Invalid, "file.refused."+why, nil) }

// turn lets one image be decoded at a time: however many people upload at once, memory stays within imageMost.
var turn = make(chan struct{}, 1)

// Take gives a file in the shape in which it may be kept, or an Invalid fault file.refused.… that says why not.
func Take(ctx context.Context, data []byte) (Kept, error) {
	switch {
	case len(data) == 0:
		return Kept{}, refuse("empty")
	case len(data) > Most:
		return Kept{}, fault.E(fault.Invalid, "file.refused.big", fault.Args{"mb": Most >> 20})
	}
	kind, why := look(data)
	if why != "" {
		return Kept{}, refuse(why)
	}
	switch kind {
	case "image":
		select {
		case turn <- struct{}{}:
			defer func() { <-turn }()
		case <-ctx.Done():
			return Kept{}, &fault.Error{Kind: fault.Unavailable, Key: "error.closing", Cause: ctx.Err()}
		}
		return takeImage(data)
	case PDF:
		return takePDF(data)
	case Text:
		return takeText(data)
	}
	return takeOffice(data)
}

// look tells by the first bytes what a file is: a kind, "image", "office" (a zip archive), or why it is not taken.
func look(data []byte) (kind Kind, why string) {
	has := func(at int, mark string) bool {
		return len(data) >= at+len(mark) && string(data[at:at+len(mark)]) == mark
	}
	switch {
	case has(0, "\xff\xd8\xff"), has(0, "\x89PNG\r\n\x1a\n"), has(0, "RIFF") && has(8, "WEBP"):
		return "image", ""
	case has(0, "%PDF-"):
		return PDF, ""
	case has(0, "PK\x03\x04"):
		return "office", ""
	case has(4, "ftyp"):
		return "", brand(data)
	case has(0, "GIF8"):
		return "", "gif"
	case has(0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), has(0, `{\rtf`):
		return "", "old_office"
	case markup(data):
		return "", "markup"
	case plain(data):
		return Text, ""
	}
	return "", "unknown"
}

// brand tells what a file in the ISO base media format is (ISO/IEC 14496-12): photographs of some phones, or video.
func brand(data []byte) string {
	if len(data) >= 12 {
		switch string(data[8:12]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx", "mif1", "msf1", "avif", "avis":
			return "heic"
		}
	}
	return "video"
}

// markup tells of HTML, SVG and other XML: text to read, but a browser or a viewer may run what is in it.
func markup(data []byte) bool {
	head := bytes.ToLower(data[:min(len(data), 4096)])
	for _, mark := range []string{"<svg", "<html", "<!doctype", "<script", "<?xml", "<?php", "<iframe", "<body"} {
		if bytes.Contains(head, []byte(mark)) {
			return true
		}
	}
	kind := http.DetectContentType(data)
	return bytes.HasPrefix([]byte(kind), []byte("text/html")) || bytes.HasPrefix([]byte(kind), []byte("text/xml"))
}

// plain tells of text that is nothing but text: UTF-8 without control characters.
func plain(data []byte) bool {
	if !utf8.Valid(data) {
		return false
	}
	return bytes.IndexFunc(data, func(r rune) bool {
		return unicode.IsControl(r) && r != '\n' && r != '\r' && r != '\t' && r != '\f'
	}) < 0
}

// textMost is how long a text file may be, in bytes: some 300 pages.
const textMost = 1 << 20

func takeText(data []byte) (Kept, error) {
	if len(data) > textMost {
		return Kept{}, refuse("long_text")
	}
	return Kept{Kind: Text, Data: data}, nil
}
