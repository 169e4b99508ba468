package codec_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/tenon-go/tenon"
	"github.com/tenon-go/tenon/internal/codec"
)

func TestPresence(t *testing.T) {
	t.Parallel()
	type patch struct {
		Name  tenon.Opt[string]              `json:"name" minLength:"2"`
		Note  tenon.Null[string]             `json:"note" maxLength:"3"`
		Both  tenon.Opt[tenon.Null[int]]     `json:"both"`
		Ptr   *int                           `json:"ptr" minimum:"5"`
		Lang  string                         `json:"lang" default:"en"`
		Size  tenon.Null[int]                `json:"size" default:"10"`
		Inner tenon.Opt[struct{ A, B bool }] `json:"inner"`
		List  tenon.Null[[]string]           `json:"list" maxItems:"2"`
	}
	five := 5
	accepts(t, map[string]patch{
		`{"note":null,"list":null}`: {Lang: "en", Size: tenon.NotNull(10)},
		`{"note":"","list":[],"lang":"","size":null,"ptr":null,"both":null}`: {
			Note: tenon.NotNull(""), List: tenon.NotNull([]string{}), Both: tenon.Some(tenon.Null[int]{}),
		},
		`{"note":"abc","list":["x"],"lang":"de","size":0,"ptr":5,"both":0,"name":"xy","inner":{"A":true,"B":false}}`: {
			Note: tenon.NotNull("abc"), List: tenon.NotNull([]string{"x"}), Lang: "de", Size: tenon.NotNull(0), Ptr: &five,
			Both: tenon.Some(tenon.NotNull(0)), Name: tenon.Some("xy"), Inner: tenon.Some(struct{ A, B bool }{A: true}),
		},
	})
	refuses[patch](t, map[string]string{
		`{}`: "/note required, /list required",
		`{"name":null,"note":7,"lang":null,"inner":null,"list":[null,"a","b"]}`:                         "/name null, /note type, /lang null, /inner null, /list/0 null, /list maxItems",
		`{"name":"x","note":"long","both":"x","ptr":4,"inner":{"A":1,"C":true},"list":null,"size":1.5}`: "/name minLength, /note maxLength, /both type, /ptr minimum, /inner/A type, /inner/C unknown, /inner/B required, /size type",
	})
	accepts(t, map[string]tenon.Null[int]{"null": {}, "7": tenon.NotNull(7)})
	refuses[tenon.Null[int]](t, map[string]string{`"7"`: " type"})
}

func TestDefaultsAreNotShared(t *testing.T) {
	t.Parallel()
	type sorted struct {
		By   []string              `json:"by" default:"name,age"`
		Also tenon.Null[[]float64] `json:"also" default:"1.5,2"`
	}
	p := plan[sorted](t, codec.Limits{})
	for range 2 {
		got, faults := decode[sorted](t, p, `{}`)
		if faults != "" || !slices.Equal(got.By, []string{"name", "age"}) || !slices.Equal(got.Also.Value, []float64{1.5, 2}) {
			t.Fatalf("got %+v and %q", got, faults)
		}
		got.By[0], got.Also.Value[0] = "changed", 99
	}
}

func TestReadOnlyAndOpenStructs(t *testing.T) {
	t.Parallel()
	type row struct {
		ID     int    `json:"id" readOnly:"true"`
		Secret string `json:"secret" writeOnly:"true"`
	}
	accepts(t, map[string]row{`{"secret":"x"}`: {Secret: "x"}})
	refuses[row](t, map[string]string{`{"secret":"x","id":7}`: "/id readOnly", `{"id":[[]],"id":1}`: "/id readOnly, /id readOnly, /secret required"})
	type open struct {
		_ struct{} `additionalProperties:"true"`
		A int      `json:"a"`
	}
	accepts(t, map[string]open{`{"x":{"a":"b"},"a":1,"A":2}`: {A: 1}})
	refuses[open](t, map[string]string{`{"x":1,"a":1,"a":2}`: "/a duplicate"})
}

func TestWideStructs(t *testing.T) {
	t.Parallel()
	p := plan[wide](t, codec.Limits{})
	body := ""
	for i := range 70 {
		body = fmt.Sprintf(`%s,"F%02d":%d`, body, 69-i, i)
	}
	got, faults := decode[wide](t, p, "{"+body[1:]+"}")
	if faults != "" || got.F00 != 69 || got.F69 != 0 {
		t.Errorf("got %+v and %q", got, faults)
	}
	if _, faults = decode[wide](t, p, "{"+body[1:]+`,"F65":1,"F00":1}`); faults != "/F65 duplicate, /F00 duplicate" {
		t.Errorf("got %q", faults)
	}
	if _, faults = decode[wide](t, p, "{"+body[1:len(body)-len(`,"F01":68,"F00":69`)]+"}"); faults != "/F00 required, /F01 required" {
		t.Errorf("got %q", faults)
	}
	if _, faults = decode[wide](t, p, "{"+body[len(`,"F69":0,"F68":1`)+1:]+"}"); faults != "/F68 required, /F69 required" {
		t.Errorf("got %q", faults)
	}
}

type wide struct {
	F00, F01, F02, F03, F04, F05, F06, F07, F08, F09 int
	F10, F11, F12, F13, F14, F15, F16, F17, F18, F19 int
	F20, F21, F22, F23, F24, F25, F26, F27, F28, F29 int
	F30, F31, F32, F33, F34, F35, F36, F37, F38, F39 int
	F40, F41, F42, F43, F44, F45, F46, F47, F48, F49 int
	F50, F51, F52, F53, F54, F55, F56, F57, F58, F59 int
	F60, F61, F62, F63, F64, F65, F66, F67, F68, F69 int
}
