// Command table measures the contenders side by side in one process and writes RESULTS.md.
//
// All contenders take turns within each round, so that whatever the machine does to one it does to all. What counts is
// the processor time of the whole process, garbage collection included, on one processor of Go's scheduler.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"
)

// config says how long to measure and where the report goes.
type config struct {
	rounds int
	sample time.Duration // processor time of one sample
	out    string
	load   string // the id of the only load; "" is all
}

func main() {
	cfg := config{}
	short := flag.Bool("short", false, "a smoke run of a few seconds; its figures mean nothing")
	flag.IntVar(&cfg.rounds, "rounds", 21, "rounds of all contenders, of which the median counts")
	flag.DurationVar(&cfg.sample, "sample", 100*time.Millisecond, "processor time of one sample")
	flag.StringVar(&cfg.out, "o", "RESULTS.md", "the file to write")
	flag.StringVar(&cfg.load, "load", "", "one load alone, such as W2; give another file with it")
	flag.Parse()
	if *short {
		cfg.rounds, cfg.sample = 1, time.Millisecond
	}
	if err := run(cfg, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(cfg config, stdout io.Writer) error {
	if cfg.rounds < 1 || cfg.sample <= 0 {
		return fmt.Errorf("rounds is %d and sample is %v, want 1 or more and more than 0", cfg.rounds, cfg.sample)
	}
	runtime.GOMAXPROCS(1)
	rows, err := newRows(cfg.load)
	if err != nil {
		return err
	}
	if err := measure(rows, cfg); err != nil {
		return err
	}
	answers, err := probeAll()
	if err != nil {
		return err
	}
	text := report(rows, answers, cfg)
	if _, err := io.WriteString(stdout, text); err != nil {
		return err
	}
	return os.WriteFile(cfg.out, []byte(text), 0o600)
}
