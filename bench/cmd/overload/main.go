// Command overload asks a server for more than it can do, over loopback, and says what becomes of it: how much is still answered within a
// second, as a share of what it can do, and how the rest is refused. It exits with 1 when a figure is missed.
//
//	go run ./cmd/overload            2x and 5x of the capacity, 10 seconds each
//	go run ./cmd/overload -open      the same without a bound on what is worked on, to compare; nothing is demanded of it
//	go run ./cmd/overload -time 2s   a short form
//
// The server is a process of its own, which shares the processors with the requests that are sent and with whatever else the machine does. So
// the capacity is measured before and after each load. What is demanded of a load is a share of that, in a second and in a second of the
// server's processor time.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"time"
)

func main() {
	serving := flag.Bool("serve", false, "be the server")
	open := flag.Bool("open", false, "do not bound what is worked on")
	length := flag.Duration("time", 10*time.Second, "how long each load lasts")
	cost := flag.Duration("cost", 5*time.Millisecond, "what one request costs")
	processors := flag.String("processors", "", "those of the server, as taskset takes them")
	flag.Parse()
	var err error
	if *serving {
		err = serve(*open, *cost)
	} else {
		err = measure(*open, *length, *cost, *processors)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "overload:", err)
		os.Exit(1)
	}
}

// loads are how much more than it can do a server is asked for, and the least share of its capacity that it answers then.
var loads = []struct{ times, least float64 }{{2, 0.9}, {5, 0.8}}

// What is demanded besides.
const (
	mostRefusal  = 100 * time.Millisecond // of the 99th percentile
	mostResident = 512                    // MiB
)

func measure(open bool, length, cost time.Duration, processors string) error {
	s, err := start(open, cost, processors)
	if err != nil {
		return err
	}
	defer s.stop()
	var missed []error
	miss := func(is bool, format string, args ...any) {
		if is && !open {
			missed = append(missed, fmt.Errorf(format, args...))
		}
	}
	first := s.capacity(length / 4)
	fmt.Printf("%-8s %s\n", "capacity", first)
	before := first
	for _, load := range loads {
		server, generator := s.cpu(), ownCPU()
		got := openLoop(s.addr, load.times*first.rate, length).sum()
		used := s.cpu() - server
		after := first
		if !open { // else it is still busy with what was sent
			after = s.capacity(length / 4)
		}
		goodput := capacity{float64(len(got.good)) / length.Seconds(), float64(len(got.good)) / used}
		share, shareOfCPU := goodput.rate/mean(before.rate, after.rate), goodput.ofCPU/mean(before.ofCPU, after.ofCPU)
		fmt.Printf("%-8s %s\n", fmt.Sprintf("%gx", load.times), got)
		fmt.Printf("%-8s goodput %.0f %% of capacity, %.0f %% of it in a second of processor time; RSS %d MiB; processor time: server %.1f s, sender %.1f s\n",
			"", 100*share, 100*shareOfCPU, s.resident(), used, ownCPU()-generator)
		fmt.Printf("%-8s %s\n", "capacity", after)
		before = after
		miss(min(share, shareOfCPU) < load.least, "%gx: goodput is %.0f %% of capacity, want %.0f %%", load.times, 100*min(share, shareOfCPU), 100*load.least)
		miss(got.late+got.bare+got.others > 0, "%gx: %d late, %d refused without a problem or Retry-After, %d answered otherwise or not at all",
			load.times, got.late, got.bare, got.others)
		miss(quantile(got.refused, 0.99) > mostRefusal, "%gx: refusals take %v (p99), want %v", load.times, quantile(got.refused, 0.99), mostRefusal)
	}
	calm := openLoop(s.addr, first.rate/2, length/2).sum()
	fmt.Printf("%-8s %s\n", "0.5x", calm)
	miss(len(calm.refused)+calm.late+calm.others > 0, "afterwards, half of the capacity is not all answered")
	miss(s.resident() > mostResident, "the server held %d MiB, want %d at most", s.resident(), mostResident)
	if err := errors.Join(missed...); err != nil || open {
		return err
	}
	fmt.Println("all figures are met")
	return nil
}
