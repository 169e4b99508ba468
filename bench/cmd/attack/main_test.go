package main

import (
	"os"
	"testing"
	"time"
)

// TestMain lets the test binary be the server.
func TestMain(m *testing.M) {
	if len(os.Args) == 4 && os.Args[1] == "serve" {
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

// TestSlowHeadersAreCut is the short form of the command. That they are cut is tested, not when: a machine that is busy may be late.
func TestSlowHeadersAreCut(t *testing.T) {
	t.Parallel()
	patient := slowHeaders
	patient.limit = time.Minute
	if err := slow(t.Context(), 50, patient); err != nil {
		t.Error(err)
	}
}
