package data

import (
	"strings"
	"testing"
)

var numberings = []struct{ in, want string }{
	{"SELECT 1", "SELECT 1"},
	{"SELECT ?, ?", "SELECT $1, $2"},
	{"SELECT '?', \"?\", ?", "SELECT '?', \"?\", $1"},
	{"SELECT 'it''s ?', ?", "SELECT 'it''s ?', $1"},
	{`SELECT '\', ?`, `SELECT '\', $1`},
	{`SELECT E'\'?', ?`, `SELECT E'\'?', $1`},
	{`SELECT name'?', ?`, `SELECT name'?', $1`},
	{"SELECT a ?? 'k' AND b = ?", "SELECT a ? 'k' AND b = $1"},
	{"SELECT ? -- why?\n, ?", "SELECT $1 -- why?\n, $2"},
	{"SELECT /* ? /* ? */ ? */ ?", "SELECT /* ? /* ? */ ? */ $1"},
	{"SELECT $$?$$, $a_1$ ? $$ $a_1$, ?", "SELECT $$?$$, $a_1$ ? $$ $a_1$, $1"},
	{"SELECT $1, ?", "SELECT $1, $1"},
	{"SELECT 'open ?", "SELECT 'open ?"},
	{"SELECT /* open ?", "SELECT /* open ?"},
	{"SELECT -- open ?", "SELECT -- open ?"},
	{"SELECT é?", "SELECT é$1"},
}

func TestPlaceholdersAreNumbered(t *testing.T) {
	t.Parallel()
	for _, tt := range numberings {
		if got := number(tt.in); got != tt.want {
			t.Errorf("%s becomes %s, want %s", tt.in, got, tt.want)
		}
	}
}

func FuzzNumber(f *testing.F) {
	for _, tt := range numberings {
		f.Add(tt.in)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		got := number(sql)
		if !strings.Contains(sql, "?") && got != sql {
			t.Errorf("%q becomes %q", sql, got)
		}
		if strings.Count(got, "?") > strings.Count(sql, "?") {
			t.Errorf("%q becomes %q, with more question marks", sql, got)
		}
	})
}
