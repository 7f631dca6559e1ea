package sieve

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"io"

	"golang.org/x/image/webp"
)

// head is what the beginning of an image tells before anything is decoded.
type head struct {
	width, height int
	bytes         int64 // of memory that decoding takes
	turn          int   // orientation of EXIF; 0: not told
	png           bool
	decode        func(io.Reader) (image.Image, error)
}

// headOf reads the head of an image, or tells why it is not taken.
func headOf(data []byte) (head, string) {
	switch data[0] {
	case 0xff:
		return jpegHead(data)
	case 0x89:
		return pngHead(data)
	}
	return webpHead(data)
}

// scansMost is how many times a JPEG may go over its pixels: a progressive photograph does it some ten times, a file made
// to keep a machine busy ten thousand times.
const scansMost = 100

func jpegHead(data []byte) (head, string) {
	h := head{decode: jpeg.Decode}
	if bytes.Count(data, []byte{0xff, 0xda}) > scansMost {
		return h, "damaged"
	}
	for i := 2; i+4 <= len(data); {
		if data[i] != 0xff {
			return h, "damaged"
		}
		mark := data[i+1]
		if mark == 0xff { // fill
			i++
			continue
		}
		if mark == 0xda || mark == 0xd9 {
			break
		}
		size := int(binary.BigEndian.Uint16(data[i+2:]))
		if size < 2 || i+2+size > len(data) {
			return h, "damaged"
		}
		part := data[i+4 : i+2+size]
		switch {
		case mark == 0xe1 && bytes.HasPrefix(part, []byte("Exif\x00\x00")):
			h.turn = orientation(part[6:])
		case mark >= 0xc0 && mark <= 0xc2:
			h.frame(part, mark == 0xc2)
		}
		i += 2 + size
	}
	return h, ""
}

// frame reads the size of a JPEG and what its samples take: each component has its own resolution, and a progressive image
// keeps four bytes of coefficients for every sample beside it.
func (h *head) frame(part []byte, progressive bool) {
	if len(part) < 6 || len(part) < 6+3*int(part[5]) {
		return
	}
	h.height, h.width = int(binary.BigEndian.Uint16(part[1:])), int(binary.BigEndian.Uint16(part[3:]))
	var samples, most int64
	for c := range int(part[5]) {
		both := part[6+3*c+1]
		area := int64(both>>4) * int64(both&15)
		samples, most = samples+area, max(most, area)
	}
	if most == 0 {
		h.width = 0
		return
	}
	h.bytes = int64(h.width) * int64(h.height) * samples / most
	if progressive {
		h.bytes *= 5
	}
}

func pngHead(data []byte) (head, string) {
	h := head{png: true, decode: png.Decode}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return h, "damaged"
	}
	h.width, h.height = c.Width, c.Height
	per := int64(4)
	switch c.ColorModel {
	case color.NRGBA64Model, color.RGBA64Model:
		per = 8
	}
	h.bytes = int64(c.Width) * int64(c.Height) * per
	for i := 8; i+12 <= len(data); {
		size := int64(binary.BigEndian.Uint32(data[i:]))
		if size > int64(len(data)-i-12) {
			break
		}
		if string(data[i+4:i+8]) == "eXIf" {
			h.turn = orientation(data[i+8 : i+8+int(size)])
		}
		i += 12 + int(size)
	}
	return h, ""
}

// webpHead takes lossy images only: the lossless form can be made to take hundreds of megabytes from a small file.
func webpHead(data []byte) (head, string) {
	h := head{decode: decodeWebP}
	for i := 12; i+8 <= len(data); {
		size := int64(binary.LittleEndian.Uint32(data[i+4:]))
		if size > int64(len(data)-i-8) {
			return h, "damaged"
		}
		switch string(data[i : i+4]) {
		case "VP8L", "ALPH", "ANIM", "ANMF":
			return h, "webp"
		case "EXIF":
			h.turn = orientation(bytes.TrimPrefix(data[i+8:i+8+int(size)], []byte("Exif\x00\x00")))
		}
		i += 8 + int(size) + int(size&1)
	}
	c, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return h, "damaged"
	}
	h.width, h.height = c.Width, c.Height
	h.bytes = int64(c.Width) * int64(c.Height) * 2
	return h, ""
}

// orientation reads the one thing that is wanted of EXIF: a TIFF header, then the tags of the first directory.
func orientation(tiff []byte) int {
	if len(tiff) < 8 {
		return 0
	}
	var order binary.ByteOrder = binary.BigEndian
	if tiff[0] == 'I' {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(tiff[4:]))
	if at+2 > int64(len(tiff)) {
		return 0
	}
	tags := tiff[at+2:]
	for range order.Uint16(tiff[at:]) {
		if len(tags) < 12 {
			return 0
		}
		if order.Uint16(tags) == 0x0112 {
			return int(order.Uint16(tags[8:]))
		}
		tags = tags[12:]
	}
	return 0
}
