// Command attack measures what a server withstands, over loopback and within bounds:
//
//	attack slow     500 slow headers, then bodies, then readers, at once, beside clients that behave
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
	"syscall"
	"time"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	command := ""
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	var err error
	start := time.Now()
	switch command {
	case "serve": // by the others
		err = serve(os.Args[2], os.Args[3])
	case "slow":
		err = slow(ctx)
	case "mixed":
		err = mixed(ctx)
	case "roll":
		err = roll(ctx)
	default:
		err = fmt.Errorf("want slow, mixed or roll, not %q", command)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "attack:", err)
		os.Exit(1)
	}
	if command != "serve" {
		fmt.Printf("done after %v\n", time.Since(start).Round(time.Second))
	}
}
