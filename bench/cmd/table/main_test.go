package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/bench/contenders"
	"github.com/tenon-go/tenon/bench/work"
)

// TestTable is a smoke run: every contender stands in every table. The figures mean nothing.
func TestTable(t *testing.T) {
	t.Parallel()
	out := filepath.Join(t.TempDir(), "RESULTS.md")
	var b strings.Builder
	if err := run(config{rounds: 1, sample: time.Millisecond, out: out}, &b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	if info, err := os.Stat(out); err != nil || info.Size() != int64(len(text)) {
		t.Errorf("the file is not what was printed: %v, %v", info, err)
	}
	for _, c := range contenders.All() {
		if n := strings.Count(text, "| "+c.Name+" |"); n != 4 {
			t.Errorf("%s heads %d columns, want 4", c.Name, n)
		}
	}
	for _, l := range work.Loads() {
		if n := strings.Count(text, "| "+l.ID+" "+l.Name+" |"); n != 3 {
			t.Errorf("%s has %d rows, want 3", l.Name, n)
		}
	}
}

func TestRefusesToMeasureNothing(t *testing.T) {
	t.Parallel()
	if err := run(config{rounds: 0, sample: time.Second}, io.Discard); err == nil {
		t.Error("no error for 0 rounds")
	}
}

func TestMedian(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name   string
		values []float64
		want   float64
	}{
		{"of one", []float64{3}, 3},
		{"of an odd number, in any order", []float64{9, 1, 2}, 2},
		{"of an even number", []float64{4, 1, 3, 2}, 2.5},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := median(tt.values); got != tt.want {
				t.Errorf("got %v, want %v", got, tt.want)
			}
		})
	}
}
