package browsertest

import (
	"bytes"
	"context"
	"image"
	"image/png"

	"polku/internal/actor"
	"polku/internal/db"
	"polku/internal/demo"
	"polku/internal/file"
	"polku/internal/sieve"
)

// addFile adds a picture to a client's path and gives its entry.
func (s *site) addFile(c someone) (id string) {
	s.t.Helper()
	var path string
	s.one(&path, `select max(path_id) from path where tenant_id = 1 and client_id = $1`, c.id)
	var out bytes.Buffer
	must(s.t, png.Encode(&out, image.NewRGBA(image.Rect(0, 0, 80, 60))))
	k, err := sieve.Take(context.Background(), out.Bytes())
	must(s.t, err)
	kept, err := s.files.Keep(demo.Tenant, c.id, k)
	must(s.t, err)
	must(s.t, s.w.DB.Update(context.Background(), actor.System(demo.Tenant, actor.Sample, "test"), func(tx *db.Tx) error {
		id, err = file.Add(tx, s.book, path, file.New{Kept: kept, Title: "Hygieniapassi"})
		return err
	}))
	return id
}
