package codec_test

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/validate"
	"github.com/tenon-go/tenon/problem"
)

// fuzzed has a member of each kind that the standard library reads in the same way.
type fuzzed struct {
	Bool   bool             `json:"bool"`
	Int    int64            `json:"int"`
	Small  int8             `json:"small"`
	Uint   uint64           `json:"uint"`
	Float  float64          `json:"float"`
	Single float32          `json:"single"`
	Text   string           `json:"text"`
	Time   time.Time        `json:"time"`
	List   []string         `json:"list"`
	Two    [2]int           `json:"two"`
	Map    map[string]int   `json:"map"`
	Keys   map[int8]bool    `json:"keys"`
	Raw    jsontext.Value   `json:"raw"`
	Next   *fuzzed          `json:"next"`
	More   []fuzzed         `json:"more"`
	Esc    map[string]*bool `json:"é/~"`
}

// stricter are the codes of faults that the standard library does not have: what is required, null where it is not declared,
// U+0000, our limits, and years that RFC 3339 cannot write in UTC.
var stricter = map[string]bool{
	"required": true, "null": true, "nul": true, "maxLength": true, "maxItems": true, "maxProperties": true, "depth": true, "range": true, "total": true,
}

// FuzzDecode compares the decoder with encoding/json/v2: on the same text they agree on whether it is JSON, on what is in it, or
// refuse it both. It may not panic or leave the path of the faults moved.
func FuzzDecode(f *testing.F) {
	for _, text := range refused() {
		f.Add([]byte(text))
	}
	for _, text := range []string{
		userBody, orderBody(),
		`{"bool":true,"int":-9223372036854775808,"small":127,"uint":18446744073709551615,"float":1.5e300,"single":0.1,"text":"\ud83d\ude00é\n",` +
			`"time":"2026-11-26T10:20:30.5+01:00","list":["a","b"],"two":[1,2],"map":{"a":1},"keys":{"-1":true},"raw":{"x":[1]},"next":null,"more":[],"é/~":{"":true}}`,
		`{"next":{"next":{"more":[{"text":"a"},{"int":7}]}},"int":70e-1,"uint":-0,"small":1e2}`,
		`{"raw":{"a":1,"a":2},"map":{"a":1,"\u0061":2},"int":1,"int":2}`,
		`{"int":1e400,"float":1e400,"single":3.5e38,"small":128,"Int":1,"list":[1],"two":[1],"keys":{"x":true}}`,
	} {
		f.Add([]byte(text))
	}
	p := plan[fuzzed](f, codec.Limits{})
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want fuzzed
		var faults validate.Faults
		err := p.Decode(context.Background(), body, reflect.ValueOf(&got).Elem(), &faults)
		if faults.Pointer() != "" {
			t.Fatalf("the path is left at %q", faults.Pointer())
		}
		whole := !faults.Full() && bytes.Count(body, []byte("["))+bytes.Count(body, []byte("{")) < 10000 // as deep as the other goes
		if valid := jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true)); whole && valid != (err == nil) {
			t.Fatalf("JSON is %v, error %v", valid, err)
		}
		if err != nil {
			return
		}
		clean := !has(faults.List, func(code string) bool { return code != "required" })
		other := jsonv2.Unmarshal(body, &want, jsonv2.RejectUnknownMembers(true))
		switch {
		case clean && other == nil && !reflect.DeepEqual(got, want):
			t.Fatalf("got %+v, want %+v", got, want)
		case clean && other != nil && !integral(other):
			t.Fatalf("accepted, but the other refuses: %v", other)
		case other == nil && has(faults.List, func(code string) bool { return !stricter[code] }):
			t.Fatalf("refused, but the other accepts: %v", faults.List)
		}
	})
}

func has(list []problem.Fault, match func(code string) bool) bool {
	for _, fault := range list {
		if match(fault.Code) {
			return true
		}
	}
	return false
}

// integral reports whether the standard library refuses a number for an integer because of how it is written: 7.0 is an
// integer here, as it is in JSON Schema.
func integral(err error) bool {
	e, ok := errors.AsType[*jsonv2.SemanticError](err)
	return ok && e.JSONKind == '0' && (bytes.ContainsAny(e.JSONValue, ".eE") || string(e.JSONValue) == "-0") &&
		strings.Contains(e.GoType.Kind().String(), "int")
}
