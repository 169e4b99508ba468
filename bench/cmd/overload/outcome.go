package main

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

// outcome is what became of one request.
type outcome struct {
	status  int // 0 is no answer
	took    time.Duration
	retry   bool // there is a Retry-After
	problem bool // the body is one
}

type outcomes []outcome

// sum is what became of a load.
type sum struct {
	good, refused      []time.Duration // how long each took
	late, bare, others int             // answered after a second; refused without Retry-After or a problem; answered otherwise or not at all
}

func (all outcomes) sum() sum {
	var s sum
	for _, o := range all {
		switch {
		case o.status == 200 && o.took <= time.Second:
			s.good = append(s.good, o.took)
		case o.status == 200:
			s.late++
		case o.status == 503 && o.retry && o.problem:
			s.refused = append(s.refused, o.took)
		case o.status == 503:
			s.bare++
		default:
			s.others++
		}
	}
	return s
}

// String tells it in one line.
func (s sum) String() string {
	return fmt.Sprintf("answered %d, %s; refused %d, %s; late %d, refused out of form %d, others %d",
		len(s.good), quantiles(s.good), len(s.refused), quantiles(s.refused), s.late, s.bare, s.others)
}

func quantiles(took []time.Duration) string {
	return fmt.Sprintf("p50 %v, p99 %v", quantile(took, 0.5), quantile(took, 0.99))
}

func quantile(took []time.Duration, q float64) time.Duration {
	if len(took) == 0 {
		return 0
	}
	slices.SortFunc(took, cmp.Compare[time.Duration])
	return took[int(q*float64(len(took)-1))].Round(100 * time.Microsecond)
}

// capacity is how many requests a server answers.
type capacity struct {
	rate  float64 // in a second
	ofCPU float64 // in a second of its processor time
}

// String tells it.
func (c capacity) String() string {
	return fmt.Sprintf("%.0f requests a second, %.0f in a second of processor time", c.rate, c.ofCPU)
}

// capacity measures it, with 8 requests at a time.
func (s *server) capacity(length time.Duration) capacity {
	used := s.cpu()
	done := closedLoop(s.addr, 8, length)
	return capacity{float64(done) / length.Seconds(), float64(done) / (s.cpu() - used)}
}

func mean(a, b float64) float64 { return (a + b) / 2 }
