package main

import (
	"strings"
	"testing"
)

func TestReport(t *testing.T) {
	t.Parallel()
	const (
		pass    = `{"Action":"pass","Package":"p","Test":"TestA"}` + "\n"
		passed  = `{"Action":"pass","Package":"p","Elapsed":0.5}` + "\n"
		skip    = `{"Action":"output","Package":"p","Test":"TestB","Output":"    b_test.go:7: no browser\n"}` + "\n" + `{"Action":"skip","Package":"p","Test":"TestB"}` + "\n"
		fail    = `{"Action":"output","Package":"p","Test":"TestC","Output":"    c_test.go:3: got 1\n"}` + "\n" + `{"Action":"fail","Package":"p","Test":"TestC"}` + "\n"
		failed  = `{"Action":"fail","Package":"p","Elapsed":0.5}` + "\n"
		broken  = `{"Action":"build-output","ImportPath":"p","Output":"p.go:1: undefined: x\n"}` + "\n"
		noTests = `{"Action":"skip","Package":"q"}` + "\n"
	)
	for _, tt := range []struct {
		name, events string
		strict, want bool
		says         string
	}{
		{"passes what passed", pass + passed, true, true, "ok    p 0.5s\n1 passed, 0 failed, 0 skipped\n"},
		{"shows the output of a failed test", fail + failed, false, false, "    c_test.go:3: got 1\nFAIL  p 0.5s\nFAILED:  p TestC\n0 passed, 1 failed, 0 skipped\n"},
		{"counts a package that did not build", pass + broken + failed, false, false, "p.go:1: undefined: x\nFAIL  p 0.5s\nFAILED:  p\n1 passed, 1 failed, 0 skipped\n"},
		{"says what was skipped and why", pass + skip, false, true, "SKIPPED: p TestB: b_test.go:7: no browser\n1 passed, 0 failed, 1 skipped\n"},
		{"fails in CI when a test was skipped", pass + skip, true, false, "a skipped test is a failure in CI\n1 passed, 0 failed, 1 skipped\n"},
		{"fails when nothing ran", noTests, false, false, "no tests: q\n0 passed, 0 failed, 0 skipped\n"},
		{"passes on a line that is no event", "panic: x\n" + pass, false, true, "panic: x\n1 passed, 0 failed, 0 skipped\n"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var out strings.Builder
			r := newReport(&out)
			if err := r.read(strings.NewReader(tt.events)); err != nil {
				t.Fatal(err)
			}
			if got := r.finish(tt.strict); got != tt.want {
				t.Errorf("good is %v, want %v", got, tt.want)
			}
			if !strings.HasSuffix(out.String(), tt.says) {
				t.Errorf("the report is\n%s\nwant it to end in\n%s", out.String(), tt.says)
			}
		})
	}
}
