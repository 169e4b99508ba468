package tenon_test

import (
	"context"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
)

// TestSD031ACodeIsOneProblem declares problems of one code in two operations: what clients go by must not mean two things.
func TestSD031ACodeIsOneProblem(t *testing.T) {
	t.Parallel()
	gone := problem.Define(410, "note-gone", "The note is gone.")
	for _, tt := range []struct {
		name  string
		other *problem.Error
		want  string
	}{
		{"the same", problem.Define(410, "note-gone", "The note is gone."), ""},
		{"with a text and a field of its own", gone.With("It was burnt.").WithHeader("Retry-After", "1"), ""},
		{"another status", problem.Define(409, "note-gone", "The note is gone."), `GET /b: problem "note-gone" is 409 "The note is gone." here, and 410 "The note is gone." in GET /a registered at `},
		{"another title", problem.Define(410, "note-gone", "Somebody took it."), `is 410 "Somebody took it." here, and 410 "The note is gone."`},
	} {
		app := tenon.New(tenon.Config{})
		handle := func(context.Context, *struct{}) (*found, error) { return &found{}, nil }
		app.Get("/a", handle, tenon.Fails(gone))
		app.Get("/b", handle, tenon.Fails(tt.other))
		app.Get("/c", handle, tenon.Fails(tt.other)) // which is not told again
		err := app.Compile()
		if (err == nil) != (tt.want == "") || err != nil && (!strings.Contains(err.Error(), tt.want) || strings.Count(err.Error(), "a code is one problem") != 1) {
			t.Errorf("%s: %v, want %q", tt.name, err, tt.want)
		}
	}
}
