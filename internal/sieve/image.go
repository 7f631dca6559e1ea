package sieve

import (
	"bytes"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// Sizes of images, in pixels along the longer side.
const (
	sideMost  = 2000 // as kept
	thumbMost = 160
)

// imageMost is how many bytes an image may take while it is decoded: 50 million pixels of an ordinary photograph.
const imageMost = 160 << 20

// pngMost is how large an image may be that is kept as PNG, in bytes; what is larger is a photograph and kept as JPEG.
const pngMost = 2 << 20

// takeImage decodes, turns, shrinks and encodes an image anew.
func takeImage(data []byte) (Kept, error) {
	h, why := headOf(data)
	if why != "" {
		return Kept{}, refuse(why)
	}
	if h.width <= 0 || h.height <= 0 || h.bytes > imageMost {
		return Kept{}, refuse("pixels")
	}
	full, err := h.decode(bytes.NewReader(data))
	if err != nil {
		return Kept{}, refuse("damaged")
	}
	small := turned(shrunk(full, sideMost), h.turn)
	k := Kept{Kind: JPEG}
	if h.png {
		if k.Data, err = asPNG(small); err != nil {
			return Kept{}, refuse("damaged")
		}
		k.Kind = PNG
	}
	if len(k.Data) > pngMost || !h.png {
		k.Kind = JPEG
		if k.Data, err = asJPEG(small, 85); err != nil {
			return Kept{}, refuse("damaged")
		}
	}
	k.Thumb, err = asJPEG(shrunk(small, thumbMost), 70)
	if err != nil {
		return Kept{}, refuse("damaged")
	}
	return k, nil
}

func asPNG(img image.Image) ([]byte, error) {
	var out bytes.Buffer
	err := png.Encode(&out, img)
	return out.Bytes(), err
}

// asJPEG encodes on white where the image lets something through.
func asJPEG(img *image.RGBA, quality int) ([]byte, error) {
	if !img.Opaque() {
		white := image.NewRGBA(img.Bounds())
		draw.Draw(white, white.Bounds(), image.NewUniform(color.White), image.Point{}, draw.Src)
		draw.Draw(white, white.Bounds(), img, img.Bounds().Min, draw.Over)
		img = white
	}
	var out bytes.Buffer
	err := jpeg.Encode(&out, img, &jpeg.Options{Quality: quality})
	return out.Bytes(), err
}

// shrunk gives an image whose longer side is at most most. It halves as long as it can: each step averages four pixels,
// so that fine print stays readable, and takes little memory.
func shrunk(img image.Image, most int) *image.RGBA {
	for {
		b := img.Bounds()
		w, h := b.Dx(), b.Dy()
		side := max(w, h)
		switch {
		case side >= 2*most:
			w, h = max(1, w/2), max(1, h/2)
		case side > most:
			w, h = max(1, w*most/side), max(1, h*most/side)
		default:
			if done, is := img.(*image.RGBA); is {
				return done
			}
		}
		next := image.NewRGBA(image.Rect(0, 0, w, h))
		draw.ApproxBiLinear.Scale(next, next.Bounds(), img, b, draw.Src, nil)
		img = next
	}
}

// turned gives an image as it is meant to be looked at, by the orientation of EXIF (CIPA DC-008, tag 0x0112): 1–8.
func turned(img *image.RGBA, turn int) *image.RGBA {
	if turn < 2 || turn > 8 {
		return img
	}
	w, h := img.Bounds().Dx(), img.Bounds().Dy()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if turn >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch turn {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(out.Pix[out.PixOffset(tx, ty):][:4], img.Pix[img.PixOffset(x, y):][:4])
		}
	}
	return out
}

// decodeWebP is the decoder for lossy images; headOf lets no others through.
var decodeWebP = webp.Decode
