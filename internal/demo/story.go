package demo

import (
	"polku/internal/client"
	"polku/internal/entry"
	"polku/internal/model"
	"polku/internal/path"
)

// story is a client with the whole of their path.
type story struct {
	client client.New
	start  path.Start
	more   []entry.Entry
	fate   fate // how it stands today, for tests
	open   bool // somebody works with them today
	worker string
	model  *model.Model
}

// scaled gives the service with a share of its clients, per cent; at least one for each worker.
func (s service) scaled(share int) service {
	if share == 0 || share == 100 || s.Total == 0 {
		return s
	}
	open := map[string]int{}
	sum := 0
	for w, n := range s.Open {
		open[w] = max(1, n*share/100)
		sum += open[w]
	}
	s.Open, s.Total = open, max(sum+1, s.Total*share/100)
	return s
}
