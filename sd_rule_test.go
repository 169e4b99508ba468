package tenon_test

import (
	"context"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/tag"
	"github.com/tenon-go/tenon/tenontest"
)

// unruled is an input without rules: one value in the query and one in the body.
type unruled[T any] struct {
	Query T `query:"v"`
	Body  struct {
		V T `json:"v"`
	} `body:""`
}

// taking is an app with one operation, POST /x, that takes an I.
func taking[I any](tb testing.TB) *tenon.App {
	tb.Helper()
	app := tenon.New(tenon.Config{Logger: tenontest.Logger(tb)})
	app.Post("/x", func(context.Context, *I) (*tenon.NoContent, error) { return nil, nil })
	return app
}

// ruleCase is one word on a value: the same request passes without the word and is refused with it, in the query and in the
// body, and the schema of both says the word.
type ruleCase struct {
	word          string
	without, with func(testing.TB) *tenon.App
	query, body   string // the value that the word refuses
	at            string // where below v the fault is
	schema        string // the word's place in the schema, and its value
	value         string
}

func ruleTable() []ruleCase {
	return []ruleCase{
		{"minLength", taking[unruled[string]], taking[struct {
			Query string `query:"v" minLength:"2"`
			Body  struct {
				V string `json:"v" minLength:"2"`
			} `body:""`
		}], "v=%C3%A9", `"é"`, "", "/minLength", "2"},
		{"maxLength", taking[unruled[string]], taking[struct {
			Query string `query:"v" maxLength:"2"`
			Body  struct {
				V string `json:"v" maxLength:"2"`
			} `body:""`
		}], "v=abc", `"abc"`, "", "/maxLength", "2"},
		{"transform", taking[struct {
			Query string `query:"v" minLength:"1"`
			Body  struct {
				V string `json:"v" minLength:"1"`
			} `body:""`
		}], taking[struct {
			Query string `query:"v" minLength:"1" transform:"trim"`
			Body  struct {
				V string `json:"v" minLength:"1" transform:"trim"`
			} `body:""`
		}], "v=%20", `" "`, "", "/x-transform", `["trim"]`},
		{"pattern", taking[unruled[string]], taking[struct {
			Query string `query:"v" pattern:"^a+$"`
			Body  struct {
				V string `json:"v" pattern:"^a+$"`
			} `body:""`
		}], "v=ab", `"ab"`, "", "/pattern", `"^a+$"`},
		{"format", taking[unruled[string]], taking[struct {
			Query string `query:"v" format:"ipv4"`
			Body  struct {
				V string `json:"v" format:"ipv4"`
			} `body:""`
		}], "v=1.2.3", `"1.2.3"`, "", "/format", `"ipv4"`},
		{"enum", taking[unruled[string]], taking[struct {
			Query string `query:"v" enum:"a,b"`
			Body  struct {
				V string `json:"v" enum:"a,b"`
			} `body:""`
		}], "v=c", `"c"`, "", "/enum", `["a","b"]`},
		{"enum", taking[unruled[int]], taking[struct {
			Query int `query:"v" enum:"1,2"`
			Body  struct {
				V int `json:"v" enum:"1,2"`
			} `body:""`
		}], "v=3", `3`, "", "/enum", `[1,2]`},
		{"minimum", taking[unruled[int]], taking[struct {
			Query int `query:"v" minimum:"3"`
			Body  struct {
				V int `json:"v" minimum:"3"`
			} `body:""`
		}], "v=2", `2`, "", "/minimum", "3"},
		{"maximum", taking[unruled[uint64]], taking[struct {
			Query uint64 `query:"v" maximum:"9007199254740992"`
			Body  struct {
				V uint64 `json:"v" maximum:"9007199254740992"`
			} `body:""`
		}], "v=9007199254740993", `9007199254740993`, "", "/maximum", "9007199254740992"},
		{"exclusiveMinimum", taking[unruled[float64]], taking[struct {
			Query float64 `query:"v" exclusiveMinimum:"0.5"`
			Body  struct {
				V float64 `json:"v" exclusiveMinimum:"0.5"`
			} `body:""`
		}], "v=0.5", `0.5`, "", "/exclusiveMinimum", "0.5"},
		{"exclusiveMaximum", taking[unruled[int]], taking[struct {
			Query int `query:"v" exclusiveMaximum:"150"`
			Body  struct {
				V int `json:"v" exclusiveMaximum:"150"`
			} `body:""`
		}], "v=150", `150`, "", "/exclusiveMaximum", "150"},
		{"multipleOf", taking[unruled[int]], taking[struct {
			Query int `query:"v" multipleOf:"3"`
			Body  struct {
				V int `json:"v" multipleOf:"3"`
			} `body:""`
		}], "v=4", `4`, "", "/multipleOf", "3"},
		{"minItems", taking[unruled[[]string]], taking[struct {
			Query []string `query:"v" minItems:"2"`
			Body  struct {
				V []string `json:"v" minItems:"2"`
			} `body:""`
		}], "v=a", `["a"]`, "", "/minItems", "2"},
		{"maxItems", taking[unruled[[]string]], taking[struct {
			Query []string `query:"v" maxItems:"1"`
			Body  struct {
				V []string `json:"v" maxItems:"1"`
			} `body:""`
		}], "v=a&v=b", `["a","b"]`, "", "/maxItems", "1"},
		{"uniqueItems", taking[unruled[[]int]], taking[struct {
			Query []int `query:"v" uniqueItems:"true"`
			Body  struct {
				V []int `json:"v" uniqueItems:"true"`
			} `body:""`
		}], "v=1&v=2&v=1", `[1,2,1]`, "", "/uniqueItems", "true"},
		{"maximum", taking[unruled[[]int]], taking[struct {
			Query []int `query:"v" maximum:"9"`
			Body  struct {
				V []int `json:"v" maximum:"9"`
			} `body:""`
		}], "v=1&v=10", `[1,10]`, "/1", "/items/maximum", "9"},
		{"enum", taking[unruled[string]], taking[unruled[colour]], "v=blue", `"blue"`, "", "/enum", `["red","green"]`},
		{"range", taking[unruled[int64]], taking[unruled[int8]], "v=128", `128`, "", "/maximum", "127"},
		{"format", taking[unruled[string]], taking[unruled[tenon.Date]], "v=2026-02-30", `"2026-02-30"`, "", "/format", `"date"`},
	}
}

type colour string

// Enum lists the colours.
func (colour) Enum() []colour { return []colour{"red", "green"} }

func TestSD150ARuleChangesTheAnswerAndTheSchemaTogether(t *testing.T) {
	t.Parallel()
	for _, tt := range ruleTable() {
		code := tt.word
		if code == "transform" { // no value breaks it: it makes of " " what is too short
			code = "minLength"
		}
		t.Run(tt.word+" "+tt.body, func(t *testing.T) {
			t.Parallel()
			target, body := "/x?"+tt.query, `{"v":`+tt.body+`}`
			without, with := tenontest.New(t, tt.without(t)), tenontest.New(t, tt.with(t))
			without.Post(target, body).Status(204)
			with.Post(target, body).Status(422).Faults(2).Fault("query", "/v"+tt.at, code).Fault("body", "/v"+tt.at, code)
			for _, place := range []string{
				queryPlace + "/schema", bodyPlace + "/properties/v",
			} {
				if got := documentAt(t, with, place+tt.schema); got != tt.value {
					t.Errorf("with the rule, the document says %q at %s, want %s", got, place+tt.schema, tt.value)
				}
				if got := documentAt(t, without, place+tt.schema); got == tt.value {
					t.Errorf("without the rule, the document says %s at %s all the same", got, place+tt.schema)
				}
			}
		})
	}
}

// documentAt is what stands at a JSON Pointer of the app's document, on the way and at its end following references; ""
// is nothing.
func documentAt(t *testing.T, s *tenontest.Server, pointer string) string {
	t.Helper()
	root := s.Get("/openapi.json").Status(200).Into[map[string]any]()
	value := deref(root, root)
	for token := range jsontext.Pointer(pointer).Tokens() {
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(v) {
				return ""
			}
			value = v[i]
		}
		value = deref(root, value)
	}
	if value == nil {
		return ""
	}
	text, err := json.Marshal(value, json.Deterministic(true))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func deref(root map[string]any, value any) any {
	object, _ := value.(map[string]any)
	ref, _ := object["$ref"].(string)
	name, ok := strings.CutPrefix(ref, "#/components/schemas/")
	if !ok {
		return value
	}
	components, _ := root["components"].(map[string]any)
	schemas, _ := components["schemas"].(map[string]any)
	return schemas[name]
}

// presenceCase is a rule about absence, null or other members: the request is refused by one of two types and passes with
// the other, and their schemas differ at a place.
type presenceCase struct {
	name, word       string
	refuses, accepts func(testing.TB) *tenon.App
	query, body      string
	fault            [3]string
	place            string
	refused, passed  string // what stands at the place in the two documents
}

const (
	bodyPlace  = "/paths/~1x/post/requestBody/content/application~1json/schema"
	queryPlace = "/paths/~1x/post/parameters/0"
)

type bodyOf[T any] struct {
	V T `json:"v"`
}

type queryOf[T any] struct {
	V T `query:"v"`
}

func presenceTable() []presenceCase {
	return []presenceCase{
		{"required member", "", taking[struct {
			V string         `json:"v"`
			W tenon.Opt[int] `json:"w"`
		}], taking[struct {
			V tenon.Opt[string] `json:"v"`
			W tenon.Opt[int]    `json:"w"`
		}], "", `{"w":1}`, [3]string{"body", "/v", "required"}, bodyPlace + "/required", `["v"]`, ``},
		{"required parameter", "", taking[queryOf[string]], taking[queryOf[tenon.Opt[string]]], "", ``,
			[3]string{"query", "/v", "required"}, queryPlace + "/required", `true`, ``},
		{"pointer parameter", "", taking[queryOf[string]], taking[queryOf[*string]], "", ``,
			[3]string{"query", "/v", "required"}, queryPlace + "/required", `true`, ``},
		{"default of a member", "default", taking[bodyOf[int]], taking[struct {
			V int `json:"v" default:"7"`
		}], "", `{}`, [3]string{"body", "/v", "required"}, bodyPlace + "/properties/v/default", ``, `7`},
		{"default of a parameter", "default", taking[queryOf[string]], taking[struct {
			V string `query:"v" default:"a"`
		}], "", ``, [3]string{"query", "/v", "required"}, queryPlace + "/schema/default", ``, `"a"`},
		{"null member", "", taking[bodyOf[string]], taking[bodyOf[tenon.Null[string]]], "", `{"v":null}`,
			[3]string{"body", "/v", "null"}, bodyPlace + "/properties/v/type", `"string"`, `["string","null"]`},
		{"null pointer", "", taking[bodyOf[int]], taking[bodyOf[*int]], "", `{"v":null}`,
			[3]string{"body", "/v", "null"}, bodyPlace + "/properties/v/type", `"integer"`, `["integer","null"]`},
		{"absent is not null", "", taking[bodyOf[tenon.Opt[string]]], taking[bodyOf[tenon.Opt[tenon.Null[string]]]], "", `{"v":null}`,
			[3]string{"body", "/v", "null"}, bodyPlace + "/properties/v/type", `"string"`, `["string","null"]`},
		{"other members", "", taking[bodyOf[string]], taking[struct {
			_ struct{} `additionalProperties:"true"`
			V string   `json:"v"`
		}], "", `{"v":"","w":1}`, [3]string{"body", "/w", "unknown"}, bodyPlace + "/additionalProperties", `false`, ``},
		{"read-only member", "readOnly", taking[struct {
			V tenon.Opt[string] `json:"v" readOnly:"true"`
		}], taking[bodyOf[tenon.Opt[string]]], "", `{"v":""}`, [3]string{"body", "/v", "readOnly"}, bodyPlace + "/properties/v/type", ``, `"string"`},
	}
}

func TestSD150PresenceChangesTheAnswerAndTheSchemaTogether(t *testing.T) {
	t.Parallel()
	for _, tt := range presenceTable() {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			refuses, accepts := tenontest.New(t, tt.refuses(t)), tenontest.New(t, tt.accepts(t))
			var body any
			if tt.body != "" {
				body = tt.body
			}
			refuses.Post("/x?"+tt.query, body).Status(422).Fault(tt.fault[0], tt.fault[1], tt.fault[2]).Faults(1)
			accepts.Post("/x?"+tt.query, body).Status(204)
			if got := documentAt(t, refuses, tt.place); got != tt.refused {
				t.Errorf("the document of what refuses says %q, want %s", got, tt.refused)
			}
			if got := documentAt(t, accepts, tt.place); got != tt.passed {
				t.Errorf("the document of what accepts says %q, want %s", got, tt.passed)
			}
		})
	}
}

// TestSD150EveryWordHasACase holds the tables against the words that tags can have.
func TestSD150EveryWordHasACase(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{"accept": true, "maxBytes": true, "maxPixels": true} // of files: TestMP02 and TestMP06
	for _, tt := range ruleTable() {
		covered[tt.word] = true
	}
	for _, tt := range presenceTable() {
		covered[tt.word] = true
	}
	for _, tt := range annotations() {
		covered[tt.word] = true
	}
	other := map[string]string{"Examples": "example", "HasDefault": "default"}
	for field := range reflect.TypeFor[tag.Rules]().Fields() {
		word := strings.ToLower(field.Name[:1]) + field.Name[1:]
		if name, ok := other[field.Name]; ok {
			word = name
		}
		if !covered[word] {
			t.Errorf("no case shows the word %s", word)
		}
	}
}

type annotation struct {
	word  string
	app   func(testing.TB) *tenon.App
	place string
	value string
}

func annotations() []annotation {
	return []annotation{
		{"doc", taking[struct {
			V string `json:"v" doc:"What it is."`
		}], "/description", `"What it is."`},
		{"example", taking[struct {
			V string `json:"v" example:"x"`
		}], "/examples", `["x"]`},
		{"deprecated", taking[struct {
			V string `json:"v" deprecated:"true"`
		}], "/deprecated", `true`},
		{"writeOnly", taking[struct {
			V string `json:"v" writeOnly:"true"`
		}], "/writeOnly", `true`},
	}
}

func TestSD150AnnotationsChangeTheSchemaOnly(t *testing.T) {
	t.Parallel()
	for _, tt := range annotations() {
		t.Run(tt.word, func(t *testing.T) {
			t.Parallel()
			s := tenontest.New(t, tt.app(t))
			if got := documentAt(t, s, bodyPlace+"/properties/v"+tt.place); got != tt.value {
				t.Errorf("the document says %q, want %s", got, tt.value)
			}
			s.Post("/x", `{"v":"anything"}`).Status(204)
			s.Post("/x", `{"v":7}`).Status(422).Fault("body", "/v", "type").Faults(1)
		})
	}
}

// TestSD150FormatsOfAnApp shows that a named format belongs to its app, and is checked and documented like the others.
func TestSD150FormatsOfAnApp(t *testing.T) {
	t.Parallel()
	type car struct {
		Plate string `json:"plate" format:"plate"`
	}
	app := taking[car](t)
	if err := app.Compile(); err == nil || !strings.Contains(err.Error(), "plate") {
		t.Errorf("an unknown format compiles: %v", err)
	}
	app = taking[car](t)
	app.Format("plate", func(s string) bool { return strings.HasPrefix(s, "HH-") }, "must be a number plate of Hamburg")
	s := tenontest.New(t, app)
	s.Post("/x", `{"plate":"HH-AB 1"}`).Status(204)
	r := s.Post("/x", `{"plate":"B-AB 1"}`).Status(422).Fault("body", "/plate", "format")
	if !strings.Contains(string(r.Body), "must be a number plate of Hamburg") {
		t.Errorf("the message is not the format's: %s", r.Body)
	}
	if got := fmt.Sprint(documentOf(t, app).Components.Schemas["Car"]["properties"]); !strings.Contains(got, "format:plate") {
		t.Errorf("the schema says %s", got)
	}
}
