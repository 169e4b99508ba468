package tenon_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/answer"
	"github.com/tenon-go/tenon/problem"
)

// sealed is a visit that is finished, with an error where it was told one.
type sealed struct {
	visit

	failure error
}

func (s *sealed) Finish(_ context.Context, err error) error { return errors.Join(err, s.failure) }

// reading fails or panics at once.
type reading struct{ how string }

func (r reading) Read([]byte) (int, error) {
	if r.how == "panics" {
		panic("of the reader")
	}
	return 0, problem.NotFound("It is not there.")
}

// lookup is the input of what is sent piece by piece.
type lookup struct {
	How   string  `path:"how"`
	Visit *sealed `dep:""`
}

// onlyTick yields one item, or fails as it is told.
func onlyTick(how string) iter.Seq2[tick, error] {
	return func(yield func(tick, error) bool) {
		switch how {
		case "panics":
			panic("of the iterator")
		case "fails":
			yield(tick{}, problem.NotFound("It is not there."))
		case "empty":
		default:
			yield(tick{}, nil)
		}
	}
}

// piecewise is an app whose answers are sent piece by piece, with header fields and a cookie of what is provided.
func piecewise() *tenon.App {
	app := tenon.New(tenon.Config{Logger: slog.New(slog.DiscardHandler)})
	app.Provide(func(_ context.Context, in *struct {
		How string `path:"how"`
	},
	) (*sealed, error) {
		v := &sealed{visit: visit{2}}
		if in.How == "empty" {
			v.failure = errors.New("of Finish")
		}
		return v, nil
	})
	note := "of the handler"
	app.Get("/events/{how}", func(_ context.Context, in *lookup) (*struct {
		Note *string                `header:"X-Note"`
		Body iter.Seq2[tick, error] `body:"text/event-stream"`
	}, error,
	) {
		return &struct {
			Note *string                `header:"X-Note"`
			Body iter.Seq2[tick, error] `body:"text/event-stream"`
		}{&note, onlyTick(in.How)}, nil
	}, tenon.Fails(problem.NotFound("")))
	app.Get("/lines/{how}", func(_ context.Context, in *lookup) (*struct {
		Body iter.Seq2[tick, error] `body:"application/x-ndjson"`
	}, error,
	) {
		return &struct {
			Body iter.Seq2[tick, error] `body:"application/x-ndjson"`
		}{onlyTick(in.How)}, nil
	}, tenon.Fails(problem.NotFound("")))
	app.Get("/reads/{how}", func(_ context.Context, in *lookup) (*struct {
		Body io.Reader `body:"text/plain"`
	}, error,
	) {
		var from io.Reader = reading{in.How}
		if in.How == "works" {
			from = strings.NewReader("all")
		}
		return &struct {
			Body io.Reader `body:"text/plain"`
		}{from}, nil
	}, tenon.Fails(problem.NotFound("")))
	return app
}

// TestFA07WhatIsSentPieceByPieceStagesItsHeader has answers that have what is provided, and problems in their places that have none of it.
func TestFA07WhatIsSentPieceByPieceStagesItsHeader(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		request string
		status  int
		note    string // "" is a problem, without anything of what is provided
	}{
		{"GET /events/works", 200, "of the handler"},
		{"GET /lines/works", 200, "of the provider"},
		{"GET /reads/works", 200, "of the provider"},
		{"HEAD /events/works", 200, "of the handler"},
		{"HEAD /reads/works", 200, "of the provider"},
		{"GET /events/fails", 404, ""},
		{"GET /lines/fails", 404, ""},
		{"GET /reads/fails", 404, ""},
		{"GET /events/panics", 500, ""},
		{"GET /lines/panics", 500, ""},
		{"GET /reads/panics", 500, ""},
		{"GET /events/empty", 500, ""},
		{"GET /lines/empty", 500, ""},
		{"HEAD /lines/empty", 500, ""},
		{"stopping GET /lines/works", 503, ""},
		{"hidden GET /events/works", 500, ""},
	} {
		t.Run(tt.request, func(t *testing.T) {
			t.Parallel()
			app := piecewise()
			line, stopping := strings.CutPrefix(tt.request, "stopping ")
			line, hidden := strings.CutPrefix(line, "hidden ")
			if stopping {
				app.EndStreams()
			}
			method, target, _ := strings.Cut(line, " ")
			got := httptest.NewRecorder()
			var w http.ResponseWriter = &answer.Writer{ResponseWriter: got}
			if hidden {
				w = struct{ http.ResponseWriter }{got}
			}
			app.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), method, target, nil))
			visit, cookies := "2", []string{"visit=2"}
			if tt.note == "" {
				visit, cookies = "", nil
			}
			h := got.Header()
			if got.Code != tt.status || h.Get("X-Note") != tt.note || h.Get("X-Visit") != visit || !slices.Equal(h.Values("Set-Cookie"), cookies) {
				t.Errorf("%d %v, want %d with the note %q, the visit %q and %q", got.Code, h, tt.status, tt.note, visit, cookies)
			}
		})
	}
}
