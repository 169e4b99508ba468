// Command overload asks a server for more than it can do, over loopback, and says what becomes of it: how much is still answered within a
// second, as a share of what it can do, and how the rest is refused.
//
//	go run ./cmd/overload            2x and 5x of the capacity, 10 seconds each
//	go run ./cmd/overload -open      the same without a bound on what is worked on, to compare
//
// The server is a process of its own, which shares the processors with the requests that are sent.
package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"slices"
	"time"
)

func main() {
	serving := flag.Bool("serve", false, "be the server")
	open := flag.Bool("open", false, "do not bound what is worked on")
	length := flag.Duration("time", 10*time.Second, "how long each load lasts")
	cost := flag.Duration("cost", 5*time.Millisecond, "what one request costs")
	flag.Parse()
	var err error
	if *serving {
		err = serve(*open, *cost)
	} else {
		err = measure(*open, *length, *cost)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "overload:", err)
		os.Exit(1)
	}
}

func measure(open bool, length, cost time.Duration) error {
	s, err := start(open, cost)
	if err != nil {
		return err
	}
	defer s.stop()
	capacity := closedLoop(s.addr, 8, length/2)
	fmt.Printf("capacity: %.0f requests a second, 8 at a time\n", capacity)
	calm := openLoop(s.addr, capacity/2, length/2)
	fmt.Printf("%-6s %s\n", "0.5x", calm.line(capacity, length/2))
	for _, times := range []float64{2, 5} {
		server, generator := s.cpu(), ownCPU()
		load := openLoop(s.addr, capacity*times, length)
		fmt.Printf("%-6s %s; RSS %d MiB; CPU server %.1f s, generator %.1f s\n", fmt.Sprintf("%gx", times), load.line(capacity, length), s.resident(),
			s.cpu()-server, ownCPU()-generator)
	}
	after := openLoop(s.addr, capacity/2, length/2)
	fmt.Printf("%-6s %s\n", "after", after.line(capacity, length/2))
	return nil
}

// outcome is what became of one request.
type outcome struct {
	status int // 0 is no answer
	took   time.Duration
	retry  bool // there is a Retry-After
}

type outcomes []outcome

// line says what became of a load.
func (all outcomes) line(capacity float64, length time.Duration) string {
	var good, refused []time.Duration
	late, odd, bare := 0, map[int]int{}, 0
	for _, o := range all {
		switch {
		case o.status == 200 && o.took <= time.Second:
			good = append(good, o.took)
		case o.status == 200:
			late++
		case o.status == 503:
			refused = append(refused, o.took)
			if !o.retry {
				bare++
			}
		default:
			odd[o.status]++
		}
	}
	goodput := float64(len(good)) / length.Seconds()
	return fmt.Sprintf("sent %d, goodput %.0f/s (%.0f %% of capacity), %s; refused %d, %s; late %d, without Retry-After %d, others %v",
		len(all), goodput, 100*goodput/capacity, quantiles(good), len(refused), quantiles(refused), late, bare, odd)
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
