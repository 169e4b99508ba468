package codec_test

import (
	"bytes"
	"context"
	"encoding/json/jsontext"
	jsonv2 "encoding/json/v2"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/tenon-go/tenon/internal/codec"
	"github.com/tenon-go/tenon/internal/validate"
)

func TestAnything(t *testing.T) {
	t.Parallel()
	accepts(t, map[string]any{
		"null": nil, "true": true, "false": false, `"a\u00e9"`: "aé", "1": 1.0, "-0.5": -0.5, "0.1": 0.1, "1e3": 1000.0, "1.50": 1.5, "9007199254740992": 9007199254740992.0,
		"123456789012345680000": 123456789012345680000.0, "5e-324": 5e-324, "[]": []any{}, "{}": map[string]any{},
		`[1,[null,"a"],{"b":{"c":[]}}]`: []any{1.0, []any{nil, "a"}, map[string]any{"b": map[string]any{"c": []any{}}}},
	})
	for name, refuse := range map[string]func(*testing.T, map[string]string){"any": refuses[any], "jsontext.Value": refuses[jsontext.Value]} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			refuse(t, map[string]string{
				`{"a":{"b":1,"c":2,"\u0062":3}}`:        "/a/b duplicate",
				"[" + strings.Repeat("1,", 1000) + "1]": " maxItems", many(1001): " maxProperties", `["` + strings.Repeat("x", 64<<10) + `é"]`: "/0 maxLength",
				`{"` + strings.Repeat("x", 64<<10+1) + `":1}`:     "/" + strings.Repeat("x", 64) + "… maxLength",
				strings.Repeat("[", 33) + strings.Repeat("]", 33): strings.Repeat("/0", 32) + " depth",
			})
		})
	}
	refuses[any](t, map[string]string{
		`{"a":["x\u0000"]}`: "/a/0 nul", `{"\u0000":1}`: "/\x00 nul",
		"9007199254740993": " range", "0.10000000000000000001": " range", "1e400": " range", "-1e400": " range", "1e-400": " range",
		`{"a":[3.14159265358979323846]}`: "/a/0 range", strings.Repeat("1", 2000): " range",
	})
	accepts(t, map[string]jsontext.Value{`{"\u0000":"\u0000"}`: jsontext.Value(`{"\u0000":"\u0000"}`), "9007199254740993": jsontext.Value("9007199254740993"), "[ 1e400, 1 ]": jsontext.Value("[ 1e400, 1 ]")})
}

func many(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `,"%d":0`, i)
	}
	return "{" + b.String()[1:] + "}"
}

func TestTotalCountsEveryLevelAndWhatIsNotKept(t *testing.T) {
	t.Parallel()
	type open struct {
		_    struct{} `additionalProperties:"true"`
		List [][]int  `json:"list"`
		Any  any      `json:"any"`
		Pet  *pet     `json:"pet"`
	}
	p := plan[open](t, codec.Limits{Total: 10})
	for body, want := range map[string]string{
		`{"list":[[1,2],[3,4]],"any":[1,2]}`:                                      "",              // 2 + 2 + 4 + 2
		`{"list":[[1,2],[3,4]],"any":[1,2,3]}`:                                    "/any total",    // 11
		`{"list":[[1,2,3,4,5],[6,7,8,9]],"any":null}`:                             "/list/1 total", // counted within
		`{"list":[],"any":null,"x":[[],[],[[],[],{}],{}]}`:                        "",              // 3 + 4 + 3
		`{"list":[],"any":null,"x":[[],[],[[],[],[0]]]}`:                          "",              // 3 + 3 + 3 + 1
		`{"list":[],"any":null,"x":[[],[],[[],[],[0,0]]]}`:                        "/x total",      // unknown, and counted
		`{"list":[],"any":null,"pet":{"name":"a","tags":["b","c"],"kind":"dog"}}`: "",              // once, although looked through for its form: 3 + 3 + 2
	} {
		if _, faults := decode[open](t, p, body); faults != want {
			t.Errorf("%s: got %q, want %q", body, faults, want)
		}
	}
	if _, faults := decode[open](t, p, `{"list":[[1,2,3,4,5],[6,7,8,9]],"any":nul}`); !strings.HasPrefix(faults, "error: ") {
		t.Errorf("too many values in what is not JSON: %q", faults)
	}
	body := "[" + strings.Repeat("[],", 99_999) + "[]]"
	if _, faults := decode[[][]int](t, plan[[][]int](t, codec.Limits{Items: 1 << 20}), body); faults != "" {
		t.Errorf("100,000 items: %q", faults)
	}
	body = "[" + strings.Repeat("[],", 100_000) + "[]]"
	if _, faults := decode[[][]int](t, plan[[][]int](t, codec.Limits{Items: 1 << 20}), body); faults != " total" {
		t.Errorf("100,001 items: %q", faults)
	}
}

// FuzzAnything compares with encoding/json/v2: an any that is accepted holds the same, and its raw form is the text.
func FuzzAnything(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,2.5,-0,1e3,"é",null,true,{"b":{}}]}`, `[9007199254740993]`, `{"a":1,"a":2}`, `"\u0000"`, `1e400`, `[0.1,0.10000000000000000001,123456789012345678]`,
		`[[[[[]]]]]`, `{"":""}`, `nul`, `[1,]`, "\"\xff\"",
	} {
		f.Add([]byte(text))
	}
	asAny, asRaw := plan[any](f, codec.Limits{}), plan[jsontext.Value](f, codec.Limits{})
	f.Fuzz(func(t *testing.T, body []byte) {
		var got, want any
		var raw jsontext.Value
		var faults, rawFaults validate.Faults
		err := asAny.Decode(context.Background(), body, reflect.ValueOf(&got).Elem(), &faults)
		rawErr := asRaw.Decode(context.Background(), body, reflect.ValueOf(&raw).Elem(), &rawFaults)
		if faults.Pointer() != "" || rawFaults.Pointer() != "" || (err == nil) != (rawErr == nil) && !faults.Full() {
			t.Fatalf("errors %v and %v, paths %q and %q", err, rawErr, faults.Pointer(), rawFaults.Pointer())
		}
		other := jsonv2.Unmarshal(body, &want)
		if err == nil && faults.Len() == 0 && (other != nil || !reflect.DeepEqual(got, want)) {
			t.Fatalf("got %v, want %v, %v", got, want, other)
		}
		if rawErr == nil && rawFaults.Len() == 0 && !bytes.Equal(raw, bytes.Trim(body, " \t\r\n")) {
			t.Fatalf("raw is %s", raw)
		}
		if other == nil && (err != nil || has(faults.List, func(code string) bool { return !stricter[code] })) {
			t.Fatalf("refused, but the other accepts: %v, %v", err, faults.List)
		}
	})
}
