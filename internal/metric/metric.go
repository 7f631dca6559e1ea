// Package metric counts what the program does, in the form that Prometheus reads. It knows routes by their patterns, sizes and
// times; never an address, an id or a person.
package metric

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Sources are where figures of the moment come from; each is asked when somebody reads.
type Sources struct {
	Writers  func() int              // commands that wait for the writer
	Rows     func() int              // rows that wait for the use log
	Sizes    func() map[string]int64 // bytes by file: database, uselog, and their write-ahead logs
	Free     func() (int64, bool)    // bytes free on the disk; false: not known
	Reserve  func() (left, size int64)
	Keeper   func() (last time.Time, failed bool)
	Unready  func() int                             // how many reasons there are not to be ready
	Shipping func() (behind time.Duration, on bool) // how far the shipped copy is behind; false: nothing is shipped
}

// Figures of one program.
type Figures struct {
	registry *prometheus.Registry
	requests *prometheus.HistogramVec
	refused  prometheus.Counter
}

// New makes the figures.
func New(from Sources) *Figures {
	f := &Figures{registry: prometheus.NewRegistry(),
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "polku_request_seconds", Help: "Time until an answer was written, by route pattern and status.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}}, []string{"route", "status"}),
		refused: prometheus.NewCounter(prometheus.CounterOpts{Name: "polku_sign_in_refused_total", Help: "Sign-ins that were refused, whyever."})}
	f.registry.MustRegister(f.requests, f.refused, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), &moment{from})
	return f
}

// Request notes an answered request.
func (f *Figures) Request(route string, status int, took time.Duration) {
	f.requests.WithLabelValues(route, strconv.Itoa(status)).Observe(took.Seconds())
	if route == "POST /sign-in" && status >= 400 && status < 500 {
		f.refused.Inc()
	}
}

// Handler answers whoever reads the figures.
func (f *Figures) Handler() http.Handler {
	return promhttp.HandlerFor(f.registry, promhttp.HandlerOpts{})
}

// moment are the figures that are asked for when they are read.
type moment struct{ from Sources }

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("polku_"+name, help, labels, nil)
}

var (
	writersDesc = desc("writer_queue", "Commands that wait for the embedded database's writer.")
	rowsDesc    = desc("use_log_queue", "Rows of the use log that wait to become durable.")
	sizeDesc    = desc("file_bytes", "Size of the embedded database's files.", "file")
	freeDesc    = desc("disk_free_bytes", "Bytes free on the database's disk.")
	leftDesc    = desc("use_log_reserve_left_bytes", "What is left of the room kept for the use log.")
	keptDesc    = desc("use_log_reserve_bytes", "Room kept for the use log when whole.")
	nightDesc   = desc("night_work_last_timestamp_seconds", "When the keeper's last round ended.")
	failedDesc  = desc("night_work_failed", "1 when the keeper's last round failed.")
	unreadyDesc = desc("unready_reasons", "Reasons not to be ready; 0: ready.")
	behindDesc  = desc("shipping_behind_seconds", "Time since everything written had been shipped to the copy.")
)

// Describe names the figures.
func (m *moment) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{writersDesc, rowsDesc, sizeDesc, freeDesc, leftDesc, keptDesc, nightDesc, failedDesc, unreadyDesc, behindDesc} {
		to <- d
	}
}

// Collect asks for the figures.
func (m *moment) Collect(to chan<- prometheus.Metric) {
	gauge := func(d *prometheus.Desc, value float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, value, labels...)
	}
	gauge(writersDesc, float64(m.from.Writers()))
	gauge(rowsDesc, float64(m.from.Rows()))
	for file, size := range m.from.Sizes() {
		gauge(sizeDesc, float64(size), file)
	}
	if free, known := m.from.Free(); known {
		gauge(freeDesc, float64(free))
	}
	left, size := m.from.Reserve()
	gauge(leftDesc, float64(left))
	gauge(keptDesc, float64(size))
	last, failed := m.from.Keeper()
	if !last.IsZero() {
		gauge(nightDesc, float64(last.Unix()))
	}
	gauge(failedDesc, map[bool]float64{true: 1}[failed])
	gauge(unreadyDesc, float64(m.from.Unready()))
	if behind, on := m.from.Shipping(); on {
		gauge(behindDesc, behind.Seconds())
	}
}
