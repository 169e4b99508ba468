package main

import (
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"time"

	"github.com/tenon-go/tenon/bench/contenders"
	"github.com/tenon-go/tenon/bench/work"
)

// row is one load with all its contenders, the first of which is the measure of the others.
type row struct {
	load  work.Load
	cells []*cell
}

// cell is one contender at one load.
type cell struct {
	name    string
	load    work.Load
	make    func() http.Handler
	service http.Handler // nil but while it is measured
	request *work.Request
	writer  *work.Writer
	direct  func() int // nil: by ServeHTTP
	status  int
	loops   int // per sample
	samples []sample
}

// sample is what one operation cost, on average over many.
type sample struct{ ns, allocs, bytes float64 }

func newRows(only string) ([]*row, error) {
	all := contenders.All()
	var rows []*row
	for _, l := range work.Loads() {
		if only != "" && l.ID != only {
			continue
		}
		r := &row{load: l}
		for _, c := range all {
			request, err := work.NewRequest(l.Method, l.Target, l.Body)
			if err != nil {
				return nil, err
			}
			r.cells = append(r.cells, &cell{name: c.Name, load: l, make: c.New, request: request, writer: work.NewWriter(), status: l.Status})
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// measure calibrates each cell, then takes one sample of each per round. The order of the contenders turns from round to
// round, so that none always follows the same neighbour.
func measure(rows []*row, cfg config) error {
	for _, r := range rows {
		for _, c := range r.cells {
			c.calibrate(cfg.sample)
		}
	}
	for round := range cfg.rounds {
		for _, r := range rows {
			for i := range r.cells {
				c := r.cells[(i+round)%len(r.cells)]
				s, err := c.take()
				if err != nil {
					return fmt.Errorf("%s, %s: %w", r.load.Name, c.name, err)
				}
				c.samples = append(c.samples, s)
			}
		}
	}
	return nil
}

// calibrate finds how many operations take about the wanted processor time; it warms pools and caches too.
func (c *cell) calibrate(want time.Duration) {
	c.open()
	defer c.close()
	for c.loops = 16; ; c.loops *= 2 {
		spent := c.serve(c.loops)
		if spent >= want/4 || c.loops > 1<<24 {
			c.loops = max(16, int(float64(c.loops)*float64(want)/float64(max(spent, 1))))
			return
		}
	}
}

func (c *cell) serve(loops int) time.Duration {
	start := processorTime()
	if c.direct != nil {
		for range loops {
			c.writer.Status = c.direct()
		}
		return processorTime() - start
	}
	for range loops {
		c.writer.Reset()
		c.service.ServeHTTP(c.writer, c.request.Next())
	}
	return processorTime() - start
}

// open makes the service anew, so that its garbage collector has no other contender's service to look through.
func (c *cell) open() {
	c.service = c.make()
	if d, ok := c.service.(contenders.Direct); ok {
		c.direct = d.Prepare(c.load.Method, c.load.Target, c.load.Body)
	}
}

func (c *cell) close() { c.service, c.direct = nil, nil }

// warm is how many operations fill the pools and caches of a service.
const warm = 64

// take starts from a clean heap, so that nobody pays for another's garbage.
func (c *cell) take() (sample, error) {
	c.open()
	defer c.close()
	c.serve(warm)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	spent := c.serve(c.loops)
	runtime.ReadMemStats(&after)
	if c.writer.Status != c.status {
		return sample{}, fmt.Errorf("status %d, want %d", c.writer.Status, c.status)
	}
	n := float64(c.loops)
	return sample{
		ns:     float64(spent) / n,
		allocs: float64(after.Mallocs-before.Mallocs) / n,
		bytes:  float64(after.TotalAlloc-before.TotalAlloc) / n,
	}, nil
}

func (c *cell) median(of func(sample) float64) float64 {
	values := make([]float64, len(c.samples))
	for i, s := range c.samples {
		values[i] = of(s)
	}
	return median(values)
}

// ratio is the median of the rounds' ratios to the first contender, each taken within one round.
func (c *cell) ratio(first *cell) float64 {
	values := make([]float64, len(c.samples))
	for i, s := range c.samples {
		values[i] = s.ns / first.samples[i].ns
	}
	return median(values)
}

// spread is half the distance between the quartiles, as a share of the median.
func (c *cell) spread() float64 {
	values := make([]float64, len(c.samples))
	for i, s := range c.samples {
		values[i] = s.ns
	}
	slices.Sort(values)
	n := len(values)
	return (values[n*3/4] - values[n/4]) / 2 / median(values)
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	n := len(v)
	return (v[(n-1)/2] + v[n/2]) / 2
}
