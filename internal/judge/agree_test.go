package judge_test

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/json/jsontext"
	"errors"
	"fmt"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"uuid"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/openapi"
)

// everyRule has a member for each kind of value and each rule on it. All may be left out, so that a request can be about one.
type everyRule struct {
	Text       tenon.Opt[string]                 `json:"text"`
	Long       tenon.Opt[string]                 `json:"long" minLength:"2"`
	Short      tenon.Opt[string]                 `json:"short" maxLength:"3"`
	Pattern    tenon.Opt[string]                 `json:"pattern" pattern:"^[a-z]+$"`
	Enum       tenon.Opt[string]                 `json:"enum" enum:"a,bb,ccc"`
	Date       tenon.Opt[string]                 `json:"date" format:"date"`
	Instant    tenon.Opt[string]                 `json:"instant" format:"date-time"`
	IPv4       tenon.Opt[string]                 `json:"ipv4" format:"ipv4"`
	IPv6       tenon.Opt[string]                 `json:"ipv6" format:"ipv6"`
	Whole      tenon.Opt[int64]                  `json:"whole"`
	Byte       tenon.Opt[uint8]                  `json:"byte"`
	Tiny       tenon.Opt[int8]                   `json:"tiny"`
	Least      tenon.Opt[int]                    `json:"least" minimum:"3"`
	Most       tenon.Opt[int]                    `json:"most" maximum:"3"`
	Above      tenon.Opt[float64]                `json:"above" exclusiveMinimum:"3"`
	Below      tenon.Opt[float64]                `json:"below" exclusiveMaximum:"3"`
	Step       tenon.Opt[int]                    `json:"step" multipleOf:"3"`
	Cents      tenon.Opt[float64]                `json:"cents" multipleOf:"0.25"`
	Levels     tenon.Opt[int]                    `json:"levels" enum:"1,2,3"`
	Float      tenon.Opt[float64]                `json:"float"`
	Flag       tenon.Opt[bool]                   `json:"flag"`
	ID         tenon.Opt[uuid.UUID]              `json:"id"`
	Day        tenon.Opt[tenon.Date]             `json:"day"`
	Time       tenon.Opt[time.Time]              `json:"time"`
	Null       tenon.Opt[tenon.Null[int]]        `json:"null"`
	Pointer    *string                           `json:"pointer" minLength:"2"`
	List       tenon.Opt[[]int]                  `json:"list" minItems:"1" maxItems:"2"`
	Unique     tenon.Opt[[]int]                  `json:"unique" uniqueItems:"true"`
	Items      tenon.Opt[[]string]               `json:"items" minLength:"2"`
	Pair       tenon.Opt[[2]int]                 `json:"pair"`
	Map        tenon.Opt[map[string]int]         `json:"map" maximum:"3"`
	Numbered   tenon.Opt[map[int]string]         `json:"numbered"`
	Object     tenon.Opt[strictObject]           `json:"object"`
	Open       tenon.Opt[openObject]             `json:"open"`
	Objects    tenon.Opt[[]strictObject]         `json:"objects"`
	Recursive  *recursive                        `json:"recursive"`
	Defaulted  int                               `json:"defaulted" default:"2" minimum:"1"`
	Deprecated tenon.Opt[tenon.Null[[]*float64]] `json:"deprecated" deprecated:"true"`
}

type strictObject struct {
	A string            `json:"a"`
	B tenon.Opt[int]    `json:"b" minimum:"1"`
	C tenon.Null[bool]  `json:"c"`
	D map[string]string `json:"d"`
}

type openObject struct {
	_ struct{} `additionalProperties:"true"`
	A string   `json:"a"`
}

type recursive struct {
	Next *recursive `json:"next"`
}

// values are JSON values of every kind, near every bound of everyRule.
var values = []string{
	`null`, `true`, `false`, `""`, `"a"`, `"bb"`, `"ccc"`, `"dddd"`, `"é"`, `"éé"`, `"ééé"`, `"éééé"`, `"\ud83d\ude00"`, `"\ud83d\ude00\ud83d\ude00"`, `"A"`, `"a1"`, `"1"`,
	`"true"`, `"null"`, `0`, `-0`, `1`, `2`, `3`, `4`, `-1`, `1.0`, `3.0`, `1e0`, `3e0`, `0.3e1`, `1.5`, `2.999`, `3.001`, `0.25`, `0.1`, `-0.75`, `6`, `-3`,
	`127`, `128`, `-128`, `-129`, `255`, `256`, `9007199254740993`, `9223372036854775807`, `9223372036854775808`, `-9223372036854775808`, `-9223372036854775809`,
	`1e18`, `1e19`, `1e300`, `"2026-11-26"`, `"2026-02-30"`, `"2024-02-29"`, `"26-11-26"`, `"2026-11-26T10:00:00Z"`, `"2026-11-26T10:00:00.5+07:00"`, `"2026-11-26T10:00:00"`,
	`"2026-11-26T24:00:00Z"`, `"2026-11-26 10:00:00Z"`, `"192.0.2.1"`, `"192.0.2.256"`, `"192.0.2.01"`, `"192.0.2"`, `"2001:db8::1"`, `"::"`, `"2001:db8::1%eth0"`, `"::ffff:192.0.2.1"`, `"1::2::3"`,
	`"0198c0de-0000-7000-8000-000000000001"`, `"0198C0DE-0000-7000-8000-000000000001"`, `"0198c0de000070008000000000000001"`, `"{0198c0de-0000-7000-8000-000000000001}"`,
	`[]`, `[1]`, `[1,2]`, `[1,2,3]`, `[1,1]`, `[1,1.0]`, `[2,1,2]`, `["a"]`, `["bb"]`, `["bb","c"]`, `[null]`, `[[]]`, `[1.5]`, `[1.5,null]`, `[{}]`, `["1"]`,
	`{}`, `{"a":1}`, `{"a":3}`, `{"a":4}`, `{"a":"x"}`, `{"a":null}`, `{"1":"x"}`, `{"-1":"x"}`, `{"01":"x"}`, `{"x":"x"}`, `{"1":1}`, `{"a":"x","c":null,"d":{}}`,
	`{"a":"x","b":1,"c":true,"d":{"k":"v"}}`, `{"a":"x","b":0,"c":true,"d":{}}`, `{"a":"x","b":null,"c":true,"d":{}}`, `{"a":"x","c":null,"d":null}`,
	`{"a":"x","c":null,"d":{"k":1}}`, `{"a":"x","c":null,"d":{},"e":1}`, `{"a":"x","z":[1]}`, `{"next":null}`, `{"next":{"next":{}}}`, `{"next":{"next":7}}`, `{"next":{"other":1}}`,
	`[{"a":"x","c":null,"d":{}}]`, `[{"a":"x","c":null,"d":{}},{"a":1,"c":null,"d":{}}]`,
}

// TestSD150ChecksAndSchemasAgree shows it for the whole of a rule's range: it sends each value as each member, and asks a third party whether the published schema allows
// it. Server and schema must give the same verdict for every pair.
func TestSD150ChecksAndSchemasAgree(t *testing.T) {
	t.Parallel()
	app := tenon.New(tenon.Config{})
	app.Post("/x", func(context.Context, *everyRule) (*tenon.NoContent, error) { return nil, nil })
	if err := app.Compile(); err != nil {
		t.Fatal(err)
	}
	schema := bodySchema(t, app)
	names := members(t, app)
	if len(names) < 38 {
		t.Fatalf("the schema has %d members", len(names))
	}
	for _, name := range names {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			accepted := 0
			for _, value := range values {
				body := fmt.Sprintf("{%q:%s}", name, value)
				status := post(t, app, body)
				allowed := schema.Validate(read(t, body)) == nil
				if allowed {
					accepted++
				}
				if want := map[bool]int{true: http.StatusNoContent, false: http.StatusUnprocessableEntity}[allowed]; status != want {
					t.Errorf("%s: the server answers %d, the schema says %d", body, status, want)
				}
			}
			if accepted == 0 || accepted == len(values) {
				t.Errorf("%d of %d values are allowed, so nothing is shown", accepted, len(values))
			}
		})
	}
}

func post(t *testing.T, app http.Handler, body string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	app.ServeHTTP(w, r)
	return w.Code
}

func read(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const bodyPointer = "/paths/~1x/post/requestBody/content/application~1json/schema"

func bodySchema(t *testing.T, app *tenon.App) *jsonschema.Schema {
	t.Helper()
	c := compiler(t, specification(t, app.OpenAPI()))
	schema, err := c.Compile("https://tenon.example/doc.json#" + bodyPointer)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// int64Format is that of the OpenAPI Format Registry: a signed 64-bit number.
func int64Format() *jsonschema.Format {
	return &jsonschema.Format{Name: "int64", Validate: func(v any) error {
		number, ok := v.(json.Number)
		if !ok {
			return nil
		}
		exact, ok := new(big.Rat).SetString(number.String())
		if ok && exact.IsInt() && !exact.Num().IsInt64() {
			return errors.New("not a signed 64-bit number")
		}
		return nil
	}}
}

func specification(t *testing.T, document *openapi.Document) any {
	t.Helper()
	text, err := document.JSON()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// members are the names of the properties of everyRule's component.
func members(t *testing.T, app *tenon.App) []string {
	t.Helper()
	v := specification(t, app.OpenAPI())
	for token := range jsontext.Pointer("/components/schemas/EveryRule/properties").Tokens() {
		object, _ := v.(map[string]any)
		v = object[token]
	}
	object, _ := v.(map[string]any)
	var names []string
	for name := range object {
		names = append(names, name)
	}
	return names
}
