package main

import (
	"os"
	"testing"
	"time"
)

// TestMain lets the test binary be the server.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "-serve" {
		main()
		return
	}
	os.Exit(m.Run())
}

// TestAnOverloadIsRefusedInForm asks for five times what the server can do, for a moment. How fast it is stays to be measured.
func TestAnOverloadIsRefusedInForm(t *testing.T) {
	t.Parallel()
	const length = time.Second
	s, err := start(false, 5*time.Millisecond, "")
	if err != nil {
		t.Fatal(err)
	}
	defer s.stop()
	got := openLoop(s.addr, 5*s.capacity(length).rate, length).sum()
	if len(got.good) == 0 || len(got.refused) == 0 || got.bare > 0 || got.others > 0 {
		t.Errorf("%v; want some answered, some refused, each with a problem and Retry-After, and nothing else", got)
	}
	if calm := openLoop(s.addr, 20, length).sum(); len(calm.good)+calm.late == 0 || calm.bare+calm.others > 0 {
		t.Errorf("afterwards: %v; want answers, and refusals in form alone", calm)
	}
	if s.resident() > mostResident {
		t.Errorf("the server holds %d MiB", s.resident())
	}
}
