package main

import (
	"os"
	"testing"
	"time"
)

// TestMain lets the test binary be the server.
func TestMain(m *testing.M) {
	if len(os.Args) == 6 && os.Args[1] == "serve" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestMixedRequestsLeaveNothing is the short form of the command.
func TestMixedRequestsLeaveNothing(t *testing.T) {
	t.Parallel()
	if err := mixed(t.Context(), 3_000); err != nil {
		t.Error(err)
	}
}

// TestSlowClientsAreCut is the short form of the command, with less patience. That they are cut is tested, not when: a machine that is busy
// may be late.
func TestSlowClientsAreCut(t *testing.T) {
	t.Parallel()
	headers, bodies, readers := slowHeaders, slowBodies, slowReaders
	headers.limit, bodies.limit, readers.limit = time.Minute, time.Minute, 40*time.Second
	if err := slow(t.Context(), patience{4 * time.Second, 35 * time.Second}, 50, headers, bodies, readers); err != nil {
		t.Error(err)
	}
}

// TestARollingRestartLosesNothing is the short form of the command.
func TestARollingRestartLosesNothing(t *testing.T) {
	t.Parallel()
	if err := roll(t.Context(), 2, 500); err != nil {
		t.Error(err)
	}
}
