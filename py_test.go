package tenon_test

import (
	"context"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/tenontest"
)

// box holds one value of a type, as a member and as a query parameter.
type box[T any] struct {
	Query tenon.Opt[T] `query:"v"`
	Body  boxed[T]     `body:""`
}

type boxed[T any] struct {
	V T `json:"v"`
}

// conversion is a type with the texts that it takes.
type conversion struct {
	name string
	run  func(*testing.T)
}

// echoes sends JSON texts to a member of type T: each comes back as the text it is mapped to, or "" when it is refused as a
// value (422). Of a scalar, the text also goes through the query, to the same end.
func echoes[T any](scalar bool, want map[string]string) func(*testing.T) {
	return func(t *testing.T) {
		t.Helper()
		app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
		app.Post("/body", func(_ context.Context, in *boxed[T]) (*boxed[T], error) { return in, nil })
		if scalar {
			app.Post("/query", func(_ context.Context, in *box[T]) (*boxed[T], error) { return &boxed[T]{in.Query.Value}, nil })
		}
		s := tenontest.New(t, app)
		for text, back := range want {
			answers := []*tenontest.Response{s.Post("/body", `{"v":`+text+`}`)}
			if plain, err := strconv.Unquote(text); scalar && (err == nil || back != "" && !strings.ContainsAny(text, ".e")) {
				if err != nil {
					plain = text
				}
				answers = append(answers, s.Post("/query?v="+url.QueryEscape(plain), `{"v":`+good(want)+`}`))
			}
			for _, a := range answers {
				if back == "" {
					a.Status(422)
				} else {
					a.Status(201).Text(`{"v":` + back + `}`)
				}
			}
		}
	}
}

// good is some text that is accepted.
func good(want map[string]string) string {
	for text, back := range want {
		if back != "" {
			return text
		}
	}
	return "null"
}

// TestPY05Conversions is the table of the page "Types": what each type takes and gives back.
func TestPY05Conversions(t *testing.T) {
	t.Parallel()
	for _, tt := range []conversion{
		{"bool", echoes[bool](true, map[string]string{"true": "true", "false": "false", "1": "", `"yes"`: "", "null": ""})},
		{"int8", echoes[int8](true, map[string]string{"127": "127", "-128": "-128", "1.0": "1", "1e2": "100", "128": "", "1.5": "", `"x"`: ""})},
		{"uint64", echoes[uint64](true, map[string]string{"18446744073709551615": "18446744073709551615", "18446744073709551616": "", "-1": ""})},
		{"float64", echoes[float64](true, map[string]string{"0.5": "0.5", "1e400": "", `"NaN"`: "", `"Infinity"`: ""})},
		{"string", echoes[string](true, map[string]string{`""`: `""`, `"é"`: `"é"`, `7`: "", `"a\u0000"`: ""})},
		{"bytes", echoes[[]byte](true, map[string]string{`"AQI="`: `"AQI="`, `""`: `""`, `"AQI"`: "", `"A-_="`: "", `"AQI=\n"`: "", "[1,2]": ""})},
		{"time.Time", echoes[time.Time](true, map[string]string{
			`"2026-11-26T10:00:00+01:00"`: `"2026-11-26T09:00:00Z"`, `"2026-11-26T10:00:00.120Z"`: `"2026-11-26T10:00:00.12Z"`,
			`"2026-11-26T10:00:00"`: "", `"2026-11-26"`: "", `"2026-02-30T10:00:00Z"`: "", "1795687200": "",
		})},
		{"tenon.Date", echoes[tenon.Date](true, map[string]string{`"2024-02-29"`: `"2024-02-29"`, `"2026-02-29"`: "", `"2026-2-1"`: ""})},
		{"time.Duration", echoes[time.Duration](true, map[string]string{
			`"PT1H30M"`: `"PT1H30M"`, `"P1D"`: `"PT24H"`, `"PT0.5S"`: `"PT0.5S"`, `"P1Y"`: "", `"1h"`: "", "90": "",
		})},
		{"uuid.UUID", echoes[uuid.UUID](true, map[string]string{
			`"0198C0DE-0000-7000-8000-000000000001"`: `"0198c0de-0000-7000-8000-000000000001"`, `"6ba7b810-9dad-11d1-80b4-00c04fd430c8"`: `"6ba7b810-9dad-11d1-80b4-00c04fd430c8"`,
			`"{0198c0de-0000-7000-8000-000000000001}"`: "", `"0198c0de000070008000000000000001"`: "", `""`: "",
		})},
		{"netip.Addr", echoes[netip.Addr](true, map[string]string{`"192.0.2.1"`: `"192.0.2.1"`, `"2001:DB8::1"`: `"2001:db8::1"`, `"192.0.2"`: "", `"010.0.0.1"`: ""})},
		{"netip.Prefix", echoes[netip.Prefix](true, map[string]string{`"192.0.2.0/24"`: `"192.0.2.0/24"`, `"192.0.2.0/33"`: "", `"192.0.2.0"`: ""})},
		{"enum", echoes[colours](true, map[string]string{`"red"`: `"red"`, `"Red"`: "", `""`: ""})},
		{"*int", echoes[*int](false, map[string]string{"null": "null", "7": "7", `"7"`: ""})},
		{"[2]bool", echoes[[2]bool](false, map[string]string{"[true,false]": "[true,false]", "[true]": "", "[true,true,true]": ""})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t)
		})
	}
}

type (
	tagsOf         []string
	rates          map[uuid.UUID]float32
	pair[A, B any] struct {
		First  A `json:"first"`
		Second B `json:"second"`
	}
	node[T any] struct {
		Value T                   `json:"value"`
		Next  *node[T]            `json:"next"`
		Kids  []node[T]           `json:"kids"`
		Index map[string]*node[T] `json:"index"`
	}
	forest []forest
)

func TestPY07GenericsRecursionAndNamedCollections(t *testing.T) {
	t.Parallel()
	for _, tt := range []conversion{
		{"named slice", echoes[tagsOf](false, map[string]string{`["a"]`: `["a"]`, `[]`: `[]`, `[1]`: "", "null": "", "{}": ""})},
		{"named map with keys of a text type", echoes[rates](false, map[string]string{
			`{"0198C0DE-0000-7000-8000-000000000001":0.5}`: `{"0198c0de-0000-7000-8000-000000000001":0.5}`, `{"x":1}`: "",
			`{"0198C0DE-0000-7000-8000-000000000001":1,"0198c0de-0000-7000-8000-000000000001":2}`: "",
		})},
		{"generic", echoes[pair[string, pair[int, []bool]]](false, map[string]string{
			`{"first":"a","second":{"first":1,"second":[true]}}`: `{"first":"a","second":{"first":1,"second":[true]}}`,
			`{"first":"a","second":{"first":"1","second":[]}}`:   "", `{"first":"a"}`: "",
		})},
		{"generic and recursive", echoes[node[uint8]](false, map[string]string{
			`{"value":1,"next":{"value":2,"kids":[{"value":3,"kids":[],"index":{}}],"index":{"a":null}},"kids":[],"index":{}}`: `{"value":1,` +
				`"next":{"value":2,"next":null,"kids":[{"value":3,"next":null,"kids":[],"index":{}}],"index":{"a":null}},"kids":[],"index":{}}`,
			`{"value":1,"next":{"value":256,"kids":[],"index":{}},"kids":[],"index":{}}`: "",
		})},
		{"a slice of itself", echoes[forest](false, map[string]string{"[[],[[]]]": "[[],[[]]]", "[1]": "", strings.Repeat("[", 40) + strings.Repeat("]", 40): ""})},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			tt.run(t)
		})
	}
}

func TestPY07ComponentsOfGenericTypes(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/", func(context.Context, *pair[node[uint8], rates]) (*tenon.NoContent, error) { return nil, nil })
	document := tenontest.New(t, app).Get("/openapi.json")
	document.At("/components/schemas/PairNodeUint8Rates/properties/first/$ref", `"#/components/schemas/NodeUint8"`).
		At("/components/schemas/NodeUint8/properties/kids/items/$ref", `"#/components/schemas/NodeUint8"`).
		At("/components/schemas/NodeUint8/properties/next/anyOf/0/$ref", `"#/components/schemas/NodeUint8"`)
}

// edge is one rule with the values at both sides of its edge.
type edge struct {
	name    string
	app     *tenon.App
	in, out string
	code    string
}

func TestPY03BoundaryPairs(t *testing.T) {
	t.Parallel()
	for _, tt := range []edge{
		{"minLength counts code points", taking[struct {
			V string `json:"v" minLength:"2"`
		}](t), `"éé"`, `"é"`, "minLength"},
		{"maxLength", taking[struct {
			V string `json:"v" maxLength:"2"`
		}](t), `"😀😀"`, `"aaa"`, "maxLength"},
		{"minimum", taking[struct {
			V int `json:"v" minimum:"-5"`
		}](t), "-5", "-6", "minimum"},
		{"exclusiveMinimum", taking[struct {
			V float64 `json:"v" exclusiveMinimum:"0"`
		}](t), "5e-324", "0", "exclusiveMinimum"},
		{"exclusiveMaximum", taking[struct {
			V float64 `json:"v" exclusiveMaximum:"1"`
		}](t), "0.9999999999999999", "1", "exclusiveMaximum"},
		{"maximum", taking[struct {
			V uint64 `json:"v" maximum:"9007199254740993"`
		}](t), "9007199254740993", "9007199254740994", "maximum"},
		{"multipleOf of decimals", taking[struct {
			V float64 `json:"v" multipleOf:"0.01"`
		}](t), "0.29", "0.295", "multipleOf"},
		{"digits and places of a decimal", taking[struct {
			V amount `json:"v" multipleOf:"0.01" exclusiveMaximum:"1000"`
		}](t), "999.99", "999.999", "multipleOf"},
		{"ascii only", taking[struct {
			V string `json:"v" pattern:"^[ -~]*$"`
		}](t), `"~"`, `"é"`, "pattern"},
		{"minItems", taking[struct {
			V []int `json:"v" minItems:"1"`
		}](t), "[1]", "[]", "minItems"},
		{"maxItems of a map", taking[struct {
			V map[string]int `json:"v" maxItems:"1"`
		}](t), `{"a":1}`, `{"a":1,"b":2}`, "maxProperties"},
		{"uniqueItems", taking[struct {
			V []float64 `json:"v" uniqueItems:"true"`
		}](t), "[1,1.5]", "[1,1.0]", "uniqueItems"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tenontest.New(t, tt.app)
			s.Post("/x", `{"v":`+tt.in+`}`).Status(204)
			s.Post("/x", `{"v":`+tt.out+`}`).Status(422).Faults(1).Fault("body", "/v", tt.code)
		})
	}
}

// stages has a member in each state of presence.
type stages struct {
	Required string                        `json:"required"`
	Default  []string                      `json:"default" default:"a,b"`
	Optional tenon.Opt[string]             `json:"optional"`
	Nullable tenon.Null[string]            `json:"nullable"`
	Both     tenon.Opt[tenon.Null[string]] `json:"both"`
	Loose    *string                       `json:"loose"`
}

func TestPY01RequiredOptionalNullableAndDefault(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/", func(_ context.Context, in *stages) (*stages, error) {
		echo := *in
		in.Default[0] = "changed" // is this request's own
		return &stages{
			Required: echo.Required, Default: append([]string{}, echo.Default...), Optional: echo.Optional, Nullable: echo.Nullable, Both: echo.Both, Loose: echo.Loose,
		}, nil
	})
	s := tenontest.New(t, app)
	for range 2 {
		s.Post("/", `{"required":"","nullable":null}`).Status(201).Text(`{"required":"","default":["changed","b"],"nullable":null,"loose":null}`)
	}
	s.Post("/", `{"required":"r","default":["x"],"optional":"","nullable":"n","both":null,"loose":"l"}`).Status(201).
		Text(`{"required":"r","default":["changed"],"optional":"","nullable":"n","both":null,"loose":"l"}`)
	s.Post("/", `{"default":null,"optional":null}`).Status(422).Faults(4).Fault("body", "/required", "required").
		Fault("body", "/default", "null").Fault("body", "/optional", "null").Fault("body", "/nullable", "required")
}

// account shows each who may read and write a member.
type account struct {
	ID       int               `json:"id" readOnly:"true"`
	Name     string            `json:"name"`
	Password string            `json:"password" writeOnly:"true"`
	Label    tenon.Opt[string] `json:"label" readOnly:"true"`
	Nick     string            `json:"nick,omitzero" default:""`
}

// accountForStaff is a view for another audience: the same members, and more.
type accountForStaff struct {
	account
	Notes []string `json:"notes,omitempty"`
}

func TestDR15ReadOnlyAndWriteOnly(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	app.Post("/", func(_ context.Context, in *account) (*account, error) {
		return &account{ID: 7, Name: in.Name, Password: in.Password, Label: tenon.Some("#7")}, nil
	})
	s := tenontest.New(t, app)
	s.Post("/", `{"name":"a","password":"secret"}`).Status(201).Text(`{"id":7,"name":"a","label":"#7"}`)
	s.Post("/", `{"id":1,"name":"a","label":"x"}`).Status(422).Faults(3).Fault("body", "/id", "readOnly").Fault("body", "/label", "readOnly").
		Fault("body", "/password", "required")
	document := s.Get("/openapi.json")
	document.At("/components/schemas/AccountInput/required", `["name","password"]`).At("/components/schemas/Account/required", `["id","name"]`)
}

func TestPY10AViewPerAudience(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(t)})
	one := account{ID: 1, Name: "a", Password: "secret"}
	app.Get("/public", func(context.Context, *struct{}) (*account, error) { return &one, nil })
	app.Get("/staff", func(context.Context, *struct{}) (*accountForStaff, error) {
		return &accountForStaff{account: one, Notes: []string{"late"}}, nil
	})
	app.Get("/quiet", func(context.Context, *struct{}) (*accountForStaff, error) { return &accountForStaff{account: one}, nil })
	s := tenontest.New(t, app)
	s.Get("/public").Status(200).Text(`{"id":1,"name":"a"}`)
	s.Get("/staff").Status(200).Text(`{"id":1,"name":"a","notes":["late"]}`)
	s.Get("/quiet").Status(200).Text(`{"id":1,"name":"a"}`) // omitzero and omitempty leave out, Opt that is not set too
}
