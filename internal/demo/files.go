package demo

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"

	"go.yaml.in/yaml/v3"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/fault"
	"polku/internal/file"
	"polku/internal/ident"
	"polku/internal/path"
	"polku/internal/sieve"
)

// filesShown is how many open paths have files.
const filesShown = 18

// sampleFile of data/files.yaml.
type sampleFile struct {
	Title, Text string
	Sky, Ground [3]uint8
}

// addFiles gives some clients with an open path a file or two, through the same sieve and store as what people add.
func addFiles(ctx context.Context, d *db.DB, book *path.Book, store *file.Store, who actor.Actor) error {
	text, err := data.ReadFile("data/files.yaml")
	var samples []sampleFile
	if err == nil {
		err = yaml.Unmarshal(text, &samples)
	}
	if err != nil {
		return fault.Wrap(err, "demo.words")
	}
	var paths, clients []string
	if err := d.View(ctx, who, func(tx *db.Tx) error {
		paths, clients = nil, nil
		return tx.Each(`select path_id, client_id from standing where tenant_id = $1 and status = 'open' order by path_id limit $2`, []any{who.Tenant, filesShown},
			func(row func(...any) error) error {
				var p, c string
				err := row(&p, &c)
				paths, clients = append(paths, p), append(clients, c)
				return err
			})
	}); err != nil {
		return err
	}
	for i, p := range paths {
		for n := range 1 + i%2 {
			s := samples[(2*i+n)%len(samples)]
			k, err := sieve.Take(ctx, s.content())
			if err != nil {
				return err
			}
			kept, err := store.Keep(who.Tenant, clients[i], k)
			if err != nil {
				return err
			}
			if err := d.Update(ctx, who, func(tx *db.Tx) error {
				_, err := file.Add(tx, book, p, file.New{ID: ident.Beside(p, s.Title), Kept: kept, Title: s.Title})
				return err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// content is the text, or a picture: sky above, ground below, a sun.
func (s sampleFile) content() []byte {
	if s.Text != "" {
		return []byte(s.Text)
	}
	const w, h = 640, 480
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	sun := color.RGBA{233, 162, 59, 255}
	for y := range h {
		for x := range w {
			c := color.RGBA{s.Sky[0], s.Sky[1], s.Sky[2], 255}
			hill := 300 - (x-w/2)*(x-w/2)/900
			dx, dy := x-480, y-120
			switch {
			case y > hill:
				c = color.RGBA{s.Ground[0], s.Ground[1], s.Ground[2], 255}
			case dx*dx+dy*dy < 50*50:
				c = sun
			}
			img.SetRGBA(x, y, c)
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		panic(err) // a picture in memory always encodes
	}
	return out.Bytes()
}
