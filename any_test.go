package tenon_test

import (
	"context"
	"encoding/json"
	"encoding/json/jsontext"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// Event holds JSON that the service does not look at.
type Event struct {
	Payload any                       `json:"payload" doc:"Anything."`
	Extra   map[string]any            `json:"extra"`
	Raw     jsontext.Value            `json:"raw"`
	List    []any                     `json:"list" maxItems:"3" uniqueItems:"true"`
	Maybe   tenon.Opt[any]            `json:"maybe"`
	Null    tenon.Null[any]           `json:"null"`
	Setting any                       `json:"setting" default:"{\"a\":[1]}"`
	Old     tenon.Opt[jsontext.Value] `json:"old"`
}

func anyEvents(tb testing.TB) *tenontest.Server {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Post("/events", func(_ context.Context, in *Event) (*Event, error) { return in, nil })
	app.Put("/anything", func(_ context.Context, in *any) (*any, error) { return in, nil })
	app.Put("/raw", func(_ context.Context, in *struct {
		Body jsontext.Value `body:""`
	}) (*struct {
		Body jsontext.Value `body:""`
	}, error) {
		return &struct {
			Body jsontext.Value `body:""`
		}{in.Body}, nil
	})
	return tenontest.New(tb, app)
}

func TestDR16AnyJSON(t *testing.T) {
	t.Parallel()
	s := anyEvents(t)
	s.Post("/events", `{"payload":{"b":[1,"x",null,true,0.1],"a":1e3},"extra":{"k":{}},"raw": {"n":9007199254740993 , "d":1.50},"list":[1,"1",null],"null":null}`).
		Status(201).Text(`{"payload":{"a":1000,"b":[1,"x",null,true,0.1]},"extra":{"k":{}},"raw":{"n":9007199254740993,"d":1.50},"list":[1,"1",null],"null":null,"setting":{"a":[1]}}`)
	s.Post("/events", `{"payload":null,"extra":{},"raw":null,"list":[],"maybe":null,"null":[],"setting":0,"old":[]}`).
		Status(201).Text(`{"payload":null,"extra":{},"raw":null,"list":[],"maybe":null,"null":[],"setting":0,"old":[]}`)
	s.Post("/events", `{"extra":{"a":{"b":1,"b":2}},"raw":{"x":1,"x":2},"list":[{"a":1.0},{"a":1}],"null":9007199254740993}`).Status(422).Faults(5).
		Fault("body", "/payload", "required").Fault("body", "/extra/a/b", "duplicate").Fault("body", "/raw/x", "duplicate").
		Fault("body", "/list", "uniqueItems").Fault("body", "/null", "range")
	for _, text := range []string{"null", "true", "7", `"x"`, "[]", `{"a":[{}]}`} {
		s.Put("/anything", text).Status(200).Text(text)
		s.Put("/raw", text).Status(200).Text(text)
	}
	s.Put("/anything", "1 2").Status(400)
	s.Put("/raw", "nul").Status(400)
	s.Get("/openapi.json").At("/components/schemas/Event/properties/payload", `{"description":"Anything."}`).
		At("/components/schemas/Event/properties/extra", `{"type":"object","additionalProperties":{}}`).
		At("/components/schemas/Event/properties/raw", `{}`).At("/components/schemas/Event/properties/null", `{}`)
}

func TestDR16TheTotalOfABodyIsBounded(t *testing.T) {
	t.Parallel()
	body := func(n int) string { return `[` + strings.Repeat(`[[]],`, n/2-1) + `[[]]]` }
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t), Limits: tenon.Limits{Items: 1 << 20}})
	app.Put("/anything", func(context.Context, *any) (*tenon.NoContent, error) { return nil, nil })
	s := tenontest.New(t, app)
	s.Put("/anything", body(100_000)).Status(204)
	s.Put("/anything", body(100_002)).Status(422).Faults(1).At("/errors/0/code", `"total"`)
	app = tenon.New(tenon.Config{Logger: tenontest.Logger(t), Limits: tenon.Limits{Total: 3}})
	app.Put("/anything", func(context.Context, *any) (*tenon.NoContent, error) { return nil, nil })
	s = tenontest.New(t, app)
	s.Put("/anything", `{"a":[{}],"b":0}`).Status(204)
	s.Put("/anything", `{"a":[{}],"b":[0]}`).Status(422).Fault("body", "/b", "total").At("/errors/0/message", `"must not bring the body to more than 3 items and members"`)
	if err := tenon.New(tenon.Config{Limits: tenon.Limits{Total: -1}}).Compile(); err == nil || !strings.Contains(err.Error(), "Limits.Total: -1") {
		t.Errorf("compiles with %v", err)
	}
}

// loud is a type with a form of its own.
type loud int

func TestDR16WhatAnAnyMayShow(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		value any
		want  string // "" is an internal error
	}{
		"numbers":             {[]any{int8(-1), uint64(1 << 63), float32(0.1), 7, json.Number("1.50"), jsontext.Value(` [1, 2]`)}, `[-1,9223372036854775808,0.1,7,1.50,[1,2]]`},
		"members in order":    {map[string]any{"b": 1.0, "a": map[string]any{}, "<": "é"}, `{"<":"é","a":{},"b":1}`},
		"a type of its own":   {map[string]any{"a": []any{loud(1)}}, ""},
		"a secret":            {tenon.NewSecret("x"), ""},
		"a struct":            {struct{ A int }{1}, ""},
		"a pointer":           {new(1), ""},
		"a slice of strings":  {[]string{"a"}, ""},
		"not finite":          {[]any{0.0, 1 / zero()}, ""},
		"text that is not":    {"\xff", ""},
		"raw that is not":     {jsontext.Value("{"), ""},
		"a value with itself": {circle(), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log buffer
			app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
			app.Get("/", func(context.Context, *struct{}) (*any, error) { return &tt.value, nil })
			answer := tenontest.New(t, app).Get("/")
			if tt.want == "" {
				answer.Status(500)
				if !strings.Contains(log.String(), "encode") {
					t.Errorf("the log says %s", log.String())
				}
				return
			}
			answer.Status(200).Text(tt.want)
		})
	}
}

func zero() float64 { return 0 }

func circle() any {
	list := []any{nil}
	list[0] = list
	return list
}

func TestDR16AnyStartFaults(t *testing.T) {
	t.Parallel()
	for want, app := range map[string]*tenon.App{
		"has no text form for a query parameter": taking[struct {
			A any `query:"a"`
		}](t),
		"has no JSON form that can be described; use a union of structs, or any": taking[struct {
			A interface{ M() } `json:"a"`
		}](t),
		"tag minimum is for numbers, not for interface {}": taking[struct {
			A any `json:"a" minimum:"1"`
		}](t),
		"must be JSON that the type accepts": taking[struct {
			A any `json:"a" default:"x"`
		}](t),
	} {
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "_test.go:") {
			t.Errorf("compiles with %v, want %s", err, want)
		}
	}
}
