package tenon_test

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/problem"
	"github.com/tenon-go/tenon/tenontest"
)

// amount is a decimal type of a program: it keeps the text.
type amount string

func (amount) JSONNumber() {}

func (a amount) MarshalText() ([]byte, error) { return []byte(a), nil }

func (a *amount) UnmarshalText(text []byte) error {
	if len(text) > 20 {
		return problem.Fault{Code: "digits", Message: "must have 20 characters or fewer"}
	}
	if string(text) == "13" {
		return errors.New("no")
	}
	*a = amount(text)
	return nil
}

type amounts struct {
	A amount            `json:"a" minimum:"-0.30" exclusiveMaximum:"1e3" multipleOf:"0.1" default:"0.3"`
	B tenon.Opt[amount] `json:"b" enum:"1.50,2"`
	C *amount           `json:"c"`
	D []amount          `json:"d" uniqueItems:"true" maximum:"10000000000000000000000"`
}

func TestSD083ADecimalIsJudgedByItsText(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/", func(_ context.Context, in *amounts) (*amounts, error) { return in, nil })
	s := tenontest.New(t, app)
	s.Post("/", `{"d":[0.10,1e2]}`).Status(201).Text(`{"a":0.3,"c":null,"d":[0.10,1e2]}`)
	s.Post("/", `{"a":-0.3,"b":1.5,"c":7,"d":[]}`).Status(201).Text(`{"a":-0.3,"b":1.5,"c":7,"d":[]}`)
	for member, code := range map[string]string{
		`"a":-0.30000000000000000001`: "minimum", `"a":1000.0`: "exclusiveMaximum", `"a":0.15`: "multipleOf", `"a":"1"`: "type", `"a":null`: "null", `"a":{}`: "type",
		`"b":1.6`: "enum", `"b":null`: "null", `"c":123456789012345678901`: "digits", `"c":13`: "range", `"a":1e-9999999999`: "multipleOf", `"a":-1e9999999999`: "minimum",
	} {
		s.Post("/", `{"d":[],`+member+`}`).Status(422).Fault("body", "/"+member[1:2], code)
	}
	s.Post("/", `{"d":[1.0,2,1.00]}`).Status(422).Fault("body", "/d", "uniqueItems")
	s.Get("/openapi.json").At("/components/schemas/AmountsInput/properties/a",
		`{"type":"number","format":"decimal","default":0.3,"minimum":-0.30,"exclusiveMaximum":1e3,"multipleOf":0.1}`)
}

func TestSD083WhatIsNoNumberIsNotSent(t *testing.T) {
	t.Parallel()
	var log buffer
	app := tenon.New(tenon.Config{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	app.Get("/", func(context.Context, *struct{}) (*struct{ A amount }, error) { return &struct{ A amount }{"1,50"}, nil })
	tenontest.New(t, app).Get("/").Status(500)
	if !strings.Contains(log.String(), "not a number of JSON") {
		t.Errorf("the log says %s", log.String())
	}
}

// numeral says to be a number, but not how.
type numeral struct{}

func (numeral) JSONNumber() {}

func TestSD083StartFaults(t *testing.T) {
	t.Parallel()
	for want, app := range map[string]*tenon.App{
		"is for types with UnmarshalText": taking[struct {
			A numeral `json:"a"`
		}](t),
		"exclude every value": taking[struct {
			A amount `json:"a" minimum:"0.30" exclusiveMaximum:"0.3"`
		}](t),
		"multipleOf: 0 is not a number above 0": taking[struct {
			A amount `json:"a" multipleOf:"0"`
		}](t),
		"tag minLength is for strings": taking[struct {
			A amount `json:"a" minLength:"1"`
		}](t),
		`default: "0.30000000000000000001" breaks maximum`: taking[struct {
			A amount `query:"a" maximum:"0.3" default:"0.30000000000000000001"`
		}](t),
		`enum: "x" breaks type`: taking[struct {
			A amount `query:"a" enum:"x"`
		}](t),
		"map keys are strings": taking[struct {
			A map[amount]string `json:"a"`
		}](t),
	} {
		if err := app.Compile(); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "_test.go:") {
			t.Errorf("compiles with %v, want %s", err, want)
		}
	}
}
