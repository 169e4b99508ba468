package main

import (
	"bufio"
	"encoding/json/v2"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// event is one line of go test -json; see go doc test2json.
type event struct {
	Action     string
	Package    string
	Test       string
	ImportPath string // of build-output
	Output     string
	Elapsed    float64
}

// report collects events into what a person wants to read.
type report struct {
	out                       io.Writer
	lines                     map[string][]string // output so far, by package and test
	failed, skipped, untested []string
	passes                    int
}

func newReport(out io.Writer) *report {
	return &report{out: out, lines: map[string][]string{}}
}

// read takes in all events of a run. A line that is no event is passed on as it is.
func (r *report) read(in io.Reader) error {
	lines := bufio.NewReader(in)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 0 {
			var e event
			if json.Unmarshal(line, &e, json.MatchCaseInsensitiveNames(true)) != nil {
				r.print(string(line))
			} else {
				r.add(e)
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read the events of go test: %w", err)
		}
	}
}

func (r *report) add(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		r.print(e.Output)
	case "output":
		r.lines[key] = append(r.lines[key], e.Output)
	case "pass":
		r.pass(e)
		delete(r.lines, key)
	case "fail":
		r.fail(e)
		r.print(r.lines[key]...)
		delete(r.lines, key)
	case "skip":
		if e.Test == "" {
			r.untested = append(r.untested, e.Package)
		} else {
			r.skipped = append(r.skipped, key+reason(r.lines[key]))
		}
		delete(r.lines, key)
	}
}

func (r *report) pass(e event) {
	if e.Test != "" {
		r.passes++
		return
	}
	r.print(fmt.Sprintf("ok    %s %.1fs\n", e.Package, e.Elapsed))
}

// fail counts a failed test; a package that failed without one (it did not build, or a test ended the process) counts itself.
func (r *report) fail(e event) {
	if e.Test != "" {
		r.failed = append(r.failed, e.Package+" "+e.Test)
		return
	}
	r.print(fmt.Sprintf("FAIL  %s %.1fs\n", e.Package, e.Elapsed))
	if !slices.ContainsFunc(r.failed, func(f string) bool { return strings.HasPrefix(f, e.Package+" ") }) {
		r.failed = append(r.failed, e.Package)
	}
}

func (r *report) print(lines ...string) {
	for _, line := range lines {
		_, _ = io.WriteString(r.out, line)
	}
}

// reason is the text of t.Skip within the output of a test, with its place.
func reason(lines []string) string {
	for _, line := range lines {
		if strings.Contains(line, ".go:") {
			return ": " + strings.TrimSpace(line)
		}
	}
	return ""
}

// finish writes the totals and reports whether the run is good: something passed, nothing failed and, where strict, nothing
// was skipped.
func (r *report) finish(strict bool) bool {
	for _, p := range r.untested {
		r.print("no tests: ", p, "\n")
	}
	for _, f := range r.failed {
		r.print("FAILED:  ", f, "\n")
	}
	for _, s := range r.skipped {
		r.print("SKIPPED: ", s, "\n")
	}
	if len(r.skipped) > 0 && strict {
		r.print("a skipped test is a failure in CI\n")
	}
	r.print(fmt.Sprintf("%d passed, %d failed, %d skipped\n", r.passes, len(r.failed), len(r.skipped)))
	return r.passes > 0 && len(r.failed) == 0 && (len(r.skipped) == 0 || !strict)
}
