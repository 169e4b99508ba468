// Command attack measures what a server withstands, over loopback and within bounds:
//
//	attack slow     500 slow headers, bodies and readers each, all at once, beside clients that behave
//	attack mixed    100,000 mixed requests, and what is left of them
//	attack roll     rolling restarts of two replicas behind nginx, under load
//
// It starts the servers itself, as processes of their own, and exits with 1 when a figure is missed.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"syscall"
	"time"
)

func main() {
	start := time.Now()
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
	if os.Args[1] != "serve" {
		fmt.Printf("done after %v\n", time.Since(start).Round(time.Second))
	}
}

func run(args []string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch {
	case slices.Equal(args, []string{"slow"}):
		return slow(ctx, patience{}, 500, slowHeaders, slowBodies, slowReaders)
	case slices.Equal(args, []string{"mixed"}):
		return mixed(ctx, 100_000)
	case slices.Equal(args, []string{"roll"}):
		return roll(ctx, 10, 20_000)
	case len(args) == 5 && args[0] == "serve": // by the others
		return serve(args[1], args[2], args[3], args[4])
	}
	return fmt.Errorf("want slow, mixed or roll, not %q", args)
}
